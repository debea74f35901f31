import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()

async function memberWithBrowser() {
  const member = await server.build.member()
  const browser = await server.as(member.user)
  const attach = (notificationRuleId: string | null) =>
    browser.mutate(
      'setAccountUserNotificationRule',
      { accountUserId: member.accountUser.id, notificationRuleId },
      'accountUser { notificationRule { name } }',
    )
  return { ...member, browser, attach }
}

test('a rule of the account is attached, changed and detached, and the history tells by name', async () => {
  const { user, account, browser, attach } = await memberWithBrowser()
  const night = await server.build.rule(account, 'Night shift')
  const day = await server.build.rule(account, 'Day shift')
  const { setAccountUserNotificationRule } = (await attach(night.id)).data
  expect(setAccountUserNotificationRule.accountUser).toEqual({ notificationRule: { name: 'Night shift' } })
  await attach(day.id)
  await attach(day.id)
  expect((await attach(null)).data.setAccountUserNotificationRule.accountUser).toEqual({
    notificationRule: null,
  })

  const { data } = await browser.query(
    '{ me { activity { nodes { action subject account { id } changes { field before after } } } } }',
  )
  const entry = (before: string | null, after: string | null) => ({
    action: 'NOTIFICATION_RULE_SET',
    subject: account.name,
    account: { id: account.id },
    changes: [{ field: 'notificationRule', before, after }],
  })
  expect(data.me.activity.nodes).toEqual([
    entry('Day shift', null),
    entry('Night shift', 'Day shift'),
    entry(null, 'Night shift'),
  ])
  await attach(night.id)
  const ofAccount = await browser.query(
    'query ($id: ID!) { account(id: $id) { notificationRules { name enabled attachedTo { user { id } } } } }',
    { id: account.id },
  )
  expect(ofAccount.data.account.notificationRules).toEqual([
    { name: 'Day shift', enabled: true, attachedTo: [] },
    { name: 'Night shift', enabled: true, attachedTo: [{ user: { id: user.id } }] },
  ])
})

test('a rule of another account of the same person is not to be had here', async () => {
  const { user, account, attach } = await memberWithBrowser()
  const own = await server.build.rule(account)
  await attach(own.id)
  const elsewhere = await server.build.member({ user })
  const foreign = await server.build.rule(elsewhere.account)
  expect(refusalOf(await attach(foreign.id))).toEqual({ code: 'NOT_FOUND', field: 'notificationRuleId' })
  expect((await attach(own.id)).data.setAccountUserNotificationRule.accountUser).toEqual({
    notificationRule: { name: 'Night shift' },
  })
})

test('an id that is none is refused, and detaches nothing', async () => {
  const { account, browser, attach } = await memberWithBrowser()
  await attach((await server.build.rule(account)).id)
  for (const wrong of ['', 'night']) {
    expect(refusalOf(await attach(wrong))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'notificationRuleId',
      reason: 'FORMAT',
    })
  }
  const { data } = await browser.query('{ me { accountUsers { notificationRule { name } } } }')
  expect(data.me.accountUsers).toEqual([{ notificationRule: { name: 'Night shift' } }])
})

test('tabs that choose at once follow each other in the history', async () => {
  const { account, browser, attach } = await memberWithBrowser()
  const names = ['One', 'Two', 'Three', 'Four']
  const rules = await Promise.all(names.map((name) => server.build.rule(account, name)))
  const answers = await Promise.all(rules.map(({ id }) => attach(id)))
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
  const { data } = await browser.query('{ me { activity { nodes { changes { before after } } } } }')
  const changes = data.me.activity.nodes.map((entry: { changes: object[] }) => entry.changes[0])
  const befores = changes.map(({ before }: { before: string | null }) => before)
  const afters = changes.map(({ after }: { after: string | null }) => after)
  expect(befores).toEqual([...afters.slice(1), null])
})
