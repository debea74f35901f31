import {
  getNamedType,
  type GraphQLField,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../test/server.ts'
import { enforceAccess } from './access.ts'
import { createSchema } from './schema.ts'

const server = await createTestServer()
const schema = await createSchema()
const { accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser)
const { token: readOnly } = await server.build.token(accountUser, { readOnly: true })

type Rule = 'anyone' | 'reader' | 'writer' | 'session' | 'own' | 'proven'

/** Who may use what, said a second time, so that a rule cannot change unseen. */
const rules: Record<string, Rule> = {
  'Query.me': 'anyone',
  'Query.account': 'reader',
  'Query.notificationEventTypes': 'reader',
  'Query.pushPublicKey': 'session',
  'Mutation.signIn': 'anyone',
  'Mutation.signOut': 'session',
  'Mutation.removeAccountUser': 'session',
  'Mutation.setUserEnabled': 'proven',
  'Mutation.lockEverything': 'session',
  'Mutation.finishRecovery': 'session',
  'Mutation.forgetRemovedEmail': 'proven',
  'Mutation.revokeSession': 'session',
  'Mutation.signOutOthers': 'session',
  'Query.pendingSignIn': 'anyone',
  'Query.ssoRefusal': 'anyone',
  'Mutation.submitSecondFactor': 'anyone',
  'Mutation.startTwoFactorSetup': 'proven',
  'Mutation.confirmTwoFactorSetup': 'session',
  'Mutation.disableTwoFactor': 'session',
  'Mutation.regenerateRecoveryCodes': 'proven',
  'Mutation.resetTwoFactor': 'proven',
  'Mutation.startPasskeyRegistration': 'proven',
  'Mutation.addPasskey': 'session',
  'Mutation.renamePasskey': 'session',
  'Mutation.removePasskey': 'proven',
  'Mutation.startPasskeySignIn': 'anyone',
  'Mutation.signInWithPasskey': 'anyone',
  'Mutation.startPasskeyProof': 'anyone',
  'Mutation.confirmStepUp': 'session',
  'Mutation.changePassword': 'proven',
  'Mutation.requestPasswordReset': 'anyone',
  'Mutation.resetPassword': 'anyone',
  'Mutation.updateProfile': 'writer',
  'Mutation.updatePreferences': 'writer',
  'Mutation.addEmail': 'proven',
  'Mutation.verifyEmail': 'session',
  'Mutation.resendEmailCode': 'session',
  'Mutation.setPrimaryEmail': 'proven',
  'Mutation.removeEmail': 'proven',
  'Mutation.addPhone': 'proven',
  'Mutation.verifyPhone': 'session',
  'Mutation.resendPhoneCode': 'session',
  'Mutation.setPrimaryPhone': 'proven',
  'Mutation.removePhone': 'proven',
  'Mutation.setNotificationChannels': 'writer',
  'Mutation.recordLastVisited': 'session',
  'Mutation.registerPushDevice': 'own',
  'Mutation.removePushDevice': 'session',
  'Mutation.linkSlack': 'own',
  'Mutation.unlinkSlack': 'session',
  'Mutation.sendTestNotification': 'session',
  'Mutation.createPersonalAccessToken': 'proven',
  'Mutation.rotatePersonalAccessToken': 'proven',
  'Mutation.deletePersonalAccessToken': 'session',
  'Mutation.revokePersonalAccessToken': 'session',
  'Mutation.revokeAccountTokens': 'session',
  'Mutation.createSsoConnection': 'proven',
  'Mutation.updateSsoConnection': 'proven',
  'Mutation.deleteSsoConnection': 'proven',
  'Mutation.enableSsoConnection': 'proven',
  'Mutation.disableSsoConnection': 'proven',
  'Mutation.setSignInPolicy': 'proven',
  'Mutation.setTokenPolicy': 'proven',
  'Mutation.setNotificationsRead': 'writer',
  'Mutation.setAllNotificationsRead': 'writer',
  'Mutation.setNotificationPreferences': 'writer',
  'Mutation.publishEvent': 'writer',
  'Mutation.setAccountUserNotificationRule': 'writer',
  'Subscription.notificationBadge': 'reader',
  'Subscription.notificationAdded': 'reader',
  'Subscription.deliveryChanged': 'reader',
}

const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
const rootFields = roots.flatMap((root) =>
  Object.values(root?.getFields() ?? {}).map((field) => ({
    coordinate: `${root?.name}.${field.name}`,
    field,
  })),
)

test('every root field has a rule, and it is the one written here', () => {
  const stated = rootFields.map(({ coordinate, field }) => [coordinate, field.extensions['access']])
  expect(Object.fromEntries(stated)).toEqual(rules)
})

test('a server with a root field that has no rule does not start', () => {
  const silent = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { secret: { type: GraphQLString } } }),
  })
  expect(() => enforceAccess(silent)).toThrow('Query.secret does not say who may use it')
})

