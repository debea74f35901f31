import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import { newToken } from './token-format.ts'

// A worker would ask the database once a second, and so perhaps while it is counted who does.
const server = await createTestServer({ environment: { ROLE: 'api' } })
const daySeconds = 86_400

const inDays = (days: number) => new Date(server.clock.now().getTime() + days * daySeconds * 1000)

async function memberWithBrowser() {
  const member = await server.build.member()
  const browser = await server.as(member.user)
  const create = (
    input: object = {},
    selection = 'token personalAccessToken { id name lastFour expiresAt readOnly lastUsedAt }',
  ) =>
    browser.mutate(
      'createPersonalAccessToken',
      { accountUserId: member.accountUser.id, name: 'Bridge', ...input },
      selection,
    )
  return { ...member, browser, create }
}

async function isAlive(token: string): Promise<boolean> {
  const { status } = await server.withToken(token).query('{ me { id } }')
  return status === 200
}

test('a new token is shown once, works at once, and is listed by its last four', async () => {
  const { user, browser, create } = await memberWithBrowser()
  const created = await create()
  const { token, personalAccessToken } = created.data.createPersonalAccessToken
  expect(personalAccessToken).toMatchObject({
    name: 'Bridge',
    lastFour: token.slice(-4),
    expiresAt: inDays(90).toISOString(),
    readOnly: false,
    lastUsedAt: null,
  })
  expect((await server.withToken(token).query('{ me { id } }')).data.me).toEqual({ id: user.id })

  const list = await browser.query(
    '{ me { accountUsers { personalAccessTokens { id name lastFour createdAt lastUsedAt expiresAt readOnly } } activity { nodes { action subject changes { field after } account { name } } } } }',
  )
  expect(list.data.me.accountUsers[0].personalAccessTokens).toMatchObject([{ id: personalAccessToken.id }])
  expect(list.text).not.toContain(token)
  expect(list.data.me.activity.nodes).toEqual([
    {
      action: 'TOKEN_CREATED',
      subject: 'Bridge',
      changes: [
        { field: 'expiresAt', after: inDays(90).toISOString() },
        { field: 'readOnly', after: 'false' },
      ],
      account: { name: 'Sample Account' },
    },
  ])
})

test('who owns a token is told by mail that there is one', async () => {
  const { user, create } = await memberWithBrowser()
  await create()
  const { rows } =
    await sql`select message, address, content from delivery where user_id = ${user.id}`.execute(
      server.orm.em.fork().getKysely(),
    )
  expect(rows).toMatchObject([
    {
      message: 'TOKEN_CREATED',
      address: `${user.username}@example.com`,
      content: { tokenName: 'Bridge', accountName: 'Sample Account', from: '127.0.0.1' },
    },
  ])
})

test.each([
  ['now', 0],
  ['in the past', -1],
  ['in more than a year', 366],
])('an expiry %s is refused', async (_when, days) => {
  const { create } = await memberWithBrowser()
  expect(refusalOf(await create({ expiresAt: inDays(days).toISOString() }, 'token'))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'expiresAt',
    reason: 'OUT_OF_RANGE',
  })
})

test('a token ends when it says, not before', async () => {
  const { create } = await memberWithBrowser()
  const year = await create({ expiresAt: inDays(365).toISOString() }, 'token')
  const day = await create({ expiresAt: inDays(1).toISOString() }, 'token')
  const { token: longest } = year.data.createPersonalAccessToken
  const { token: shortest } = day.data.createPersonalAccessToken
  server.clock.advanceSeconds(daySeconds - 1)
  expect(await isAlive(shortest)).toBe(true)
  server.clock.advanceSeconds(1)
  expect(await isAlive(shortest)).toBe(false)
  server.clock.advanceSeconds(364 * daySeconds - 1)
  expect(await isAlive(longest)).toBe(true)
  server.clock.advanceSeconds(1)
  expect(await isAlive(longest)).toBe(false)
})

test.each([
  ['empty', ' ', 'EMPTY'],
  ['longer than a hundred characters', 'n'.repeat(101), 'TOO_LONG'],
  ['of two lines', 'one\ntwo', 'FORMAT'],
  ['turned around', 'a\u202eb', 'FORMAT'],
])('a name that is %s is refused', async (_what, name, reason) => {
  const { browser, create } = await memberWithBrowser()
  expect(refusalOf(await create({ name }, 'token'))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'name',
    reason,
  })
  const { data } = await browser.query(
    '{ me { accountUsers { personalAccessTokens { id } } activity { totalCount } } }',
  )
  expect(data.me).toEqual({ accountUsers: [{ personalAccessTokens: [] }], activity: { totalCount: 0 } })
})

