import { isObjectType } from 'graphql'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import { createSchema } from '../../src/schema.ts'
import { newToken } from '../../src/tokens/token-format.ts'
import { dumpDatabase } from '../dump.ts'
import { newSubscription } from '../push-subscriptions.ts'
import { QueuedMessages } from '../queued-messages.ts'
import { Caller, createTestServer, refusalOf } from '../server.ts'
import { startServerProcess } from '../server-process.ts'

const server = await createTestServer({
  // Sends nothing by itself, as what changes meanwhile is compared.
  environment: {
    ROLE: 'api',
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'secret',
    SLACK_SIGNING_SECRET: 'secret',
  },
})
const schema = await createSchema()
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
const { token } = await server.build.token(accountUser)
const { token: readOnly } = await server.build.token(accountUser, { readOnly: true })
const { id: spareTokenId } = await server.build.token(accountUser)
const { id: revocableTokenId } = await server.build.token(accountUser)
const rule = await server.build.rule(account)
const device = await server.build.pushDevice(user)
const link = await server.build.slackLink(user)
const contacts = await contactsWaiting()
const connection = await server.build.ssoConnection(account)
const ofConnection = { accountId: account.id, ssoConnectionId: connection.id }
// Used just now, so that no use is written down while two dumps are compared.
await sql`update personal_access_token set last_used_at = ${server.clock.now()}`.execute(
  server.orm.em.fork().getKysely(),
)

const event = {
  accountId: account.id,
  type: 'TASK_ASSIGNED',
  recipients: [user.username],
  title: 'T',
  body: 'B',
}
await server.withToken(token).mutate('publishEvent', event, 'notified')
const { data: inbox } = await server.withToken(token).query('{ me { notifications { nodes { id } } } }')
const notificationId = String(inbox.me.notifications.nodes[0].id)

/** Inputs with which each mutation does something, in this very account, when who asks may; null = it takes none. */
const inputs: Record<string, Record<string, unknown> | null> = {
  updateProfile: { name: 'Changed' },
  updatePreferences: { rowsPerPage: 50 },
  setNotificationChannels: { channels: ['PUSH'] },
  registerPushDevice: newSubscription(),
  sendTestNotification: { channel: 'PUSH', addressId: device.id },
  addEmail: { address: 'added@example.com' },
  verifyEmail: { emailId: contacts.email, code: contacts.emailCode },
  resendEmailCode: { emailId: contacts.spareEmail },
  setPrimaryEmail: { emailId: contacts.email },
  removeEmail: { emailId: contacts.spareEmail },
  addPhone: { number: '+12125550144', channel: 'SMS' },
  verifyPhone: { phoneId: contacts.phone, code: contacts.phoneCode },
  resendPhoneCode: { phoneId: contacts.sparePhone, channel: 'SMS' },
  setPrimaryPhone: { phoneId: contacts.phone },
  removePhone: { phoneId: contacts.sparePhone },
  linkSlack: null,
  unlinkSlack: { slackLinkId: link.id },
  removePushDevice: { pushDeviceId: device.id },
  recordLastVisited: { accountId: account.id, path: '/settings/tokens' },
  createPersonalAccessToken: { accountUserId: accountUser.id, name: 'Child' },
  rotatePersonalAccessToken: { personalAccessTokenId: spareTokenId },
  setTokenPolicy: { accountId: account.id, longestTokenDays: 30 },
  setNotificationsRead: { ids: [notificationId], read: true },
  setAllNotificationsRead: { read: false },
  setNotificationPreferences: {
    accountUserId: accountUser.id,
    preferences: [{ eventType: 'TASK_ASSIGNED', channels: [] }],
  },
  setAccountUserNotificationRule: { accountUserId: accountUser.id, notificationRuleId: rule.id },
  publishEvent: event,
  updateSsoConnection: { ...ofConnection, name: 'Changed' },
  enableSsoConnection: ofConnection,
  disableSsoConnection: ofConnection,
  deleteSsoConnection: ofConnection,
  setSignInPolicy: { accountId: account.id, signInName: 'changed' },
  // These end tokens and sessions, so they come last.
  deletePersonalAccessToken: { personalAccessTokenId: spareTokenId },
  revokePersonalAccessToken: { accountId: account.id, personalAccessTokenId: revocableTokenId },
  revokeAccountTokens: { accountId: account.id },
  signOut: null,
}

