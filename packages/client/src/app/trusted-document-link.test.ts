import { CombinedGraphQLErrors } from '@apollo/client'
import { expect, test } from 'vitest'
import { documentHashes } from '../graphql/document-hashes.ts'
import { LandingDocument, UpdateProfileDocument } from '../graphql/generated.ts'
import trustedDocuments from '../graphql/trusted-documents.json' with { type: 'json' }
import { createServerDouble, refusal } from '../test/server-double.ts'
import { createApolloClient } from './apollo-client.ts'
import { documentIdOf } from './document-id.ts'

const { socket } = createServerDouble({})

function clientOf(send: typeof fetch) {
  const calls: string[] = []
  const client = createApolloClient({
    send,
    socket,
    onSignedOut: () => calls.push('signed out'),
    onOutdated: () => calls.push('outdated'),
    prove: async () => false,
  })
  return { client, calls }
}

const answering =
  (body: string, status = 200): typeof fetch =>
  async () =>
    new Response(body, { status })

test('an operation travels as the hash of a document the server knows, and nothing else', async () => {
  const sent: unknown[] = []
  const { client } = clientOf(async (url, init) => {
    sent.push([url, init?.method, init?.body])
    return Response.json({
      data: {
        updateProfile: { me: { __typename: 'User', id: 'u1', name: 'M', username: 'm', publicName: 'M' } },
      },
    })
  })

  await client.mutate({ mutation: UpdateProfileDocument, variables: { input: { name: 'M' } } })

  expect(sent).toEqual([
    [
      '/graphql',
      'POST',
      JSON.stringify({ documentId: documentIdOf('UpdateProfile'), variables: { input: { name: 'M' } } }),
    ],
  ])
})

test('every operation of the page has its document in the list for the server', () => {
  const known = Object.keys(trustedDocuments).map((hash) => `sha256:${hash}`)
  const sent = Object.keys(documentHashes).map(documentIdOf)
  expect(sent.toSorted()).toEqual(known.toSorted())
})

test('a refusal is a value, whatever the status of the answer', async () => {
  const body = JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] })
  const { client } = clientOf(answering(body, 403))

  const { error } = await client.query({ query: LandingDocument })

  expect(CombinedGraphQLErrors.is(error)).toBe(true)
})

test.each([
  ['an answer that is no result', answering('<h1>Bad gateway</h1>', 502)],
  ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
] satisfies [string, typeof fetch][])('%s is an error, not a refusal', async (_case, send) => {
  const { error } = await clientOf(send).client.query({ query: LandingDocument })

  expect(error).toBeInstanceOf(Error)
  expect(CombinedGraphQLErrors.is(error)).toBe(false)
})

test('a failure does not look like nobody being signed in', async () => {
  const server = createServerDouble({
    me: () => {
      throw refusal('INTERNAL')
    },
  })
  const { client } = clientOf(server.send)

  const { data, error } = await client.query({ query: LandingDocument })

  expect(CombinedGraphQLErrors.is(error)).toBe(true)
  expect(data).toBeUndefined()
  expect(client.cache.extract()).toEqual({})
})

test('the end of the session and an older build are told to the page', async () => {
  const server = createServerDouble({
    me: () => {
      throw refusal('UNAUTHENTICATED')
    },
  })
  const signedOut = clientOf(server.send)
  await signedOut.client.query({ query: LandingDocument })
  expect(signedOut.calls).toEqual(['signed out'])

  const body = JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'DOCUMENT_NOT_FOUND' } }] })
  const outdated = clientOf(answering(body, 400))
  await outdated.client.query({ query: LandingDocument })
  expect(outdated.calls).toEqual(['outdated'])
})
