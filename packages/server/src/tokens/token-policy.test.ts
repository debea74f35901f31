import { expect, test } from 'vitest'
import { createTestServer, refusalOf, type Caller } from '../../test/server.ts'
import type { BuiltInRole } from '../accounts/built-in-roles.ts'

const server = await createTestServer()

const inDays = (days: number) => new Date(server.clock.now().getTime() + days * 86_400_000).toISOString()

const setPolicy = (caller: Caller, accountId: string, longestTokenDays: number) =>
  caller.mutate('setTokenPolicy', { accountId, longestTokenDays }, 'account { id longestTokenDays }')

async function administrator() {
  const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
  const browser = await server.as(user)
  const create = (expiresAt?: string) =>
    browser.mutate(
      'createPersonalAccessToken',
      { accountUserId: accountUser.id, name: 'Bridge', ...(expiresAt && { expiresAt }) },
      'personalAccessToken { expiresAt }',
    )
  return { user, account, accountUser, browser, create }
}

const tooLong = { code: 'BAD_USER_INPUT', field: 'expiresAt', reason: 'OUT_OF_RANGE' }

test('an account that says nothing lets tokens live for a year', async () => {
  const { browser } = await administrator()
  const { data } = await browser.query(
    '{ me { accountUsers { longestTokenDays account { longestTokenDays } } } }',
  )
  expect(data.me.accountUsers).toEqual([{ longestTokenDays: 365, account: { longestTokenDays: 365 } }])
})

test('new tokens live as long as their account allows, and what is there already keeps its time', async () => {
  const { account, accountUser, browser, create } = await administrator()
  await create(inDays(365))
  expect((await setPolicy(browser, account.id, 30)).data.setTokenPolicy).toEqual({
    account: { id: account.id, longestTokenDays: 30 },
  })

  expect((await create()).data.createPersonalAccessToken).toEqual({
    personalAccessToken: { expiresAt: inDays(30) },
  })
  expect((await create(inDays(30))).errors).toBeUndefined()
  expect(refusalOf(await create(inDays(31)))).toEqual(tooLong)
  const { data } = await browser.query(
    '{ me { accountUsers { id longestTokenDays personalAccessTokens { expiresAt } } } }',
  )
  expect(data.me.accountUsers).toEqual([
    {
      id: accountUser.id,
      longestTokenDays: 30,
      personalAccessTokens: [30, 30, 365].map((days) => ({ expiresAt: inDays(days) })),
    },
  ])

  await setPolicy(browser, account.id, 365)
  expect((await create(inDays(365))).errors).toBeUndefined()
})

test('a policy of more than ninety days leaves the usual ninety', async () => {
  const { account, browser, create } = await administrator()
  await setPolicy(browser, account.id, 180)
  expect((await create()).data.createPersonalAccessToken.personalAccessToken.expiresAt).toBe(inDays(90))
  expect(refusalOf(await create(inDays(181)))).toEqual(tooLong)
})

test('the policy of one account says nothing of another', async () => {
  const { user, account, browser } = await administrator()
  await server.build.member({ user })
  await setPolicy(browser, account.id, 7)
  const { data } = await browser.query('{ me { accountUsers { longestTokenDays } } }')
  const days = data.me.accountUsers.map(
    ({ longestTokenDays }: { longestTokenDays: number }) => longestTokenDays,
  )
  expect(new Set(days)).toEqual(new Set([7, 365]))
})

test.each([0, -1, 366])('%i days are refused', async (days) => {
  const { account, browser } = await administrator()
  expect(refusalOf(await setPolicy(browser, account.id, days))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'longestTokenDays',
    reason: 'OUT_OF_RANGE',
  })
})

test.each<BuiltInRole>(['member', 'technician', 'dispatcher', 'broadcaster', 'billing'])(
  'a %s may not set it',
  async (role) => {
    const { user, account } = await server.build.member({ roles: [role] })
    const browser = await server.as(user)
    expect(refusalOf(await setPolicy(browser, account.id, 30))).toEqual({ code: 'FORBIDDEN' })
    expect((await browser.query('{ me { accountUsers { longestTokenDays } } }')).data.me).toEqual({
      accountUsers: [{ longestTokenDays: 365 }],
    })
  },
)

test('the history of who changed it says from what to what, and nothing when nothing changed', async () => {
  const { account, browser } = await administrator()
  for (const days of [30, 30, 365]) await setPolicy(browser, account.id, days)
  const { data } = await browser.query(
    '{ me { activity { nodes { action subject account { id } changes { field before after } } } } }',
  )
  const entry = (before: string, after: string) => ({
    action: 'TOKEN_POLICY_SET',
    subject: account.name,
    account: { id: account.id },
    changes: [{ field: 'longestTokenDays', before, after }],
  })
  expect(data.me.activity.nodes).toEqual([entry('30', '365'), entry('365', '30')])
})
