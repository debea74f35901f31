import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { dumpDatabase } from '../../test/dump.ts'
import { createTestServer, refusalOf, type Caller, type TestServer } from '../../test/server.ts'
import type { BuiltInRole } from '../accounts/built-in-roles.ts'

const server = await createTestServer()
const beside = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const revoke = (caller: Caller, accountId: string) =>
  caller.mutate('revokeAccountTokens', { accountId }, 'revoked')

async function isAlive(token: string, on: TestServer = server): Promise<boolean> {
  return (await on.withToken(token).query('{ me { id } }')).status === 200
}

test('an administrator ends every token of the account, whoever holds it, and none of another account', async () => {
  const { user: administrator, account, accountUser: own } = await server.build.member({ roles: ['admin'] })
  const { user: colleague, accountUser: colleagues } = await server.build.member({ account })
  const { accountUser: elsewhere } = await server.build.member({ user: colleague })
  const made = [
    await server.build.token(own, { name: 'Own script' }),
    await server.build.token(colleagues, { name: 'Ticket bridge' }),
    await server.build.token(colleagues, { name: 'Wallboard', readOnly: true }),
  ]
  const { token: spared } = await server.build.token(elsewhere)
  const socket = beside.socketWithToken(made[1]?.token ?? '')
  const closed = new Promise((resolve) => socket.on('closed', resolve))
  await new BadgeFollower(socket).until(() => true)

  const browser = await server.as(administrator)
  const answer = await revoke(browser, account.id)
  expect(answer.data).toEqual({ revokeAccountTokens: { revoked: 3 } })
  expect(await closed).toMatchObject({ code: 4401 })
  for (const { token } of made) expect(await isAlive(token, beside)).toBe(false)
  expect(await isAlive(spared)).toBe(true)

  const history =
    '{ me { activity { nodes { action subject actor { id } account { id } changes { field before after } } } } }'
  const told = async (caller: Caller) => (await caller.query(history)).data.me.activity.nodes
  const entry = (...names: string[]) => ({
    action: 'ACCOUNT_TOKENS_REVOKED',
    subject: account.name,
    actor: { id: administrator.id },
    account: { id: account.id },
    changes: names.map((before) => ({ field: 'accessToken', before, after: null })),
  })
  expect(await told(browser)).toEqual([entry('Own script')])
  expect(await told(await server.as(colleague))).toEqual([entry('Ticket bridge', 'Wallboard')])
  expect((await revoke(browser, account.id)).data).toEqual({ revokeAccountTokens: { revoked: 0 } })
})

test('the owner of the account and a super admin who belongs to it may, too', async () => {
  const owner = await server.build.user()
  const account = await server.build.account({ owner })
  await server.build.member({ user: owner, account })
  const superAdmin = await server.build.user({ superAdmin: true })
  await server.build.member({ user: superAdmin, account })
  const { accountUser } = await server.build.member({ account })
  for (const person of [owner, superAdmin]) {
    await server.build.token(accountUser)
    const answer = await revoke(await server.as(person), account.id)
    expect(answer.data).toEqual({ revokeAccountTokens: { revoked: 1 } })
  }
})

test.each<BuiltInRole>(['member', 'technician', 'dispatcher', 'broadcaster', 'billing'])(
  'a %s may not, and nothing ends',
  async (role) => {
    const { user, account, accountUser } = await server.build.member({ roles: [role] })
    const { token } = await server.build.token(accountUser)
    expect(refusalOf(await revoke(await server.as(user), account.id))).toEqual({ code: 'FORBIDDEN' })
    expect(await isAlive(token)).toBe(true)
  },
)

test('an administrator of another account, even a super admin, is told that there is no such account', async () => {
  const { accountUser, account } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  const { user: administrator } = await server.build.member({ roles: ['admin'] })
  const superAdmin = await server.build.user({ superAdmin: true })
  for (const person of [administrator, superAdmin]) {
    const caller = await server.as(person)
    const before = await dumpDatabase(client)
    expect(refusalOf(await revoke(caller, account.id))).toEqual({ code: 'NOT_FOUND', field: 'accountId' })
    expect(await dumpDatabase(client)).toBe(before)
  }
  expect(await isAlive(token)).toBe(true)
})

test('a token may not, though its owner is an administrator', async () => {
  const { account, accountUser } = await server.build.member({ roles: ['admin'] })
  const { token } = await server.build.token(accountUser)
  const answer = await revoke(server.withToken(token), account.id)
  expect(answer.status).toBe(403)
  expect(refusalOf(answer)).toEqual({ code: 'FORBIDDEN' })
  expect(await isAlive(token)).toBe(true)
})

test('tokens that are being made meanwhile end as well, or come after', async () => {
  const { user: administrator, account } = await server.build.member({ roles: ['admin'] })
  const { user, accountUser } = await server.build.member({ account })
  const [admin, browser] = [await server.as(administrator), await server.as(user)]
  const create = () =>
    browser.mutate('createPersonalAccessToken', { accountUserId: accountUser.id, name: 'N' }, 'token')
  const revoking = revoke(admin, account.id)
  const created = await Promise.all(Array.from({ length: 12 }, create))
  const { revoked } = (await revoking).data.revokeAccountTokens
  const tokens = created.map(({ data }) => String(data.createPersonalAccessToken.token))
  const alive = await Promise.all(tokens.map((token) => isAlive(token)))
  expect(alive.filter(Boolean)).toHaveLength(12 - revoked)
})
