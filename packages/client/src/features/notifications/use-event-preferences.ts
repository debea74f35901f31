import { useApolloClient, useMutation } from '@apollo/client/react'
import { useRef, useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  type Channel,
  type EventMatrix_AccountUserFragment,
  EventMatrix_AccountUserFragmentDoc,
  SetNotificationPreferencesDocument,
} from '../../graphql/generated.ts'
import type { Preference } from './event-matrix.ts'

/** A change that the server did not take: those boxes have moved back. */
export interface RefusedChange {
  channel: Channel
  eventTypes: readonly string[]
  sentence: string
  retry: () => void
}

interface WantedBox {
  on: boolean
  /** Which change wants it: an older one that comes to its end leaves it to the newer. */
  change: number
}

export interface EventPreferences {
  set: (channel: Channel, changed: readonly Preference[], on: boolean) => void
  isOn: (channel: Channel, preference: Preference) => boolean
  isSaving: boolean
  refused: readonly RefusedChange[]
}

/**
 * The boxes of the matrix. A box moves at once and is saved by itself; changes are sent one after the other, for two
 * requests under way might be carried out in either order. A refused change moves back alone.
 */
export function useEventPreferences(accountUserId: string, onSaved: () => void): EventPreferences {
  const { cache } = useApolloClient()
  const refusalOf = useRefusalOf()
  const [mutate] = useMutation(SetNotificationPreferencesDocument)
  const [wanted, setWanted] = useState<ReadonlyMap<string, WantedBox>>(new Map())
  const [refused, setRefused] = useState<readonly RefusedChange[]>([])
  const queue = useRef(Promise.resolve())
  const changes = useRef(0)

  /** As the server last told, whatever was on the screen when the box was moved. */
  function storedChannels(): Map<string, readonly Channel[]> {
    const stored = cache.readFragment<EventMatrix_AccountUserFragment>({
      fragment: EventMatrix_AccountUserFragmentDoc,
      from: { __typename: 'AccountUser', id: accountUserId },
    })
    return new Map(
      stored?.notificationPreferences.map(({ eventType, channels }) => [eventType.id, channels]),
    )
  }

  function set(channel: Channel, changed: readonly Preference[], on: boolean): void {
    changes.current += 1
    const change = changes.current
    const eventTypes = changed.map(({ eventType }) => eventType.id)
    const boxes = eventTypes.map((id) => [boxKey(channel, id), { on, change }] as const)

    const save = async () => {
      // An event is saved with all of its channels, so what was saved just before has to be among them.
      const stored = storedChannels()
      const preferences = changed.map(({ eventType, channels }) => ({
        eventType: eventType.id,
        channels: withChannel(stored.get(eventType.id) ?? channels, channel, on),
      }))
      const { error } = await mutate({ variables: { input: { accountUserId, preferences } } })
      setWanted((before) => new Map([...before].filter(([, box]) => box.change !== change)))
      const refusal = refusalOf(error)
      if (!refusal) return onSaved()
      const retry = () => set(channel, changed, on)
      setRefused((before) => [...before, { channel, eventTypes, sentence: refusal.sentence, retry }])
    }

    setRefused((before) =>
      before.filter(
        (refusal) =>
          refusal.channel !== channel || !refusal.eventTypes.some((id) => eventTypes.includes(id)),
      ),
    )
    setWanted((before) => new Map([...before, ...boxes]))
    queue.current = queue.current.then(save)
  }

  return {
    set,
    isOn: (channel, { eventType, channels }) =>
      wanted.get(boxKey(channel, eventType.id))?.on ?? channels.includes(channel),
    isSaving: wanted.size > 0,
    refused,
  }
}

function boxKey(channel: Channel, eventType: string): string {
  return `${channel} ${eventType}`
}

function withChannel(channels: readonly Channel[], channel: Channel, on: boolean): Channel[] {
  const others = channels.filter((other) => other !== channel)
  return on ? [...others, channel] : others
}
