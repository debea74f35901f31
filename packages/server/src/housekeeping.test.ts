import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestServer } from '../test/server.ts'
import { keepHouse, startHousekeeping } from './housekeeping.ts'
import { defaultLimits } from './limits.ts'

const server = await createTestServer()
const client = new pg.Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

async function count(table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int from ${table}`)
  return rows[0]?.count ?? 0
}

test('what has had its time is thrown away, and nothing else', async () => {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const { token } = await server.build.token(accountUser, {
    expiresAt: new Date(server.clock.now().getTime() + 300 * 86_400_000),
  })
  const publish = (idempotencyKey: string) =>
    server.withToken(token).mutate(
      'publishEvent',
      {
        accountId: account.id,
        type: 'TASK_ASSIGNED',
        recipients: [user.username],
        title: 'T',
        body: 'B',
        idempotencyKey,
      },
      'accepted',
    )
  await publish('old')
  await server.build.session(user)
  await server.anonymous.mutate('signIn', { login: 'nobody', password: 'wrong' }, 'status')
  expect(await count('sign_in_throttle')).toBeGreaterThan(0)

  server.clock.advanceSeconds(31 * 86_400)
  await publish('new')
  await server.build.session(user)
  await keepHouse(server.databaseUrl, server.clock, defaultLimits)

  expect(await count('sign_in_throttle')).toBe(0)
  expect(await count('session')).toBe(1)
  expect(await count('session_key')).toBe(1)
  expect(await count('event')).toBe(1)
  const { rows } = await client.query('select key from idempotency_key')
  expect(rows).toEqual([{ key: 'new' }])
})

test('the nightly job is scheduled once however many servers start', async () => {
  const errors: unknown[] = []
  await using first = await startHousekeeping(server.databaseUrl, server.clock, defaultLimits, (error) =>
    errors.push(error),
  )
  await using second = await startHousekeeping(server.databaseUrl, server.clock, defaultLimits, (error) =>
    errors.push(error),
  )
  expect([first, second]).toHaveLength(2)

  const { rows } = await client.query('select name, cron from pgboss.schedule')
  expect(rows).toEqual([{ name: 'housekeeping', cron: '17 3 * * *' }])
  expect(errors).toEqual([])
})
