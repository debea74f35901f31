import { CombinedGraphQLErrors } from '@apollo/client'
import type { Client, Sink, SubscribePayload } from 'graphql-ws'
import { expect, test } from 'vitest'
import { BadgeChangesDocument } from '../graphql/generated.ts'
import { createServerDouble } from '../test/server-double.ts'
import { createApolloClient } from './apollo-client.ts'
import { documentIdOf } from './document-id.ts'
import { createSocketLink } from './socket-link.ts'

/** A socket that keeps what was asked of it; `sink` is the page's end of the subscription. */
function createSocketDouble() {
  const asked: { payload: SubscribePayload; sink: Sink }[] = []
  const subscribe: Client['subscribe'] = (payload, sink) => {
    asked.push({ payload, sink })
    return () => {}
  }
  return { asked, socket: { subscribe } }
}

function subscribeToBadge() {
  const { asked, socket } = createSocketDouble()
  const client = createApolloClient({
    send: createServerDouble({}).send,
    socket: createSocketLink(socket),
    onSignedOut: () => {},
    onOutdated: () => {},
    prove: async () => false,
  })
  const results: { data?: unknown; error?: unknown }[] = []
  client
    .subscribe({ query: BadgeChangesDocument, errorPolicy: 'all' })
    .subscribe({ next: (result) => results.push(result) })
  const [subscription] = asked
  if (!subscription) throw new Error('Nothing was subscribed to.')
  return { ...subscription, results }
}

test('a subscription travels by hash, with an empty text', () => {
  const { payload } = subscribeToBadge()

  expect(payload).toEqual({
    query: '',
    variables: {},
    extensions: { documentId: documentIdOf('BadgeChanges') },
  })
})

test('what the server sends arrives, and so does its refusal', () => {
  const { sink, results } = subscribeToBadge()
  const badge = { __typename: 'NotificationBadge', unread: 1, alerts: 0, version: 1 }

  sink.next({ data: { notificationBadge: badge } })
  sink.error([{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }])

  expect(results[0]?.data).toEqual({ notificationBadge: badge })
  expect(CombinedGraphQLErrors.is(results[1]?.error)).toBe(true)
})