/** The operation that asks for one root field, with placeholders that its type accepts. */
function operationOf(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
): { query: string; variables: object } {
  const definitions = field.args.map(({ name, type }) => `$${name}: ${String(type)}`)
  const given = field.args.map(({ name }) => `${name}: $${name}`)
  const list = (parts: string[]) => (parts.length > 0 ? `(${parts.join(', ')})` : '')
  const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''
  const kind = coordinate.split('.')[0]?.toLowerCase()
  return {
    query: `${kind} ${list(definitions)} { ${field.name}${list(given)} ${selection} }`,
    variables: Object.fromEntries(
      field.args.filter(({ type }) => isNonNullType(type)).map(({ name }) => [name, {}]),
    ),
  }
}

const overHttp = rootFields.filter(({ coordinate }) => !coordinate.startsWith('Subscription'))

test.each(overHttp)(
  '$coordinate refuses who is not signed in, unless it is for anyone',
  async ({ coordinate, field }) => {
    const answer = await server.anonymous.send(operationOf(coordinate, field))
    const isRefused = refusalOf(answer)?.['code'] === 'UNAUTHENTICATED'
    expect(isRefused).toBe(rules[coordinate] !== 'anyone')
  },
)

/** Inputs that the rule comes before: whoever passes it is refused for them, and nothing happens. */
const inputs: Record<string, object> = {
  updateProfile: { name: '' },
  updatePreferences: { timeZone: 'Nowhere' },
  recordLastVisited: { path: '//elsewhere' },
  createPersonalAccessToken: { accountUserId: 'x', name: 'x' },
  rotatePersonalAccessToken: { personalAccessTokenId: 'x' },
  deletePersonalAccessToken: { personalAccessTokenId: 'x' },
  revokePersonalAccessToken: { accountId: 'x', personalAccessTokenId: 'x' },
  revokeAccountTokens: { accountId: 'x' },
  confirmTwoFactorSetup: { code: '' },
  disableTwoFactor: { password: '', code: '' },
  resetTwoFactor: { userId: 'x' },
  addPasskey: { response: {} },
  renamePasskey: { passkeyId: 'x', name: 'x' },
  removePasskey: { passkeyId: 'x' },
  confirmStepUp: {},
  createSsoConnection: { accountId: 'x', name: 'x', protocol: 'OIDC' },
  updateSsoConnection: { accountId: 'x', ssoConnectionId: 'x' },
  deleteSsoConnection: { accountId: 'x', ssoConnectionId: 'x' },
  enableSsoConnection: { accountId: 'x', ssoConnectionId: 'x' },
  disableSsoConnection: { accountId: 'x', ssoConnectionId: 'x' },
  setSignInPolicy: { accountId: 'x' },
  setTokenPolicy: { accountId: 'x', longestTokenDays: 0 },
  setNotificationsRead: { ids: [], read: true },
  setNotificationPreferences: { accountUserId: 'x', preferences: [] },
  publishEvent: { accountId: 'x', type: 'x', recipients: [], title: '', body: '' },
  setAccountUserNotificationRule: { accountUserId: 'x' },
}

test.each(Object.keys(inputs))(
  '%s refuses the tokens that its rule refuses, and no other',
  async (mutation) => {
    const rule = rules[`Mutation.${mutation}`]
    const codeWith = async (given: string) => {
      const answer = await server
        .withToken(given)
        .mutate(mutation, inputs[mutation] as Record<string, unknown>, '__typename')
      return refusalOf(answer)?.['code']
    }
    expect(await codeWith(readOnly)).toBe('FORBIDDEN')
    expect(await codeWith(token)).toBe(
      rule === 'session' || rule === 'own' || rule === 'proven' ? 'FORBIDDEN' : 'BAD_USER_INPUT',
    )
  },
)

test('a token cannot sign its person out, nor mark anything read when it only reads', async () => {
  expect(refusalOf(await server.withToken(token).query('mutation { signOut { me { id } } }'))).toEqual({
    code: 'FORBIDDEN',
  })
  const marking = await server
    .withToken(readOnly)
    .mutate('setAllNotificationsRead', { read: true }, 'badge { unread }')
  expect(refusalOf(marking)).toEqual({ code: 'FORBIDDEN' })
})
