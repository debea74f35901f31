import { sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'

import { IdentityProvider, ServiceProvider, setSchemaValidator } from 'samlify'
import { expect, test } from 'vitest'

import { SamlScene } from '../../../test/saml-scene.ts'
import { encode, type SamlLogout, SamlProvider } from '../../../test/stand-ins/saml-provider.ts'
import type { Account } from '../../accounts/account.entity.ts'
import { ActivityEntry } from '../../activity/activity-entry.entity.ts'
import { Session, SignInMethod } from '../session.entity.ts'
import type { SsoConnection } from './sso-connection.entity.ts'
import { ssoUrls } from './sso-protocol.ts'

// samlify asks for one; the schemas of SAML are not at hand, and its own checks go on.
setSchemaValidator({ validate: () => Promise.resolve('not looked at') })

const [provider, stranger] = [await SamlProvider.create(), await SamlProvider.create()]
await provider.listen()
const scene = await SamlScene.open(provider)
const { server } = scene
const sha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'

/** A session that came through the connection as `nameId`, or was opened by other means and came through it later. */
async function sessionThrough(
  { accountId, id }: SsoConnection,
  {
    nameId,
    index = null,
    method = SignInMethod.SSO,
  }: { nameId: string; index?: string | null; method?: SignInMethod },
) {
  const { user } = await server.build.member({ account: { id: accountId } as Account })
  const session = await server.build.session(user, { method })
  await vouch(session.id, user.id, { accountId, id }, nameId, index)
  return { ...session, user }
}

async function vouch(
  sessionId: string,
  userId: string,
  { accountId, id }: Pick<SsoConnection, 'accountId' | 'id'>,
  nameId: string,
  index: string | null,
): Promise<void> {
  await server.orm.em.fork().execute(
    `insert into session_account (user_id, session_id, account_id, connection_id, name_id, session_index, proven_at)
      values (?, ?, ?, ?, ?, ?, ?)`,
    [userId, sessionId, accountId, id, nameId, index, server.clock.now()],
  )
}

async function connect(): Promise<SsoConnection> {
  const connection = await scene.connect(await server.build.account())
  const { accountId, id } = connection
  await server.orm.em
    .fork()
    .execute('update account set sso_connection_id = ? where id = ?', [id, accountId])
  return connection
}

async function isOpen({ id }: { id: string }): Promise<boolean> {
  return (await server.orm.em.fork().count(Session, { id })) === 1
}

async function entitiesOf(connection: SsoConnection) {
  const answer = await server.anonymous.get(`/sso/saml/${connection.id}/metadata`)
  const settings = {
    privateKey: provider.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    wantLogoutRequestSigned: true,
    wantLogoutResponseSigned: true,
  }
  return {
    us: ServiceProvider({ metadata: await answer.text(), ...settings }),
    them: IdentityProvider({ metadata: provider.metadata, ...settings }),
  }
}

/** As a server finds it: the parameters, and the part that is signed. */
function queryOf({ search, searchParams }: URL) {
  return {
    query: Object.fromEntries(searchParams),
    octetString: search.slice(1).replace(/&Signature=.*$/, ''),
  }
}

function logoutOf({ id }: SsoConnection, about: Partial<SamlLogout> & { nameId: string }): SamlLogout {
  const { samlLogout } = ssoUrls(scene.ctx.config.publicUrl, id)
  return { destination: samlLogout, now: server.clock.now(), ...about }
}

function pathOf({ id }: SsoConnection, xml: string, key = provider.privateKey, algorithm = sha256): string {
  const message = encodeURIComponent(deflateRawSync(xml).toString('base64'))
  const signed = `SAMLRequest=${message}&RelayState=there&SigAlg=${encodeURIComponent(algorithm)}`
  const signature = sign(algorithm === sha1 ? 'sha1' : 'sha256', Buffer.from(signed), key).toString(
    'base64',
  )
  return `/sso/saml/${id}/logout?${signed}&Signature=${encodeURIComponent(signature)}`
}

const signOut = 'mutation { signOut { ssoLogoutUrl } }'

test('signing out of a session that came through SAML leads to the provider with a logout that we signed', async () => {
  const connection = await connect()
  const { key } = await sessionThrough(connection, { nameId: 'ada & co', index: '_one' })
  const { data } = await server.withCookie(key).query(signOut)
  const url = new URL(data.signOut.ssoLogoutUrl)
  expect(url.href).toMatch(/^https:\/\/idp\.example\.com\/logout\?SAMLRequest=/)
  const { us, them } = await entitiesOf(connection)
  const { extract } = await them.parseLogoutRequest(us, 'redirect', queryOf(url))
  expect(extract).toMatchObject({
    request: { destination: 'https://idp.example.com/logout' },
    issuer: `http://localhost:4000/sso/saml/${connection.id}/metadata`,
    nameID: 'ada & co',
    sessionIndex: '_one',
  })
  const back = await server.anonymous.get(`/sso/saml/${connection.id}/logout?SAMLResponse=a`)
  expect([back.status, back.headers.get('location')]).toEqual([303, '/sign-in'])
})

test('signing out of any other session leads nowhere', async () => {
  const { key } = await server.build.session(await server.build.user())
  expect((await server.withCookie(key).query(signOut)).data).toEqual({ signOut: { ssoLogoutUrl: null } })
})

test('a logout that the provider asks for ends the session and its sockets, and is answered', async () => {
  const connection = await connect()
  const [session, other] = [
    await sessionThrough(connection, { nameId: 'ada', index: '_one' }),
    await sessionThrough(connection, { nameId: 'eve', index: '_one' }),
  ]
  const socket = server.socketWithCookie(session.key)
  const closed = new Promise((resolve) => socket.on('closed', resolve))
  const opened = new Promise((resolve) => socket.on('connected', resolve))
  const events = socket.iterate({ query: 'subscription { badgesChanged { version } }' })
  void events.next().catch(() => undefined)
  await opened

  const { us, them } = await entitiesOf(connection)
  const user = { logoutNameID: 'ada', sessionIndex: '_one' }
  const asked = them.createLogoutRequest(us, 'redirect', user, { relayState: 'there' })
  const answer = await server.anonymous.get(new URL(asked.context).pathname + new URL(asked.context).search)
  const url = new URL(answer.headers.get('location') ?? '')
  expect([answer.status, url.searchParams.get('RelayState')]).toEqual([303, 'there'])
  const { extract } = await them.parseLogoutResponse(us, 'redirect', queryOf(url))
  expect(extract).toMatchObject({
    response: { inResponseTo: asked.id, destination: 'https://idp.example.com/logout' },
  })

  await closed
  expect([await isOpen(session), await isOpen(other)]).toEqual([false, true])
  const entry = { userId: session.user.id, actorId: null, action: 'SESSION_ENDED' } as const
  const { accountId } = await server.orm.em.fork().findOneOrFail(ActivityEntry, entry)
  expect(accountId).toBe(connection.accountId)
})

test('a logout may come by form as well', async () => {
  const connection = await connect()
  const session = await sessionThrough(connection, { nameId: 'ada' })
  const signed = provider.sign(provider.sayLogout(logoutOf(connection, { nameId: 'ada' })), {
    parts: ['LogoutRequest'],
  })
  const answer = await scene.post(`/sso/saml/${connection.id}/logout`, { SAMLRequest: encode(signed) })
  expect(answer.headers.get('location')).toMatch(/^https:\/\/idp\.example\.com\/logout\?SAMLResponse=/)
  expect(await isOpen(session)).toBe(false)
})

test('only the session that it names ends, if it names one', async () => {
  const connection = await connect()
  const one = await sessionThrough(connection, { nameId: 'ada', index: '_one' })
  const two = await sessionThrough(connection, { nameId: 'ada', index: '_two' })
  const logout = logoutOf(connection, { nameId: 'ada', sessionIndexes: ['_two', '_three'] })
  await server.anonymous.get(pathOf(connection, provider.sayLogout(logout)))
  expect([await isOpen(one), await isOpen(two)]).toEqual([true, false])
})

test('a session that a password opened, or another provider vouches for, merely loses the account', async () => {
  const [connection, elsewhere] = [await connect(), await connect()]
  const typed = await sessionThrough(connection, { nameId: 'ada', method: SignInMethod.PASSWORD })
  const twofold = await sessionThrough(connection, { nameId: 'ada' })
  await vouch(twofold.id, twofold.user.id, elsewhere, 'ada', null)
  await server.anonymous.get(
    pathOf(connection, provider.sayLogout(logoutOf(connection, { nameId: 'ada' }))),
  )
  expect([await isOpen(typed), await isOpen(twofold)]).toEqual([true, true])
  const left = await server.orm.em
    .fork()
    .execute<{ connection_id: string }[]>(
      'select connection_id from session_account where session_id in (?, ?)',
      [typed.id, twofold.id],
    )
  expect(left).toEqual([{ connection_id: elsewhere.id }])
})

test('a logout that is not signed by the provider, for us, now and for the first time ends nothing', async () => {
  const [connection, elsewhere] = [await connect(), await connect()]
  const session = await sessionThrough(connection, { nameId: 'ada' })
  const now = server.clock.now()
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  const say = (about: Partial<SamlLogout> = {}) =>
    provider.sayLogout(logoutOf(connection, { nameId: 'ada', ...about }))
  const good = pathOf(connection, say())
  const withForm = (SAMLRequest: string) => scene.post(`/sso/saml/${connection.id}/logout`, { SAMLRequest })
  const paths = [
    good.replace(/&Signature=.*/, ''),
    good.replace('RelayState=there', 'RelayState=here'),
    good.replace('&RelayState=there', ''),
    `${good}&SAMLRequest=${encodeURIComponent(deflateRawSync(say()).toString('base64'))}`,
    good.replace(encodeURIComponent(sha256), encodeURIComponent(sha1)),
    pathOf(connection, say(), provider.privateKey, sha1),
    pathOf(connection, say(), stranger.privateKey),
    pathOf(connection, say({ issuer: 'https://other.example.com/' })),
    pathOf(connection, say({ destination: 'https://other.example.com/' })),
    pathOf(connection, say({ now: ago(606) })),
    pathOf(connection, say({ notOnOrAfter: ago(6) })),
    pathOf(connection, say().replace('>ada<', '>ada<!-- --><')),
    pathOf(connection, `<!DOCTYPE a>${say()}`),
    pathOf(connection, provider.say(scene.answer(connection, null))),
    // A megabyte of blanks packs to a kilobyte.
    pathOf(connection, `${say()}${' '.repeat(1_000_000)}`),
    pathOf(elsewhere, say()),
  ]
  const answers = [
    ...(await Promise.all(paths.map((path) => server.anonymous.get(path)))),
    await withForm(encode(say())),
    await withForm(encode(stranger.sign(say(), { parts: ['LogoutRequest'] }))),
    await withForm(encode(provider.sign(say(), { parts: ['LogoutRequest'], algorithm: 'sha1' }))),
    await withForm(encode(provider.sign(say(), { parts: ['LogoutRequest'] }).replace('>ada<', '>eve<'))),
  ]
  expect(new Set(answers.map(({ headers }) => headers.get('location')))).toEqual(new Set(['/sign-in']))
  expect(await isOpen(session)).toBe(true)

  expect((await server.anonymous.get(good)).headers.get('location')).toMatch(/SAMLResponse=/)
  expect(await isOpen(session)).toBe(false)
  expect((await server.anonymous.get(good)).headers.get('location')).toBe('/sign-in')
})
