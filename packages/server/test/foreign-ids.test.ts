import { randomUUID } from 'node:crypto'
import { getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { Client as SocketClient } from 'graphql-ws'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import type { Account } from '../src/accounts/account.entity.ts'
import { createSchema } from '../src/schema.ts'
import type { User } from '../src/users/user.entity.ts'
import { dumpDatabase } from './dump.ts'
import { QueuedMessages } from './queued-messages.ts'
import { type Answer, type Caller, createTestServer } from './server.ts'
import { OidcProviderStandIn } from './stand-ins/oidc-provider.ts'

const queued = new QueuedMessages()
const provider = await OidcProviderStandIn.listen()
// Sends nothing by itself, as what changes meanwhile is compared.
const server = await createTestServer({
  environment: { ROLE: 'api', ALLOWED_OUTBOUND_HOSTS: provider.host },
})
const schema = await createSchema()
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(async () => {
  await client.end()
  await provider[Symbol.asyncDispose]()
})

/** The right code of every email and phone that waits for one, by its id. */
const codes = new Map<string, string>()
// Reserved, and of several areas, as one of them gets ten codes an hour.
const areas = ['202', '212', '303', '404']

/** An email and a phone of each kind: one that waits for its code, and one more. */
async function contactsOf(user: User) {
  const area = areas.shift()
  const browser = await server.as(user)
  const address = `waiting.${area}@example.com`
  const number = `+1${area}5550142`
  const email = (await browser.mutate('addEmail', { address }, 'email { id }')).data.addEmail.email.id
  const phone = (await browser.mutate('addPhone', { number, channel: 'SMS' }, 'phone { id }')).data.addPhone
    .phone.id
  codes.set(email, queued.codeTo(address)).set(phone, queued.codeTo(number))
  const spareEmail = await server.build.email(user, { address: `spare.${area}@example.com` })
  const sparePhone = await server.build.phone(user, { number: `+1${area}5550143`, verifiedAt: null })
  return {
    email: String(email),
    phone: String(phone),
    spareEmail: spareEmail.id,
    sparePhone: sparePhone.id,
  }
}

/** Everything that one person has in one account. */
async function everythingOf(user: User, account: Account) {
  const { accountUser } = await server.build.member({ user, account, roles: ['admin'] })
  const rule = await server.build.rule(account)
  // Used just now, so that nothing is written about it while others' data is looked at.
  const { token } = await server.build.token(accountUser, { lastUsedAt: server.clock.now() })
  const { id: spareTokenId } = await server.build.token(accountUser)
  const { id: revocableTokenId } = await server.build.token(accountUser)
  const { id: otherRevocableTokenId } = await server.build.token(accountUser)
  const device = await server.build.pushDevice(user)
  const passkey = await server.build.passkey(user)
  const link = await server.build.slackLink(user, { teamId: `T${account.id.slice(-12).toUpperCase()}` })
  const addressId = randomUUID()
  const { id: sessionId } = await server.build.session(user)
  const delivery = await server.build.delivery(user, { accountId: account.id, addressId })
  const event = {
    accountId: account.id,
    type: 'TASK_ASSIGNED',
    recipients: [user.username],
    title: 'Theirs',
    body: '-',
  }
  await server.withToken(token).mutate('publishEvent', event, 'notified')
  const { data } = await server.withToken(token).query('{ me { notifications { nodes { id } } } }')
  return {
    token,
    ids: {
      account: account.id,
      accountUser: accountUser.id,
      rule: rule.id,
      token: spareTokenId,
      revocableToken: revocableTokenId,
      otherRevocableToken: otherRevocableTokenId,
      device: device.id,
      slackLink: link.id,
      passkey: passkey.id,
      delivery: delivery.id,
      deliveryAddress: addressId,
      session: sessionId,
      ssoConnection: (await server.build.ssoConnection(account)).id,
      removedEmail: (await server.build.removedEmail(user, { address: `${randomUUID()}@example.com` })).id,
      spareSsoConnection: (await server.build.ssoConnection(account)).id,
      notification: String(data.me.notifications.nodes[0].id),
      ...(await contactsOf(user)),
    },
  }
}

type Ids = Awaited<ReturnType<typeof everythingOf>>['ids']

const [here, elsewhere] = [await server.build.account(), await server.build.account()]
// Their own emails are old enough to take the place of one that is forgotten.
const createdAt = new Date(server.clock.now().getTime() - 40 * 86_400_000)
const [me, colleague, stranger] = [
  await server.build.user({ createdAt }),
  await server.build.user({ createdAt }),
  await server.build.user({ createdAt }),
]
const mine = await everythingOf(me, here)
const mineElsewhere = await everythingOf(me, elsewhere)
const ofColleague = await everythingOf(colleague, here)
const ofStranger = await everythingOf(stranger, await server.build.account())

/** What an administrator shares with colleagues: the account, what belongs to it, and the right to end its tokens. */
function ofAccount({
  account,
  rule,
  ssoConnection,
  spareSsoConnection,
  otherRevocableToken,
}: Ids): Partial<Ids> {
  return { account, rule, ssoConnection, spareSsoConnection, otherRevocableToken }
}

/** Who asks, and what they must not reach. The token first, as the session ends it in the last of its own tries. */
const actors: { who: string; caller: Caller; socket: SocketClient; own: Ids; foreign: Ids[] }[] = [
  {
    who: 'a token',
    caller: server.withToken(mine.token),
    socket: server.socketWithToken(mine.token),
    own: mine.ids,
    foreign: [{ ...ofColleague.ids, ...ofAccount(ofStranger.ids) }, ofStranger.ids, mineElsewhere.ids],
  },
  {
    who: 'a session',
    caller: await server.as(me),
    socket: await server.socketAs(me),
    own: mine.ids,
    // An account is the colleague's as well, and so are its rules and its connections.
    foreign: [{ ...ofColleague.ids, ...ofAccount(ofStranger.ids) }, ofStranger.ids],
  },
]

interface Position {
  kind: keyof Ids
  /** The operation with the id in this place and one's own in every other. */
  operation(id: string, own: Ids): { query: string; variables: Record<string, unknown> }
  /** Absent where a token may not come at all. */
  forTokens?: false
  /** An administrator does it to colleagues as well. */
  ofColleagues?: true
  /** A subscription: its first answer counts. */
  overSocket?: true
}

type Asked = Pick<Answer, 'data' | 'errors' | 'status' | 'text'>

async function ask(
  {
    caller,
    socket,
    operation,
    own,
    overSocket,
  }: Pick<(typeof actors)[number], 'caller' | 'socket' | 'own'> & Position,
  id: string,
): Promise<Asked> {
  if (!overSocket) return caller.send(operation(id, own))
  const answers = socket.iterate(operation(id, own))
  const { value } = await answers.next()
  await answers.return?.()
  return { ...value, status: 200, text: JSON.stringify(value) }
}

function mutation(
  name: string,
  input: (id: string, own: Ids) => Record<string, unknown>,
  selection = '__typename',
) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return (id: string, own: Ids) => ({
    query: `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    variables: { input: input(id, own) },
  })
}

const newEvent = { type: 'TASK_ASSIGNED', recipients: [me.username], title: 'T', body: 'B' }

const newConnection = {
  name: 'N',
  protocol: 'OIDC',
  issuer: provider.issuer,
  clientId: provider.clientId,
  clientSecret: provider.clientSecret,
}

/** A connection is named together with its account. */
function connectionPositions(
  name: string,
  kind: 'ssoConnection' | 'spareSsoConnection',
  change: Record<string, unknown> = {},
): Record<string, Position> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return {
    [`${type}.accountId`]: {
      kind: 'account',
      forTokens: false,
      operation: mutation(name, (accountId, own) => ({
        accountId,
        ssoConnectionId: own.ssoConnection,
        ...change,
      })),
    },
    [`${type}.ssoConnectionId`]: {
      kind,
      forTokens: false,
      operation: mutation(name, (ssoConnectionId, own) => ({
        accountId: own.account,
        ssoConnectionId,
        ...change,
      })),
    },
  }
}

/** Every place of the schema where a client names an object by its id. */
const positions: Record<string, Position> = {
  'Query.account.id': {
    kind: 'account',
    operation: (id) => ({ query: 'query ($id: ID!) { account(id: $id) { name } }', variables: { id } }),
  },
  'User.notification.id': {
    kind: 'notification',
    operation: (id) => ({
      query: 'query ($id: ID!) { me { notification(id: $id) { title } } }',
      variables: { id },
    }),
  },
  'User.delivery.id': {
    kind: 'delivery',
    operation: (id) => ({
      query: 'query ($id: ID!) { me { delivery(id: $id) { state } } }',
      variables: { id },
    }),
  },
  'User.deliveries.addressId': {
    kind: 'deliveryAddress',
    operation: (id) => ({
      query: 'query ($id: ID!) { me { deliveries(addressId: $id) { totalCount } } }',
      variables: { id },
    }),
  },
  'Subscription.deliveryChanged.id': {
    kind: 'delivery',
    overSocket: true,
    operation: (id) => ({
      query: 'subscription ($id: ID!) { deliveryChanged(id: $id) { state } }',
      variables: { id },
    }),
  },
  'SendTestNotificationInput.addressId': {
    kind: 'device',
    forTokens: false,
    operation: mutation('sendTestNotification', (addressId) => ({ channel: 'PUSH', addressId })),
  },
  'RemovePushDeviceInput.pushDeviceId': {
    kind: 'device',
    forTokens: false,
    operation: mutation('removePushDevice', (pushDeviceId) => ({ pushDeviceId })),
  },
  // Before the others, which need what it has proven; with the right code of whoever's address it is.
  'VerifyEmailInput.emailId': {
    kind: 'email',
    forTokens: false,
    operation: mutation('verifyEmail', (emailId) => ({ emailId, code: codes.get(emailId) ?? '000000' })),
  },
  'ResendEmailCodeInput.emailId': {
    kind: 'spareEmail',
    forTokens: false,
    operation: mutation('resendEmailCode', (emailId) => ({ emailId })),
  },
  'SetPrimaryEmailInput.emailId': {
    kind: 'email',
    forTokens: false,
    operation: mutation('setPrimaryEmail', (emailId) => ({ emailId })),
  },
  'RemoveEmailInput.emailId': {
    kind: 'spareEmail',
    forTokens: false,
    operation: mutation('removeEmail', (emailId) => ({ emailId })),
  },
  'VerifyPhoneInput.phoneId': {
    kind: 'phone',
    forTokens: false,
    operation: mutation('verifyPhone', (phoneId) => ({ phoneId, code: codes.get(phoneId) ?? '000000' })),
  },
  'ResendPhoneCodeInput.phoneId': {
    kind: 'sparePhone',
    forTokens: false,
    operation: mutation('resendPhoneCode', (phoneId) => ({ phoneId, channel: 'SMS' })),
  },
  'SetPrimaryPhoneInput.phoneId': {
    kind: 'phone',
    forTokens: false,
    operation: mutation('setPrimaryPhone', (phoneId) => ({ phoneId })),
  },
  'RemovePhoneInput.phoneId': {
    kind: 'sparePhone',
    forTokens: false,
    operation: mutation('removePhone', (phoneId) => ({ phoneId })),
  },
  'UnlinkSlackInput.slackLinkId': {
    kind: 'slackLink',
    forTokens: false,
    operation: mutation('unlinkSlack', (slackLinkId) => ({ slackLinkId })),
  },
  'CreatePersonalAccessTokenInput.accountUserId': {
    kind: 'accountUser',
    forTokens: false,
    operation: mutation('createPersonalAccessToken', (accountUserId) => ({ accountUserId, name: 'N' })),
  },
  'RotatePersonalAccessTokenInput.personalAccessTokenId': {
    kind: 'token',
    forTokens: false,
    operation: mutation('rotatePersonalAccessToken', (personalAccessTokenId) => ({
      personalAccessTokenId,
    })),
  },
  'DeletePersonalAccessTokenInput.personalAccessTokenId': {
    kind: 'token',
    forTokens: false,
    operation: mutation('deletePersonalAccessToken', (personalAccessTokenId) => ({
      personalAccessTokenId,
    })),
  },
  'RecordLastVisitedInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('recordLastVisited', (accountId) => ({ accountId, path: '/settings/profile' })),
  },
  'SetNotificationsReadInput.ids': {
    kind: 'notification',
    operation: mutation('setNotificationsRead', (id, own) => ({ ids: [own.notification, id], read: true })),
  },
  'SetNotificationPreferencesInput.accountUserId': {
    kind: 'accountUser',
    operation: mutation('setNotificationPreferences', (accountUserId) => ({
      accountUserId,
      preferences: [{ eventType: 'TASK_ASSIGNED', channels: [] }],
    })),
  },
  'SetAccountUserNotificationRuleInput.accountUserId': {
    kind: 'accountUser',
    operation: mutation('setAccountUserNotificationRule', (accountUserId, own) => ({
      accountUserId,
      notificationRuleId: own.rule,
    })),
  },
  'SetAccountUserNotificationRuleInput.notificationRuleId': {
    kind: 'rule',
    operation: mutation('setAccountUserNotificationRule', (notificationRuleId, own) => ({
      accountUserId: own.accountUser,
      notificationRuleId,
    })),
  },
  'PublishEventInput.accountId': {
    kind: 'account',
    operation: mutation('publishEvent', (accountId) => ({ ...newEvent, accountId })),
  },
  'RevokeSessionInput.sessionId': {
    kind: 'session',
    forTokens: false,
    operation: mutation('revokeSession', (sessionId) => ({ sessionId })),
  },
  'SetSignInPolicyInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('setSignInPolicy', (accountId) => ({ accountId, requireTwoFactor: false })),
  },
  'CreateSsoConnectionInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('createSsoConnection', (accountId) => ({ accountId, ...newConnection })),
  },
  ...connectionPositions('updateSsoConnection', 'ssoConnection', { name: 'N' }),
  ...connectionPositions('enableSsoConnection', 'ssoConnection'),
  ...connectionPositions('disableSsoConnection', 'ssoConnection'),
  ...connectionPositions('deleteSsoConnection', 'spareSsoConnection'),
  'SetTokenPolicyInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('setTokenPolicy', (accountId) => ({ accountId, longestTokenDays: 60 })),
  },
  'RevokePersonalAccessTokenInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('revokePersonalAccessToken', (accountId, own) => ({
      accountId,
      personalAccessTokenId: own.revocableToken,
    })),
  },
  'RevokePersonalAccessTokenInput.personalAccessTokenId': {
    kind: 'otherRevocableToken',
    forTokens: false,
    operation: mutation('revokePersonalAccessToken', (personalAccessTokenId, own) => ({
      accountId: own.account,
      personalAccessTokenId,
    })),
  },
  'RevokeAccountTokensInput.accountId': {
    kind: 'account',
    forTokens: false,
    operation: mutation('revokeAccountTokens', (accountId) => ({ accountId })),
  },
  'RenamePasskeyInput.passkeyId': {
    kind: 'passkey',
    forTokens: false,
    operation: mutation('renamePasskey', (passkeyId) => ({ passkeyId, name: 'N' })),
  },
  'ForgetRemovedEmailInput.removedEmailId': {
    kind: 'removedEmail',
    forTokens: false,
    operation: mutation('forgetRemovedEmail', (removedEmailId) => ({ removedEmailId })),
  },
  // It ends the other sessions of its person, which are done.
  'RemovePasskeyInput.passkeyId': {
    kind: 'passkey',
    forTokens: false,
    operation: mutation('removePasskey', (passkeyId) => ({ passkeyId })),
  },
  // Last: what it ends, the others need.
  'RemoveAccountUserInput.accountUserId': {
    kind: 'accountUser',
    forTokens: false,
    ofColleagues: true,
    operation: mutation('removeAccountUser', (accountUserId) => ({ accountUserId })),
  },
}

/** Ids that everybody may name, of the catalogue or of the host's own things, or that are refused whatever they name. */
const notObjects = new Set([
  'PublishEventInput.type',
  'NotificationPreferenceInput.eventType',
  // Anybody, for a super admin; nobody for others: see deactivation.test.ts and two-factor.test.ts.
  'SetUserEnabledInput.userId',
  'ResetTwoFactorInput.userId',
])

test('every place where a client names an object is tried here', () => {
  const places: string[] = []
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (getNamedType(field.type).name === 'ID') places.push(`${type.name}.${field.name}`)
      }
    } else if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        for (const { name, type: argumentType } of field.args) {
          if (getNamedType(argumentType).name === 'ID') places.push(`${type.name}.${field.name}.${name}`)
        }
      }
    }
  }
  expect(places.filter((place) => !notObjects.has(place)).toSorted()).toEqual(
    Object.keys(positions).toSorted(),
  )
})

const tries = actors.flatMap((actor) =>
  Object.entries(positions)
    .filter(([, position]) => actor.who === 'a session' || position.forTokens !== false)
    .map(([place, position]) => ({ ...actor, ...position, place })),
)

test.each(tries)(
  '$who reaches nothing of others by $place, and learns not even that it is there',
  async (attempt) => {
    const { kind, ofColleagues } = attempt
    const foreign = ofColleagues ? [ofStranger.ids] : attempt.foreign
    const before = await dumpDatabase(client)
    const nonexistent = await ask(attempt, randomUUID())
    const refused = nonexistent.errors ? nonexistent.errors[0]?.extensions['code'] : 'null'
    expect(refused).toBe(nonexistent.errors ? 'NOT_FOUND' : 'null')

    for (const ids of foreign) {
      const { status, text } = await ask(attempt, ids[kind])
      expect({ status, text }).toEqual({ status: nonexistent.status, text: nonexistent.text })
    }
    expect(await dumpDatabase(client)).toBe(before)
  },
)

// Last, as these change what the tries above compare.
test.each(tries)('$who reaches its own by $place', async (attempt) => {
  const answer = await ask(attempt, attempt.own[attempt.kind])
  expect(answer.errors).toBeUndefined()
  expect(Object.values(answer.data)).not.toContain(null)
})
