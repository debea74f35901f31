import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'

import { verifyHistories } from '../../src/activity/verify-histories.ts'
import { startServerProcess } from '../server-process.ts'
import { Caller, createTestServer } from '../server.ts'

// Makes the rows; the process under test shares its database.
const builder = await createTestServer()
const client = new pg.Client({ connectionString: builder.databaseUrl })
await client.connect()
afterAll(() => client.end())

async function counts(): Promise<{ tokens: number; entries: number }> {
  const { rows } = await client.query<{ tokens: number; entries: number }>(
    `select (select count(*)::int from personal_access_token) as tokens,
      (select count(*)::int from activity where action = 'TOKEN_CREATED') as entries`,
  )
  return rows[0] ?? { tokens: 0, entries: 0 }
}

// Source: S-Q4.
test('a server that is killed amid 500 changes leaves as many entries as changes, and whole histories', async () => {
  await using server = startServerProcess({
    DATABASE_URL: builder.databaseUrl,
    PUBLIC_URL: 'http://localhost:4000',
  })
  await server.until('Ctrl-C')
  const url = /http:\/\/127\.\S+/.exec(server.output())?.[0] ?? builder.url
  const people = await Promise.all(
    Array.from({ length: 25 }, async () => {
      const { user, accountUser } = await builder.build.member()
      const { key } = await builder.build.session(user)
      return { accountUserId: accountUser.id, browser: new Caller(url, { cookie: `lanyard-4000=${key}` }) }
    }),
  )
  let done = 0
  const changes = people.map(async ({ accountUserId, browser }) => {
    for (let n = 0; n < 20; n++) {
      const input = { accountUserId, name: `Script ${n}` }
      const { errors } = await browser.mutate(
        'createPersonalAccessToken',
        input,
        'personalAccessToken { id }',
      )
      expect(errors).toBeUndefined()
      done++
    }
  })
  const ended = Promise.allSettled(changes)
  await vi.waitFor(() => expect(done).toBeGreaterThan(100), { timeout: 20_000, interval: 1 })
  server.child.kill('SIGKILL')
  await ended

  const { tokens, entries } = await counts()
  expect(tokens).toBeGreaterThanOrEqual(done)
  expect(tokens).toBeLessThan(500)
  expect(entries).toBe(tokens)
  expect((await verifyHistories(client)).broken).toEqual([])
}, 60_000)
