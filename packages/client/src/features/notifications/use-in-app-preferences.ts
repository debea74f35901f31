import { useMutation } from '@apollo/client/react'
import { useRef, useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import {
  type Channel,
  type EventMatrix_AccountUserFragment,
  SetNotificationPreferencesDocument,
} from '../../graphql/generated.ts'

type Preference = EventMatrix_AccountUserFragment['notificationPreferences'][number]

/** A change that the server did not take: those boxes have moved back. */
export interface RefusedChange {
  eventTypes: readonly string[]
  sentence: string
  retry: () => void
}

interface WantedBox {
  on: boolean
  /** Which change wants it: an older one that comes to its end leaves it to the newer. */
  change: number
}

/**
 * The In-app column. A box moves at once and is saved by itself; changes are sent one after the other,
 * for two requests under way might be carried out in either order. A refused change moves back alone.
 */
export function useInAppPreferences(accountUserId: string, onSaved: () => void) {
  const refusalOf = useRefusalOf()
  const [mutate] = useMutation(SetNotificationPreferencesDocument)
  const [wanted, setWanted] = useState<ReadonlyMap<string, WantedBox>>(new Map())
  const [refused, setRefused] = useState<readonly RefusedChange[]>([])
  const queue = useRef(Promise.resolve())
  const changes = useRef(0)

  function set(changed: readonly Preference[], on: boolean): void {
    changes.current += 1
    const change = changes.current
    const eventTypes = changed.map(({ eventType }) => eventType.id)
    const isOther = (refusal: RefusedChange) => !refusal.eventTypes.some((id) => eventTypes.includes(id))
    const input = {
      accountUserId,
      preferences: changed.map(({ eventType, channels }) => ({
        eventType: eventType.id,
        channels: withInApp(channels, on),
      })),
    }
    const save = async () => {
      const { error } = await mutate({ variables: { input } })
      setWanted((before) => new Map([...before].filter(([, box]) => box.change !== change)))
      const refusal = refusalOf(error)
      if (!refusal) return onSaved()
      setRefused((before) => [
        ...before,
        { eventTypes, sentence: refusal.sentence, retry: () => set(changed, on) },
      ])
    }

    setRefused((before) => before.filter(isOther))
    setWanted((before) => new Map([...before, ...eventTypes.map((id) => [id, { on, change }] as const)]))
    queue.current = queue.current.then(save)
  }

  return {
    set,
    isOn: ({ eventType, channels }: Preference) =>
      wanted.get(eventType.id)?.on ?? channels.includes('IN_APP'),
    isSaving: wanted.size > 0,
    refused,
  }
}

function withInApp(channels: readonly Channel[], on: boolean): Channel[] {
  const others = channels.filter((channel) => channel !== 'IN_APP')
  return on ? [...others, 'IN_APP'] : others
}