test('thirty requests at once make twenty tokens, and one goes when another comes', async () => {
  const { browser, create } = await memberWithBrowser()
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => create({}, 'personalAccessToken { id }')),
  )
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual(
    Array.from({ length: 10 }, () => ({ code: 'TOKEN_LIMIT_REACHED', field: 'name' })),
  )
  const { data } = await browser.query('{ me { accountUsers { personalAccessTokens { id } } } }')
  const [{ personalAccessTokens }] = data.me.accountUsers
  expect(personalAccessTokens).toHaveLength(20)

  await browser.mutate(
    'deletePersonalAccessToken',
    { personalAccessTokenId: personalAccessTokens[0].id },
    'removedId',
  )
  expect((await create({}, 'token')).errors).toBeUndefined()
  expect(refusalOf(await create({}, 'token'))).toMatchObject({ code: 'TOKEN_LIMIT_REACHED' })
})

test('a deleted token is dead at once, and cannot be deleted twice', async () => {
  const { accountUser, browser } = await memberWithBrowser()
  const { token, id } = await server.build.token(accountUser)
  expect(await isAlive(token)).toBe(true)
  const remove = () =>
    browser.mutate(
      'deletePersonalAccessToken',
      { personalAccessTokenId: id },
      'removedId accountUser { personalAccessTokens { id } }',
    )
  expect((await remove()).data.deletePersonalAccessToken).toEqual({
    removedId: id,
    accountUser: { personalAccessTokens: [] },
  })
  expect(await isAlive(token)).toBe(false)
  expect(refusalOf(await remove())).toEqual({ code: 'NOT_FOUND', field: 'personalAccessTokenId' })
})

test('a token is dead once its person has left the account', async () => {
  const { accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  expect(await isAlive(token)).toBe(true)
  await sql`delete from account_user where id = ${accountUser.id}`.execute(server.orm.em.fork().getKysely())
  expect(await isAlive(token)).toBe(false)
})

test('when a token was used is written once a minute at most', async () => {
  const { accountUser, browser } = await memberWithBrowser()
  const { token } = await server.build.token(accountUser)
  const lastUsedAt = async () => {
    const { data } = await browser.query('{ me { accountUsers { personalAccessTokens { lastUsedAt } } } }')
    return data.me.accountUsers[0].personalAccessTokens[0].lastUsedAt
  }
  expect(await lastUsedAt()).toBeNull()
  const first = server.clock.now().toISOString()
  await isAlive(token)
  await expect.poll(lastUsedAt, { interval: 5 }).toBe(first)
  server.clock.advanceSeconds(59)
  await isAlive(token)
  expect(await lastUsedAt()).toBe(first)
  server.clock.advanceSeconds(2)
  await isAlive(token)
  await expect.poll(lastUsedAt, { interval: 5 }).toBe(server.clock.now().toISOString())
})

test('the list tells from which address and with which program a token was last used', async () => {
  const { accountUser, browser } = await memberWithBrowser()
  await server.build.token(accountUser, { name: 'Never used' })
  const { token } = await server.build.token(accountUser, { name: 'Used' })
  await server
    .withToken(token)
    .send({ query: '{ me { id } }' }, { 'user-agent': 'lanyard-bridge/1.2 (test)' })
  const tokens = async () => {
    const { data } = await browser.query(
      '{ me { accountUsers { personalAccessTokens { name lastUsedAddress lastUsedDevice } } } }',
    )
    return data.me.accountUsers[0].personalAccessTokens
  }
  await expect.poll(tokens, { interval: 5 }).toEqual([
    { name: 'Used', lastUsedAddress: '127.0.0.1', lastUsedDevice: 'lanyard-bridge' },
    { name: 'Never used', lastUsedAddress: null, lastUsedDevice: null },
  ])
})

test('a token with a wrong checksum costs no statement, a forged one with a right checksum costs one', async () => {
  const run = vi.spyOn(StatementPool.prototype, 'run')
  const broken = Array.from({ length: 50 }, () =>
    newToken().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
  )
  for (const token of broken) expect(await isAlive(token)).toBe(false)
  expect(run).not.toHaveBeenCalled()
  expect(await isAlive(newToken())).toBe(false)
  expect(run).toHaveBeenCalledTimes(1)
  run.mockRestore()
})
