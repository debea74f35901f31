import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { Browser } from '../test/browser.ts'
import { createTestServer } from '../test/server.ts'
import { enrol, startSetup } from '../test/two-factor.ts'
import { keepHouse, startHousekeeping } from './housekeeping.ts'
import { newId } from './lib/ids.ts'
import { defaultLimits } from './limits.ts'

const server = await createTestServer()
const urls = { url: server.appUrl, ownerUrl: server.databaseUrl }
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
  await keepHouse(urls, server.clock, defaultLimits)

  expect(await count('sign_in_throttle')).toBe(0)
  expect(await count('session')).toBe(1)
  expect(await count('session_key')).toBe(1)
  expect(await count('event')).toBe(1)
  const { rows } = await client.query('select key from idempotency_key')
  expect(rows).toEqual([{ key: 'new' }])
})

test('what was sent goes after thirty days, with what was counted by it', async () => {
  const user = await server.build.user()
  const now = server.clock.now().getTime()
  const daysAgo = (days: number) => new Date(now - days * 86_400_000)
  for (const days of [31, 29]) {
    const at = daysAgo(days)
    await server.build.delivery(user, { createdAt: at })
    await client.query(
      `insert into code_sending (id, user_id, address_id, channel, address_key, prefix, source, sent_at)
        values (gen_random_uuid(), $1, $1, 'SMS', '+12125550142', '+1212', '192.0.2.1', $2)`,
      [user.id, at],
    )
    await client.query(`insert into carrier_event (carrier, key, at) values ('twilio', $1, $2)`, [days, at])
    await client.query(
      `insert into address_trouble (channel, address_key, key, at) values ('EMAIL', 'a@example.com', $1, $2)`,
      [days, at],
    )
  }
  await client.query(
    `insert into slack_link_request (hash, user_id, session_id, expires_at) values ('\\x01', $1, $1, $2), ('\\x02', $1, $1, $3)`,
    [user.id, daysAgo(1), daysAgo(-1)],
  )
  for (const [hash, expiresAt] of [
    ['\\x01', daysAgo(1)],
    ['\\x02', daysAgo(-1)],
  ]) {
    await client.query(
      `insert into sso_request (hash, stage, browser_hash, account_id, connection_id, connection_changed_at, purpose,
          unsolicited, details, created_at, expires_at)
        values ($1, 'BEGUN', $1, $2, $2, $3, 'SIGN_IN', false, $1, $3, $3)`,
      [hash, user.id, expiresAt],
    )
    await client.query('insert into saml_assertion (connection_id, id, expires_at) values ($1, $2, $3)', [
      user.id,
      hash,
      expiresAt,
    ])
  }
  await keepHouse(urls, server.clock, defaultLimits)
  for (const table of [
    'sso_request',
    'saml_assertion',
    'delivery',
    'code_sending',
    'carrier_event',
    'address_trouble',
    'slack_link_request',
  ]) {
    expect({ table, rows: await count(table) }).toEqual({ table, rows: 1 })
  }
})

test('more than goes at once goes as well', async () => {
  await client.query(
    `insert into carrier_event select 'postmark', number::text, $1 from generate_series(1, 20001) as number`,
    [new Date(server.clock.now().getTime() - 31 * 86_400_000)],
  )
  await keepHouse(urls, server.clock, defaultLimits)
  expect(await count("carrier_event where carrier = 'postmark'")).toBe(0)
})

