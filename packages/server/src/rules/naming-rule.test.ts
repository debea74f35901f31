import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'

const server = await createTestServer()
const kysely = () => server.orm.em.fork().getKysely()

/** A member with an address and a number, and a rule of this text attached. */
async function memberWithRule(text: string, email?: string) {
  const phone = { number: '+12025550142', country: 'US' }
  const user = await server.build.user({ phone, ...(email === undefined ? {} : { email }) })
  const account = await server.build.account({ name: 'Acme Networks' })
  const { accountUser } = await server.build.member({ user, account })
  const rule = await server.build.rule(account, 'Night shift')
  await sql`update notification_rule set rules = ${text} where id = ${rule.id}`.execute(kysely())
  await sql`update account_user set notification_rule_id = ${rule.id} where id = ${accountUser.id}`.execute(
    kysely(),
  )
  return { user, accountUser, rule }
}

const query =
  '{ me { emails { namedInRules { id name accountName } } phones { namedInRules { id name accountName } } } }'

async function named(text: string, email: string): Promise<{ email: boolean; phone: boolean }> {
  const { user, rule } = await memberWithRule(text, email)
  const { data } = await (await server.as(user)).query(query)
  const whole = [{ id: rule.id, name: 'Night shift', accountName: 'Acme Networks' }]
  const isNamed = (rules: unknown[]) => {
    expect([[], whole]).toContainEqual(rules)
    return rules.length > 0
  }
  return {
    email: isNamed(data.me.emails[0].namedInRules),
    phone: isNamed(data.me.phones[0].namedInRules),
  }
}

test.each<[string, (email: string) => string, { email: boolean; phone: boolean }]>([
  ['names both', (email) => `email: ${email}\nsms: "+12025550142"`, { email: true, phone: true }],
  [
    'names it in other letters',
    (email) => `email: '${email.toUpperCase()}'`,
    { email: true, phone: false },
  ],
  [
    'ends a sentence with it',
    (email) => `# Not to ${email}.\nemail: primary`,
    { email: true, phone: false },
  ],
  ['spaces the number', () => 'sms: +1 (202) 555-0142', { email: false, phone: true }],
  ['names neither', () => 'channels: [push, email]', { email: false, phone: false }],
  ['names a longer address', (email) => `email: x${email}`, { email: false, phone: false }],
  ['names an address with a dot before', (email) => `email: x.${email}`, { email: false, phone: false }],
  ['names a longer domain', (email) => `email: ${email}.au`, { email: false, phone: false }],
  [
    'has another letter for the dot',
    (email) => `email: ${email.replace('.com', 'xcom')}`,
    { email: false, phone: false },
  ],
  ['names a longer number', () => 'sms: +120255501427', { email: false, phone: false }],
])('a rule that %s', async (_what, text, expected) => {
  const email = `o'sample+night${randomUUID().slice(0, 8)}@example.com`
  expect(await named(text(email), email)).toEqual(expected)
})

test('rules that are not attached, or attached to others, name nothing', async () => {
  const { user, accountUser } = await memberWithRule('sms: "+12025550142"')
  const browser = await server.as(user)
  const count = async () => (await browser.query(query)).data.me.phones[0].namedInRules.length
  expect(await count()).toBe(1)
  await browser.mutate(
    'setAccountUserNotificationRule',
    { accountUserId: accountUser.id, notificationRuleId: null },
    '__typename',
  )
  expect(await count()).toBe(0)
})

test('a token is told the rules of its own account only', async () => {
  const { user, accountUser } = await memberWithRule('sms: "+12025550142"')
  const elsewhere = await server.build.member({ user })
  const { token: own } = await server.build.token(accountUser)
  const { token: other } = await server.build.token(elsewhere.accountUser)
  const count = async (token: string) =>
    (await server.withToken(token).query(query)).data.me.phones[0].namedInRules.length
  expect([await count(own), await count(other)]).toEqual([1, 0])
})
