import { expect, test } from 'vitest'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { BuiltInRole } from './built-in-roles.ts'

const server = await createTestServer()

const listOf = (caller: Caller, accountId: string, args = '', selection = 'nodes { id }') =>
  caller.query(`query ($id: ID!) { account(id: $id) { accountUsers${args} { ${selection} } } }`, {
    id: accountId,
  })

/** An administrator, and a colleague who came later. */
async function colleagues() {
  const { user: administrator, account, accountUser: own } = await server.build.member({ roles: ['admin'] })
  const colleague = await server.build.user({ name: 'Robin Sample' })
  const { accountUser } = await server.build.member({ user: colleague, account, roles: ['dispatcher'] })
  return { administrator, browser: await server.as(administrator), account, own, colleague, accountUser }
}

test('an administrator sees everybody in the account, who came last first, and nobody of another', async () => {
  const { administrator, browser, account, own, colleague, accountUser } = await colleagues()
  await server.build.member()
  await server.build.member({ user: colleague })

  const selection = `totalCount nodes { id enabled twoFactorEnabled roles { name } user { id name username } }`
  const { data } = await listOf(browser, account.id, '', selection)
  expect(data.account.accountUsers).toEqual({
    totalCount: 2,
    nodes: [
      {
        id: accountUser.id,
        enabled: true,
        twoFactorEnabled: false,
        roles: [{ name: 'Dispatcher' }],
        user: { id: colleague.id, name: 'Robin Sample', username: colleague.username },
      },
      {
        id: own.id,
        enabled: true,
        twoFactorEnabled: false,
        roles: [{ name: 'Administrator' }],
        user: { id: administrator.id, name: administrator.name, username: administrator.username },
      },
    ],
  })
})

test('the list says who is disabled and who has a second factor, now and not when it was read', async () => {
  const { browser, account, colleague, accountUser } = await colleagues()
  const superAdmin = await server.as(await server.build.user({ superAdmin: true }))
  const standing = async () => {
    const { data } = await listOf(browser, account.id, '', 'nodes { id enabled twoFactorEnabled }')
    return data.account.accountUsers.nodes.find(({ id }: { id: string }) => id === accountUser.id)
  }
  await server.orm.em.fork().execute(
    `insert into totp_factor (user_id, secret, recovery_key, last_step, enabled_at)
      values (?, 'sealed', 'sealed', 0, now())`,
    [colleague.id],
  )
  await superAdmin.mutate('setUserEnabled', { userId: colleague.id, enabled: false }, '__typename')
  expect(await standing()).toEqual({ id: accountUser.id, enabled: false, twoFactorEnabled: true })
  await superAdmin.mutate('setUserEnabled', { userId: colleague.id, enabled: true }, '__typename')
  expect(await standing()).toMatchObject({ enabled: true })
})

test('the list is read page by page', async () => {
  const { browser, account } = await colleagues()
  for (let joined = 2; joined < 5; joined++) await server.build.member({ account })
  const page = 'nodes { id } pageInfo { hasNextPage endCursor } totalCount'
  const first = (await listOf(browser, account.id, '(first: 3)', page)).data.account.accountUsers
  expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } })
  const { endCursor } = first.pageInfo
  const rest = (await listOf(browser, account.id, `(first: 3, after: "${endCursor}")`, page)).data.account
    .accountUsers
  expect(rest.pageInfo.hasNextPage).toBe(false)
  const ids = [...first.nodes, ...rest.nodes].map(({ id }: { id: string }) => id)
  expect(new Set(ids).size).toBe(5)
  expect(ids).toEqual(ids.toSorted().toReversed())
})

test.each<BuiltInRole>(['member', 'technician', 'dispatcher', 'broadcaster', 'billing'])(
  'a %s reads no list of the members, and of colleagues found elsewhere nothing that is in it',
  async (role) => {
    const { account, colleague, accountUser } = await colleagues()
    const { user } = await server.build.member({ account, roles: [role] })
    const rule = await server.build.rule(account)
    await (
      await server.as(colleague)
    ).mutate(
      'setAccountUserNotificationRule',
      { accountUserId: accountUser.id, notificationRuleId: rule.id },
      '__typename',
    )
    const browser = await server.as(user)
    expect(refusalOf(await listOf(browser, account.id))).toEqual({ code: 'FORBIDDEN' })
    for (const field of ['enabled', 'twoFactorEnabled']) {
      const aside = await browser.query(
        `query ($id: ID!) { account(id: $id) { notificationRules { attachedTo { ${field} } } } }`,
        { id: account.id },
      )
      expect(refusalOf(aside)).toEqual({ code: 'FORBIDDEN' })
    }
  },
)

test('the administrator of another account is told nothing, not even that the account is there', async () => {
  const { account } = await colleagues()
  const { user } = await server.build.member({ roles: ['admin'] })
  expect(refusalOf(await listOf(await server.as(user), account.id))).toEqual({
    code: 'NOT_FOUND',
    field: 'id',
  })
})

test('the owner and a super admin who belongs to the account see them, a super admin of elsewhere does not', async () => {
  const owner = await server.build.user()
  const account = await server.build.account({ owner })
  await server.build.member({ user: owner, account })
  const inside = await server.build.user({ superAdmin: true })
  await server.build.member({ user: inside, account })
  for (const person of [owner, inside]) {
    const { data } = await listOf(await server.as(person), account.id, '', 'totalCount')
    expect(data.account.accountUsers).toEqual({ totalCount: 2 })
  }
  const outside = await server.as(await server.build.user({ superAdmin: true }))
  expect(refusalOf(await listOf(outside, account.id))).toEqual({ code: 'NOT_FOUND', field: 'id' })
})

test('every member knows whose account it is', async () => {
  const owner = await server.build.user({ name: 'Kim Owner' })
  const account = await server.build.account({ owner })
  const { user } = await server.build.member({ account })
  const { data } = await (
    await server.as(user)
  ).query('query ($id: ID!) { account(id: $id) { owner { id name } } }', { id: account.id })
  expect(data.account.owner).toEqual({ id: owner.id, name: 'Kim Owner' })
})