test('caught messages are kept for a week, and the latest 5,000 of them', async () => {
  const insert = `insert into caught_message (id, user_id, delivery_id, channel, "to", text, message, at)
    select $1::uuid, gen_random_uuid(), gen_random_uuid(), 'SMS', $2, '', '{}', $3`
  const now = server.clock.now()
  const before = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  const weekSeconds = 7 * 86_400
  await client.query(insert, [newId(before(weekSeconds + 1)), 'too old', before(weekSeconds + 1)])
  await client.query(insert, [newId(before(weekSeconds - 1)), 'the oldest', before(weekSeconds - 1)])
  await client.query(
    `insert into caught_message (id, user_id, delivery_id, channel, "to", text, message, at)
      select id, gen_random_uuid(), gen_random_uuid(), 'SMS', 'many', '', '{}', $2 from unnest($1::uuid[]) id`,
    [Array.from({ length: 4999 }, () => newId(before(60))), before(60)],
  )
  await keepHouse(urls, server.clock, defaultLimits)
  expect(await count('caught_message')).toBe(5000)
  expect(await count(`caught_message where "to" = 'the oldest'`)).toBe(1)

  await client.query(insert, [newId(now), 'the latest', now])
  await keepHouse(urls, server.clock, defaultLimits)
  expect(await count('caught_message')).toBe(5000)
  expect(await count(`caught_message where "to" = 'the latest'`)).toBe(1)
  expect(await count(`caught_message where "to" = 'the oldest'`)).toBe(0)
})

test('codes that are over go once their wrong tries no longer count', async () => {
  const browser = await server.as(await server.build.user())
  const address = 'pat.proof@example.com'
  const added = await browser.mutate('addEmail', { address }, 'email { id }')
  const emailId = String(added.data.addEmail.email.id)
  await browser.mutate('verifyEmail', { emailId, code: '000000' }, '__typename')
  const left = async () => {
    await keepHouse(urls, server.clock, defaultLimits)
    return [await count('address_proof'), await count('proof_failure')]
  }
  server.clock.advanceSeconds(86_400)
  expect(await left()).toEqual([1, 1])
  server.clock.advanceSeconds(1)
  expect(await left()).toEqual([0, 0])
})

test('expired tokens are listed for thirty days, then they go', async () => {
  const { user, accountUser } = await server.build.member()
  const expiresAt = new Date(server.clock.now().getTime() + 86_400_000)
  await server.build.token(accountUser, { name: 'Old', expiresAt })
  await server.build.token(accountUser, { name: 'Fresh' })
  const left = async () => {
    await keepHouse(urls, server.clock, defaultLimits)
    const keys = `token_key where user_id = '${user.id}'`
    return [await count(`personal_access_token where user_id = '${user.id}'`), await count(keys)]
  }
  server.clock.advanceSeconds(31 * 86_400)
  expect(await left()).toEqual([2, 2])
  server.clock.advanceSeconds(1)
  expect(await left()).toEqual([1, 1])
})

test('each job is scheduled once however many servers start', async () => {
  const errors: unknown[] = []
  const start = () =>
    startHousekeeping({
      urls,
      clock: server.clock,
      limits: defaultLimits,
      warnOfExpiringTokens: () => Promise.resolve(),
      onError: (error) => errors.push(error),
    })
  await using first = await start()
  await using second = await start()
  expect([first, second]).toHaveLength(2)

  const { rows } = await client.query('select name, cron from pgboss.schedule order by name')
  expect(rows).toEqual([
    { name: 'housekeeping', cron: '17 3 * * *' },
    { name: 'token-warnings', cron: '23 * * * *' },
  ])
  expect(errors).toEqual([])
})

test('what somebody began to sign in or set up and did not finish goes, and what still waits stays', async () => {
  const password = 'correct horse battery'
  const [late, early] = [await server.build.user({ password }), await server.build.user({ password })]
  for (const user of [late, early]) {
    const { browser } = await enrol(server, user)
    await browser.query('mutation { startPasskeyRegistration { options } }')
    await new Browser(server).signIn(user.username, password)
    const other = new Browser(server, (await server.build.session(await server.build.user())).key)
    await startSetup(other)
    if (user === late) server.clock.advanceSeconds(600)
  }
  const waiting = async () => [
    await count('pending_sign_in'),
    await count('totp_setup'),
    await count('passkey_challenge'),
  ]
  await keepHouse(urls, server.clock, defaultLimits)
  expect(await waiting()).toEqual([1, 1, 1])
  server.clock.advanceSeconds(601)
  await keepHouse(urls, server.clock, defaultLimits)
  expect(await waiting()).toEqual([0, 0, 0])
})
