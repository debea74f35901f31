import { type AuditResult, serverAudits } from 'graphql-http'
import { afterAll, expect, test } from 'vitest'
import { createTestServer } from '../server.ts'

const server = await createTestServer()
const { user } = await server.build.member()
const { key } = await server.build.session(user)

/** Asks as our own page does: signed in, as some audits read the schema. */
function fetchSignedIn(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('cookie', `lanyard-4000=${key}`)
  headers.set('origin', 'http://localhost:4000')
  headers.set('sec-fetch-site', 'same-origin')
  return fetch(url, { ...init, headers })
}

const audits = serverAudits({ url: `${server.url}/graphql`, fetchFn: fetchSignedIn })

/**
 * What a server SHOULD do and this one does not: answer 200 to who accepts only `application/json` when the document is
 * refused. A refusal has status 400 here whatever is accepted, so that proxies and programs see it as one.
 */
const departures = new Set(['572B', 'FDE2', '7B9B'])

const counts: Record<AuditResult['status'], number> = { ok: 0, notice: 0, warn: 0, error: 0 }

test.each(audits)('GraphQL over HTTP, $id: $name', async ({ id, fn }) => {
  const result = await fn()
  counts[result.status]++
  const expected = departures.has(id) ? /^warn$/ : /^(?:ok|notice)$/
  expect(result).toMatchObject({ status: expect.stringMatching(expected) })
})

test('all audits of GraphQL over HTTP are there', () => {
  expect(audits.length).toBeGreaterThanOrEqual(61)
})

afterAll(() => {
  const { ok, notice, warn, error } = counts
  process.stdout.write(
    `GraphQL over HTTP: ${ok} ok, ${notice} notices (MAY), ${warn} warnings (SHOULD), ${error} errors (MUST)\n`,
  )
})
