import { expect, test } from 'vitest'

import { Browser } from '../../test/browser.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { enrol } from '../../test/two-factor.ts'
import { SignInMethod } from './session.entity.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()
const password = 'correct horse battery'

/** A member of two accounts, in a browser that came through the identity provider of the first. */
async function vouchedFor(given?: User) {
  const user = given ?? (await server.build.user({ password }))
  const [here, there] = [await server.build.member({ user }), await server.build.member({ user })]
  const connection = await server.build.ssoConnection(here.account)
  const em = server.orm.em.fork()
  await em.execute('update account set sso_connection_id = ? where id = ?', [
    connection.id,
    here.account.id,
  ])
  const session = await server.build.session(user, { method: SignInMethod.SSO })
  await em.execute(
    `insert into session_account (user_id, session_id, account_id, connection_id, proven_at)
      values (?, ?, ?, ?, ?)`,
    [user.id, session.id, here.account.id, connection.id, server.clock.now()],
  )
  return { user, here, there, browser: new Browser(server, session.key) }
}

const reading = 'query ($id: ID!) { account(id: $id) { name } }'
const closings = '{ me { accountUsers { account { id } closed { reason ssoUrl } } stepUp { methods } } }'

async function closedBy(browser: Browser): Promise<Record<string, string | undefined>> {
  const { data } = await browser.query(closings)
  return Object.fromEntries(
    data.me.accountUsers.map(
      ({ account, closed }: { account: { id: string }; closed: { reason: string } | null }) => [
        account.id,
        closed?.reason,
      ],
    ),
  )
}

test('the identity provider of one account opens that account, and none of the person’s others', async () => {
  const { here, there, browser } = await vouchedFor()
  expect(await closedBy(browser)).toEqual({
    [here.account.id]: undefined,
    [there.account.id]: 'STEP_UP_REQUIRED',
  })
  expect((await browser.query(reading, { id: here.account.id })).errors).toBeUndefined()
  expect(refusalOf(await browser.query(reading, { id: there.account.id }))).toEqual({
    code: 'STEP_UP_REQUIRED',
    accountId: there.account.id,
  })
})

test('what a person has in all accounts does not change on the word of one account’s provider', async () => {
  const { user, browser } = await vouchedFor()
  const refused = { code: 'STEP_UP_REQUIRED' }
  const adding = await browser.mutate(
    'addEmail',
    { address: `x.${user.username}@example.com` },
    'me { id }',
  )
  expect(refusalOf(adding)).toEqual(refused)
  const linking = await browser.query('mutation { linkSlack { __typename } }')
  expect(refusalOf(linking)).toEqual(refused)
  const keys = { p256dh: 'A', auth: 'A' }
  const device = { endpoint: 'https://push.example.com/1', ...keys }
  const registering = await browser.mutate('registerPushDevice', device, 'pushDevice { id }')
  expect(refusalOf(registering)).toEqual(refused)
})

test('something of one’s own opens the rest, in the same session', async () => {
  const { user, here, there, browser } = await vouchedFor()
  expect((await browser.query(closings)).data.me.stepUp.methods).toEqual(['PASSWORD'])
  const proven = await browser.mutate('confirmStepUp', { password }, 'validUntil')
  expect(proven.errors).toBeUndefined()
  expect(await closedBy(browser)).toEqual({ [here.account.id]: undefined, [there.account.id]: undefined })
  const adding = await browser.mutate(
    'addEmail',
    { address: `x.${user.username}@example.com` },
    'me { id }',
  )
  expect(adding.errors).toBeUndefined()
})

test('with two-factor authentication the code is what is one’s own', async () => {
  const user = await server.build.user({ password })
  const { code } = await enrol(server, user)
  const { there, browser } = await vouchedFor(user)
  expect((await browser.query(closings)).data.me.stepUp.methods).toEqual(['TOTP', 'RECOVERY_CODE'])
  expect((await browser.mutate('confirmStepUp', { code: code() }, 'validUntil')).errors).toBeUndefined()
  expect((await closedBy(browser))[there.account.id]).toBeUndefined()
})

test('who belongs to that account alone has all that is theirs', async () => {
  const { user, there, browser } = await vouchedFor(await server.build.user())
  await leave(user, there.accountUser.id)
  const { data } = await browser.query(closings)
  expect(data.me.stepUp.methods).toEqual(['SSO'])
  const adding = await browser.mutate(
    'addEmail',
    { address: `x.${user.username}@example.com` },
    'me { id }',
  )
  expect(adding.errors).toBeUndefined()
})

async function leave(user: User, accountUserId: string): Promise<void> {
  const own = new Browser(server, (await server.build.session(user)).key)
  const left = await own.mutate('removeAccountUser', { accountUserId }, 'removedId')
  expect(left.errors).toBeUndefined()
}