const code = { code: '000000' }

/** What takes more than an input of whom it is for: a passkey, a provider, somebody else. A token gets not even so far. */
const morePersonal: Record<string, Record<string, unknown> | null> = {
  changePassword: { currentPassword: 'C', newPassword: 'N' },
  confirmStepUp: code,
  startTwoFactorSetup: null,
  confirmTwoFactorSetup: code,
  disableTwoFactor: { password: 'P', ...code },
  regenerateRecoveryCodes: null,
  resetTwoFactor: { userId: user.id },
  startPasskeyRegistration: null,
  addPasskey: { response: {} },
  renamePasskey: { passkeyId: device.id, name: 'N' },
  removePasskey: { passkeyId: device.id },
  createSsoConnection: { accountId: account.id, name: 'N', protocol: 'OIDC' },
  revokeSession: { sessionId: device.id },
  signOutOthers: null,
  lockEverything: null,
  finishRecovery: null,
  forgetRemovedEmail: { removedEmailId: device.id },
  removeAccountUser: { accountUserId: accountUser.id },
  setUserEnabled: { userId: user.id, enabled: false },
}

/** An email and a phone that wait for their codes, and one more of each. */
async function contactsWaiting() {
  const queued = new QueuedMessages()
  const browser = await server.as(user)
  const address = 'waiting@example.com'
  const number = '+12125550142'
  const email = await browser.mutate('addEmail', { address }, 'email { id }')
  const phone = await browser.mutate('addPhone', { number, channel: 'SMS' }, 'phone { id }')
  const spareEmail = await server.build.email(user, { address: 'spare@example.com' })
  const sparePhone = await server.build.phone(user, { number: '+12125550143', verifiedAt: null })
  return {
    email: String(email.data.addEmail.email.id),
    emailCode: queued.codeTo(address),
    phone: String(phone.data.addPhone.phone.id),
    phoneCode: queued.codeTo(number),
    spareEmail: spareEmail.id,
    sparePhone: sparePhone.id,
  }
}

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
const ruleOf = new Map(mutations.map(({ name, extensions }) => [name, extensions['access']]))
const tried = { ...inputs, ...morePersonal }
const byRule = (...rules: string[]) =>
  Object.keys(tried).filter((name) => rules.includes(String(ruleOf.get(name))))

function call(caller: Caller, name: string) {
  const input = tried[name]
  return input
    ? caller.mutate(name, input, '__typename')
    : caller.query(`mutation { ${name} { __typename } }`)
}

test('every mutation that is not for anyone is tried here', () => {
  const guarded = mutations.map(({ name }) => name).filter((name) => ruleOf.get(name) !== 'anyone')
  expect(Object.keys(tried).toSorted()).toEqual(guarded.toSorted())
  expect(isObjectType(schema.getMutationType())).toBe(true)
})

test.each(byRule('session', 'proven'))(
  '%s is for a person at a browser: a token changes nothing',
  async (name) => {
    for (const given of [token, readOnly]) {
      const before = await dumpDatabase(client)
      const answer = await call(server.withToken(given), name)
      expect(answer.status).toBe(403)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
      expect(refusalOf(answer)).toEqual({ code: 'FORBIDDEN' })
      expect(await dumpDatabase(client)).toBe(before)
    }
  },
)

test.each(byRule('session', 'proven', 'writer'))(
  '%s: a token that only reads writes nothing',
  async (name) => {
    const before = await dumpDatabase(client)
    expect(refusalOf(await call(server.withToken(readOnly), name))).toEqual({ code: 'FORBIDDEN' })
    expect(await dumpDatabase(client)).toBe(before)
  },
)

test('a refused mutation takes the others of its request down with it', async () => {
  const caller = server.withToken(token)
  const answer = await caller.query(
    `mutation ($token: CreatePersonalAccessTokenInput!) {
      createPersonalAccessToken(input: $token) { token }
      again: createPersonalAccessToken(input: $token) { token }
    }`,
    { token: inputs['createPersonalAccessToken'] },
  )
  expect(answer.status).toBe(403)
  expect(answer.text).not.toMatch(/lanyard_[0-9A-Za-z]{36}/)
})

