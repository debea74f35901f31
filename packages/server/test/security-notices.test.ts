import { expect, test } from 'vitest'

import { Browser } from './browser.ts'
import { QueuedMessages } from './queued-messages.ts'
import { createTestServer } from './server.ts'
import { SoftwareAuthenticator } from './software-authenticator.ts'
import { enrol, startSetup } from './two-factor.ts'
import { codeAt } from './authenticator-app.ts'
import type { User } from '../src/users/user.entity.ts'

const queued = new QueuedMessages()
const server = await createTestServer({ environment: { CATCHER: 'on' } })
const password = 'correct horse battery'
const newPassword = 'kq7-vMx2-pLz9wq'

const primaryEmailOf = ({ username }: User) => `${username}@example.com`

async function signedIn(): Promise<{ user: User; browser: Browser }> {
  const user = await server.build.user({ password })
  const browser = new Browser(server, (await server.build.session(user)).key)
  return { user, browser }
}

async function addPasskey(browser: Browser): Promise<string> {
  const started = await browser.query('mutation { startPasskeyRegistration { options } }')
  const response = new SoftwareAuthenticator().create(started.data.startPasskeyRegistration.options)
  const added = await browser.mutate('addPasskey', { response, name: 'Key' }, 'passkey { id }')
  return String(added.data.addPasskey.passkey.id)
}

async function aLinkFor(user: User): Promise<string> {
  await new Browser(server).mutate('requestPasswordReset', { email: primaryEmailOf(user) }, 'me { id }')
  await expect
    .poll(() => queued.recipientsOf('PASSWORD_RESET', user.id).length, { timeout: 10_000 })
    .toBe(1)
  return queued.tokenTo(primaryEmailOf(user))
}

/** Does something that whoever did not do it has to hear of. @returns whose mail it is */
type Trigger = () => Promise<User>

const triggers: Record<string, Trigger> = {
  async SIGNED_IN() {
    const { user } = await signedIn()
    await new Browser(server).signIn(user.username, password)
    return user
  },
  async PASSWORD_CHANGED() {
    const { user, browser } = await signedIn()
    await browser.mutate('changePassword', { currentPassword: password, newPassword }, 'me { id }')
    return user
  },
  async TWO_FACTOR_ENABLED() {
    const { user, browser } = await signedIn()
    const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
    await browser.mutate('confirmTwoFactorSetup', { code: codeAt(secret, server.clock.now()) }, 'me { id }')
    return user
  },
  async TWO_FACTOR_DISABLED() {
    const { user } = await signedIn()
    const { browser, code } = await enrol(server, user)
    await browser.mutate('disableTwoFactor', { password, code: code() }, 'me { id }')
    return user
  },
  async RECOVERY_CODES_REGENERATED() {
    const { user } = await signedIn()
    const { browser } = await enrol(server, user)
    await browser.query('mutation { regenerateRecoveryCodes { recoveryCodes } }')
    return user
  },
  async RECOVERY_CODE_USED() {
    const { user } = await signedIn()
    const { recoveryCodes } = await enrol(server, user)
    const browser = new Browser(server)
    await browser.signIn(user.username, password)
    await browser.submit({ code: recoveryCodes[0] ?? '' })
    return user
  },
  async PASSKEY_ADDED() {
    const { user, browser } = await signedIn()
    await addPasskey(browser)
    return user
  },
  async PASSKEY_REMOVED() {
    const { user, browser } = await signedIn()
    await browser.mutate('removePasskey', { passkeyId: await addPasskey(browser) }, 'removedId')
    return user
  },
  async TOKEN_CREATED() {
    const { user, browser } = await signedIn()
    const { accountUser } = await server.build.member({ user })
    await browser.mutate('createPersonalAccessToken', { accountUserId: accountUser.id, name: 'N' }, 'token')
    return user
  },
  async EMAIL_ADDED() {
    const { user, browser } = await signedIn()
    await browser.mutate('addEmail', { address: `more.${user.username}@example.com` }, 'me { id }')
    return user
  },
  async PHONE_ADDED() {
    const { user, browser } = await signedIn()
    await browser.mutate('addPhone', { number: '+12125550142', channel: 'SMS' }, 'me { id }')
    return user
  },
  async SSO_BYPASSED() {
    const { user } = await signedIn()
    const account = await server.build.account({ owner: user })
    await server.build.member({ user, account })
    const { id } = await server.build.ssoConnection(account)
    await server.orm.em
      .fork()
      .execute('update account set sso_connection_id = ? where id = ? returning id', [id, account.id])
    await new Browser(server).signIn(user.username, password)
    return user
  },
  async INTRUSION_REPORTED() {
    const { user, browser } = await signedIn()
    await browser.query('mutation { lockEverything { me { id } } }')
    return user
  },
}

test.each(Object.entries(triggers))(
  '%s is told by one mail to the primary email',
  async (kind, trigger) => {
    const user = await trigger()
    const told = queued.all.filter(({ userId, message }) => userId === user.id && message.kind === kind)
    expect(told.map(({ ways }) => ways[0])).toEqual([
      { channel: 'EMAIL', addressId: expect.any(String), address: primaryEmailOf(user) },
    ])
  },
)

test('after a new password by mail the second factor is asked for all the same, and nothing opens without it', async () => {
  const { user } = await signedIn()
  const { code } = await enrol(server, user)
  const browser = new Browser(server)
  const token = await aLinkFor(user)
  const reset = await browser.mutate('resetPassword', { token, newPassword }, 'me { id }')
  expect(reset.data.resetPassword).toEqual({ me: null })
  expect(browser.sessionKey).toBeUndefined()

  const half = await browser.signIn(user.username, newPassword)
  expect(half.data.signIn.status).toBe('SECOND_FACTOR_REQUIRED')
  expect((await browser.query('{ me { id } }')).data.me).toBeNull()
  expect((await browser.submit({ code: code() })).data.submitSecondFactor).toEqual({
    status: 'SIGNED_IN',
    ssoUrl: null,
    me: { id: user.id },
  })
})
