import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { createTestServer, refusalOf, type Caller } from '../../test/server.ts'
import type { BuiltInRole } from '../accounts/built-in-roles.ts'

const server = await createTestServer()

const listOf = (caller: Caller, accountId: string, args = '', selection = 'nodes { id }') =>
  caller.query(`query ($id: ID!) { account(id: $id) { personalAccessTokens${args} { ${selection} } } }`, {
    id: accountId,
  })

const revoke = (caller: Caller, accountId: string, personalAccessTokenId: string) =>
  caller.mutate(
    'revokePersonalAccessToken',
    { accountId, personalAccessTokenId },
    'removedId account { personalAccessTokens { nodes { id } } }',
  )

/** An administrator, and a colleague with a token. */
async function colleagues() {
  const { user: administrator, account, accountUser: own } = await server.build.member({ roles: ['admin'] })
  const colleague = await server.build.user({ name: 'Robin Sample' })
  const { accountUser } = await server.build.member({ user: colleague, account })
  const { token, id } = await server.build.token(accountUser, { name: 'Wallboard', readOnly: true })
  return { administrator, browser: await server.as(administrator), account, own, colleague, token, id }
}

test('an administrator sees the tokens of everybody in the account, newest first, and of no other', async () => {
  const { browser, account, own, colleague, token, id } = await colleagues()
  const { accountUser: elsewhere } = await server.build.member({ user: colleague })
  await server.build.token(elsewhere)
  const { id: newest } = await server.build.token(own, { name: 'Own script' })
  await server.withToken(token).query('{ me { id } }')

  const selection = `totalCount nodes { id name lastFour createdAt expiresAt readOnly replacedAt
    lastUsedAt lastUsedAddress lastUsedDevice owner { id name username } }`
  const answer = await listOf(browser, account.id, '', selection)
  await expect
    .poll(async () => (await listOf(browser, account.id, '', selection)).data.account, { interval: 5 })
    .toMatchObject({
      personalAccessTokens: {
        totalCount: 2,
        nodes: [
          { id: newest, name: 'Own script' },
          {
            id,
            name: 'Wallboard',
            lastFour: token.slice(-4),
            readOnly: true,
            replacedAt: null,
            lastUsedAddress: '127.0.0.1',
            owner: { id: colleague.id, name: 'Robin Sample', username: colleague.username },
          },
        ],
      },
    })
  expect(answer.text).not.toContain(token)
})

test('the list is read page by page', async () => {
  const { browser, account, own } = await colleagues()
  for (let made = 1; made < 5; made++) await server.build.token(own)
  const page = 'nodes { id } pageInfo { hasNextPage endCursor } totalCount'
  const first = (await listOf(browser, account.id, '(first: 3)', page)).data.account.personalAccessTokens
  expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } })
  const { endCursor } = first.pageInfo
  const rest = (await listOf(browser, account.id, `(first: 3, after: "${endCursor}")`, page)).data.account
    .personalAccessTokens
  expect(rest.pageInfo.hasNextPage).toBe(false)
  const ids = [...first.nodes, ...rest.nodes].map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(5)
  expect(ids).toEqual(ids.toSorted().toReversed())
})

test.each<BuiltInRole>(['member', 'technician', 'dispatcher', 'broadcaster', 'billing'])(
  'a %s sees none of them, and ends none',
  async (role) => {
    const { account, token, id } = await colleagues()
    const { user } = await server.build.member({ account, roles: [role] })
    const browser = await server.as(user)
    expect(refusalOf(await listOf(browser, account.id))).toEqual({ code: 'FORBIDDEN' })
    expect(refusalOf(await revoke(browser, account.id, id))).toEqual({ code: 'FORBIDDEN' })
    expect((await server.withToken(token).query('{ me { id } }')).status).toBe(200)
  },
)