test('a person who loses a role loses it for their tokens, from the next call on', async () => {
  const {
    user: admin,
    account: firm,
    accountUser: membership,
  } = await server.build.member({ roles: ['admin'] })
  const { token: its } = await server.build.token(membership)
  const publish = () =>
    server
      .withToken(its)
      .mutate('publishEvent', { ...event, accountId: firm.id, recipients: [admin.username] }, 'notified')
  expect((await publish()).data.publishEvent).toEqual({ notified: 1 })

  await sql`delete from account_user_role where user_id = ${admin.id}`.execute(
    server.orm.em.fork().getKysely(),
  )
  const refused = await publish()
  expect(refused.status).toBe(403)
  expect(refusalOf(refused)).toEqual({ code: 'FORBIDDEN' })
  expect((await server.withToken(its).query('{ me { id } }')).data.me).toEqual({ id: admin.id })
})

test('a thousand tokens with a wrong checksum are refused without a word to the database', async () => {
  const query = vi.spyOn(Client.prototype, 'query')
  const send = async (given: string) => (await server.withToken(given).query('{ me { id } }')).status
  const statuses = new Set<number>()
  for (let round = 0; round < 50; round++) {
    const wrong = Array.from({ length: 20 }, () =>
      newToken().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
    )
    for (const status of await Promise.all(wrong.map(send))) statuses.add(status)
  }
  expect([...statuses]).toEqual([401])
  // The queue of nightly work asks for itself, and the last use of other tokens is written a moment later.
  const asked = () =>
    query.mock.calls.filter(([statement]) => !/pgboss|touch_tokens/.test(JSON.stringify(statement)))
  expect(asked()).toEqual([])
  expect(await send(newToken())).toBe(401)
  expect(asked()).toHaveLength(1)
  query.mockRestore()
})

test('neither the database nor the log of the server holds the text of a token, in any writing', async () => {
  await using running = startServerProcess({ DATABASE_URL: server.databaseUrl })
  await running.until('Ctrl-C')
  const url = /http:\/\/\S+/.exec(running.output())?.[0] ?? ''
  const { user: owner, accountUser: membership } = await server.build.member()
  const { key } = await server.build.session(owner)
  const created = await server
    .withCookie(key)
    .mutate('createPersonalAccessToken', { accountUserId: membership.id, name: 'N' }, 'token')
  const secret = String(created.data.createPersonalAccessToken.token)

  const program = new Caller(url, { authorization: `Bearer ${secret}` })
  expect((await program.query('{ me { id } }')).data.me).toEqual({ id: owner.id })
  await program.query(`{ me { id(token: "${secret}") } }`)
  await program.send(`{"query": "${secret}`)
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
  await fetch(`${url}/graphql?access_token=${secret}`, { ...json, body: '{"query": "{ me { id } }"}' })
  await fetch(`${url}/${secret}`)
  const kept = await dumpDatabase(client)
  const reported = await fetch(`${url}/tokens/revoke`, { ...json, body: JSON.stringify({ token: secret }) })
  expect(reported.status).toBe(204)

  const body = secret.slice('lanyard_'.length)
  const everything = kept + (await dumpDatabase(client)) + running.output()
  expect(kept).toContain(secret.slice(-4))
  const writings = [secret, body].flatMap((text) => [
    text,
    ...(['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(text).toString(encoding)),
  ])
  expect(writings.filter((text) => everything.includes(text))).toEqual([])
}, 60_000)

// Last, as these change what the tries above compare: none of them was refused for its input.
test.each(byRule('writer'))('%s is not refused to a token that writes', async (name) => {
  expect((await call(server.withToken(token), name)).errors).toBeUndefined()
})

const bySession = byRule('session', 'proven').filter((name) => name in inputs)

test.each(bySession)('%s is not refused to a session', async (name) => {
  const { key } = await server.build.session(user)
  expect((await call(server.withCookie(key), name)).errors).toBeUndefined()
})