test('somebody who has left the account is told nothing of its tokens, though their history names it', async () => {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const browser = await server.as(user)
  const input = { accountUserId: accountUser.id, name: 'Bridge' }
  await browser.mutate('createPersonalAccessToken', input, 'token')
  await sql`delete from account_user where id = ${accountUser.id}`.execute(server.orm.em.fork().getKysely())
  const through = (selection: string) =>
    browser.query(`{ me { activity { nodes { account { name ${selection} } } } } }`)
  expect((await through('')).data.me.activity.nodes).toEqual([{ account: { name: account.name } }])
  expect(refusalOf(await through('personalAccessTokens { totalCount }'))).toEqual({ code: 'NOT_FOUND' })
})

test('the owner and a super admin who belongs to the account see them, a super admin of elsewhere does not', async () => {
  const owner = await server.build.user()
  const account = await server.build.account({ owner })
  await server.build.member({ user: owner, account })
  const inside = await server.build.user({ superAdmin: true })
  await server.build.member({ user: inside, account })
  for (const person of [owner, inside]) {
    const { data } = await listOf(await server.as(person), account.id, '', 'totalCount')
    expect(data.account.personalAccessTokens).toEqual({ totalCount: 0 })
  }
  const outside = await server.as(await server.build.user({ superAdmin: true }))
  expect(refusalOf(await listOf(outside, account.id))).toEqual({ code: 'NOT_FOUND', field: 'id' })
})

test('an administrator ends one token at once, with its sockets, and the others go on', async () => {
  const { browser, account, own, token, id } = await colleagues()
  const { id: spared } = await server.build.token(own)
  const socket = server.socketWithToken(token)
  const closed = new Promise((resolve) => socket.on('closed', resolve))
  await new BadgeFollower(socket).until(() => true)

  expect((await revoke(browser, account.id, id)).data.revokePersonalAccessToken).toEqual({
    removedId: id,
    account: { personalAccessTokens: { nodes: [{ id: spared }] } },
  })
  expect(await closed).toMatchObject({ code: 4401 })
  expect((await server.withToken(token).query('{ me { id } }')).status).toBe(401)
  expect(refusalOf(await revoke(browser, account.id, id))).toEqual({
    code: 'NOT_FOUND',
    field: 'personalAccessTokenId',
  })
})

test('both find it in their history, and the owner is told by mail who it was', async () => {
  const { administrator, browser, account, colleague, id } = await colleagues()
  await revoke(browser, account.id, id)
  const told = async (caller: Caller) => {
    const { data } = await caller.query(
      '{ me { activity { nodes { action subject actor { id } account { id } changes { field before after } } } } }',
    )
    return data.me.activity.nodes
  }
  const deed = { actor: { id: administrator.id }, account: { id: account.id } }
  expect(await told(await server.as(colleague))).toEqual([
    { ...deed, action: 'TOKEN_REVOKED', subject: 'Wallboard', changes: [] },
  ])
  expect(await told(browser)).toEqual([
    {
      ...deed,
      action: 'MEMBER_TOKEN_REVOKED',
      subject: 'Robin Sample',
      changes: [{ field: 'accessToken', before: 'Wallboard', after: null }],
    },
  ])
  const { rows } = await sql`select message, address, content from delivery
    where user_id = ${colleague.id}`.execute(server.orm.em.fork().getKysely())
  expect(rows).toEqual([
    {
      message: 'TOKEN_REVOKED',
      address: `${colleague.username}@example.com`,
      content: {
        tokenName: 'Wallboard',
        accountName: account.name,
        actorName: administrator.name,
        at: server.clock.now().toISOString(),
      },
    },
  ])
})

test('ten administrators who end one token at once end it once', async () => {
  const { browser, account, colleague, id } = await colleagues()
  const answers = await Promise.all(Array.from({ length: 10 }, () => revoke(browser, account.id, id)))
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual(
    Array.from({ length: 9 }, () => ({ code: 'NOT_FOUND', field: 'personalAccessTokenId' })),
  )
  const { rows } = await sql`select action from activity where user_id = ${colleague.id}`.execute(
    server.orm.em.fork().getKysely(),
  )
  expect(rows).toEqual([{ action: 'TOKEN_REVOKED' }])
})
