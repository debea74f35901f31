import { X509Certificate } from 'node:crypto'

import { IdentityProvider, ServiceProvider, setSchemaValidator } from 'samlify'
import { expect, test } from 'vitest'

import { nothingTyped, SamlScene } from '../../../test/saml-scene.ts'
import { createSigningCertificate } from '../../../test/signing-certificate.ts'
import { SamlProvider } from '../../../test/stand-ins/saml-provider.ts'
import { AppError } from '../../errors/app-error.ts'
import { samlProtocol } from './saml-protocol.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import { UntrustedAnswer } from './sso-protocol.ts'

// samlify asks for one; the schemas of SAML are not at hand, and its own checks go on.
setSchemaValidator({ validate: () => Promise.resolve('not looked at') })

const provider = await (await SamlProvider.create()).listen()
const scene = await SamlScene.open(provider)
const { server } = scene
const account = await server.build.account()
const refusal = { location: '/sign-in?sso=SSO_REFUSED' }

function placeOf(answer: Response): { location: string | null } {
  expect(answer.status).toBe(303)
  return { location: answer.headers.get('location') }
}

const configure = (input: Partial<typeof nothingTyped>, former: SsoConnection | null = null) =>
  samlProtocol.configure(scene.ctx, former?.id ?? account.id, { ...nothingTyped, ...input }, former).then(
    ({ settings }) => settings,
    (error: unknown) => (error instanceof AppError ? { code: error.code, ...error.details } : error),
  )

/** samlify, which knows us by the metadata that we publish. */
async function entitiesOf(connection: SsoConnection) {
  const answer = await server.anonymous.get(`/sso/saml/${connection.id}/metadata`)
  expect(answer.headers.get('content-type')).toBe('application/samlmetadata+xml')
  return {
    us: ServiceProvider({ metadata: await answer.text() }),
    them: IdentityProvider({
      metadata: provider.metadata,
      privateKey: provider.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    }),
  }
}

/** As a server finds it: the parameters, and the part that is signed. */
function queryOf(url: URL) {
  const octetString = url.search
    .slice(1)
    .replace(/^tenant=1&/, '')
    .replace(/&Signature=.*$/, '')
  return { query: Object.fromEntries(url.searchParams), octetString }
}

test('the metadata of a provider is read from a document or a URL', async () => {
  const certificate = new X509Certificate(provider.certificate)
  const published = {
    issuer: provider.entityId,
    signInUrl: 'https://idp.example.com/login?tenant=1',
    logoutUrl: 'https://idp.example.com/logout',
    certificates: [
      {
        subject: 'CN=idp.example.com',
        expiresAt: '2036-01-01T00:00:00.000Z',
        fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
        pem: provider.certificate,
      },
    ],
    allowIdpInitiated: false,
  }
  expect(await configure({ metadataXml: provider.metadata })).toMatchObject({
    ...published,
    metadataUrl: null,
  })
  const metadataUrl = `${provider.url}/metadata`
  expect(await configure({ metadataUrl })).toMatchObject({ ...published, metadataUrl })
})

test('what is left out stays as it is, our key among it', async () => {
  const connection = await scene.connect(account)
  const changed = await configure({ allowIdpInitiated: true }, connection)
  expect(changed).toEqual({ ...connection.settings, allowIdpInitiated: true })
  const read = await configure({ metadataUrl: `${provider.url}/metadata` }, connection)
  expect(read).toMatchObject({ ownCertificate: Reflect.get(connection.settings, 'ownCertificate') })
})

const xml = provider.metadata
test.each<[string, Partial<typeof nothingTyped>, object]>([
  ['neither document nor URL', {}, { code: 'BAD_USER_INPUT', field: 'metadataUrl', reason: 'EMPTY' }],
  [
    'both',
    { metadataXml: xml, metadataUrl: 'https://idp.example.com/' },
    { code: 'BAD_USER_INPUT', field: 'metadataXml', reason: 'DUPLICATE' },
  ],
  [
    'what belongs to the other protocol',
    { metadataXml: xml, clientId: 'a' },
    { code: 'BAD_USER_INPUT', field: 'clientId', reason: 'FORMAT' },
  ],
  [
    'no URL',
    { metadataUrl: 'idp.example.com' },
    { code: 'BAD_USER_INPUT', field: 'metadataUrl', reason: 'FORMAT' },
  ],
  [
    'a URL of a private address',
    { metadataUrl: 'https://169.254.169.254/' },
    { code: 'SSO_SETTINGS_WRONG', field: 'metadataUrl' },
  ],
  [
    'a URL without https',
    { metadataUrl: 'http://192.0.2.1/' },
    { code: 'BAD_USER_INPUT', field: 'metadataUrl', reason: 'FORMAT' },
  ],
  [
    'a URL where nothing is',
    { metadataUrl: `${provider.url}/nothing` },
    { code: 'SSO_SETTINGS_WRONG', field: 'metadataUrl' },
  ],
])('%s is refused', async (_what, input, fault) => {
  expect(await configure(input)).toEqual(fault)
})

test.each<[string, string]>([
  ['is no XML', 'metadata'],
  ['has a document type', xml.replace('<md:EntityDescriptor', '<!DOCTYPE a>$&')],
  ['describes another kind of thing', xml.replaceAll('IDPSSODescriptor', 'SPSSODescriptor')],
  ['is of SAML 1.1', xml.replace('SAML:2.0:protocol', 'SAML:1.1:protocol')],
  ['describes two providers', `<e xmlns="x">${xml.slice(xml.indexOf('<md:')).repeat(2)}</e>`],
  ['has no entity id', xml.replace(/entityID="[^"]*"/, '')],
  ['is over', xml.replace('entityID', 'validUntil="2020-01-01T00:00:00Z" $&')],
  ['has no certificate', xml.replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/s, '')],
  ['has half a certificate', xml.replace(/(<ds:X509Certificate>.{99})[^<]*/, '$1')],
  ['has no sign-in by redirect', xml.replaceAll('bindings:HTTP-Redirect', 'bindings:SOAP')],
  ['leads to a script', xml.replace('https://idp.example.com/login', 'javascript:alert(1)//')],
  ['leads away from https', xml.replace('https://idp.example.com/login', 'http://idp.example.com/login')],
])('metadata that %s is refused', async (_what, metadataXml) => {
  expect(await configure({ metadataXml })).toEqual({ code: 'SSO_SETTINGS_WRONG', field: 'metadataXml' })
})

test('a browser is led to the provider with a request that we signed', async () => {
  const connection = await scene.connect(account)
  const { us, them } = await entitiesOf(connection)
  const begun = await scene.begin(connection)
  expect(begun.url.href).toMatch(/^https:\/\/idp\.example\.com\/login\?tenant=1&SAMLRequest=/)
  expect(begun.url.searchParams.get('RelayState')).toBe(begun.state)
  const { extract } = await them.parseLoginRequest(us, 'redirect', queryOf(begun.url))
  expect(extract).toMatchObject({
    request: { id: begun.requestId, destination: 'https://idp.example.com/login?tenant=1' },
    issuer: `http://localhost:4000/sso/saml/${connection.id}/metadata`,
  })
  expect(extract['request']).not.toHaveProperty('forceAuthn')
  const { samlContent } = await them.parseLoginRequest(
    us,
    'redirect',
    queryOf((await scene.begin(connection, 'STEP_UP')).url),
  )
  expect(samlContent).toContain('ForceAuthn="true"')
})

test('whom the provider answers with is known in the browser that began, once', async () => {
  const connection = await scene.connect(account)
  const { state, browserKey, requestId } = await scene.begin(connection)
  const response = provider.respond(scene.answer(connection, requestId, { nameId: 'ada' }))
  const answer = await scene.postAnswer(connection, response, state)
  expect(await scene.vouched(answer, 'another browser')).toBeUndefined()
  expect(await scene.vouched(answer, browserKey)).toMatchObject({
    request: { connectionId: connection.id, purpose: 'SIGN_IN', unsolicited: false },
    identity: { issuer: provider.entityId, subject: 'ada', nameId: 'ada', sessionIndex: 'one' },
  })
  expect(await scene.vouched(answer, browserKey)).toBeUndefined()
  expect(placeOf(await scene.postAnswer(connection, response, state))).toEqual(refusal)
})

test('of fifty that bring one answer at once, one is believed', async () => {
  const connection = await scene.connect(account, {
    metadataXml: provider.metadata,
    allowIdpInitiated: true,
  })
  const unasked = provider.respond(scene.answer(connection, null))
  const posts = await Promise.all(Array.from({ length: 50 }, () => scene.postAnswer(connection, unasked)))
  const places = posts.map((answer) => placeOf(answer).location)
  expect(places.filter((place) => place?.startsWith('/sso/finish?result='))).toHaveLength(1)
  expect(places.filter((place) => place === refusal.location)).toHaveLength(49)
})

test('an assertion counts once, whatever it is an answer to', async () => {
  const connection = await scene.connect(account)
  const identities: unknown[] = []
  for (const _time of ['first', 'second']) {
    const { state, browserKey, requestId } = await scene.begin(connection)
    const response = provider.respond(scene.answer(connection, requestId, { assertionId: '_same' }))
    const vouched = await scene.vouched(await scene.postAnswer(connection, response, state), browserKey)
    identities.push(vouched?.identity)
  }
  expect(identities).toEqual([expect.objectContaining({ subject: 'ada' }), expect.any(UntrustedAnswer)])
})

test('an answer to no request is refused where the connection does not allow it, and signs in only where it does', async () => {
  const strict = await scene.connect(account)
  const unasked = provider.respond(scene.answer(strict, null))
  expect(placeOf(await scene.postAnswer(strict, unasked))).toEqual(refusal)
  expect(placeOf(await scene.postAnswer(strict, unasked, '/somewhere'))).toEqual(refusal)

  const lax = await scene.connect(account, { metadataXml: provider.metadata, allowIdpInitiated: true })
  const answer = await scene.postAnswer(lax, provider.respond(scene.answer(lax, null)), '/somewhere')
  const browserKey = /lanyard-4000-sso=([\w-]{43});.*HttpOnly/.exec(
    answer.headers.get('set-cookie') ?? '',
  )?.[1]
  expect(await scene.vouched(answer, browserKey ?? '')).toMatchObject({
    request: { purpose: 'SIGN_IN', unsolicited: true, userId: null },
    identity: { subject: 'ada' },
  })
  const { requestId } = await scene.begin(lax)
  expect(placeOf(await scene.postAnswer(lax, provider.respond(scene.answer(lax, requestId))))).toEqual(
    refusal,
  )
})

test('an answer is refused that belongs to another connection, comes late, or after the settings changed', async () => {
  const [one, two] = [await scene.connect(account), await scene.connect(account)]
  const first = await scene.begin(one)
  const toOther = provider.respond(scene.answer(two, first.requestId))
  expect(
    await scene.vouched(await scene.postAnswer(two, toOther, first.state), first.browserKey),
  ).toMatchObject({
    identity: { detail: 'it is of another connection' },
  })

  const second = await scene.begin(one)
  await server.orm.em.fork().nativeUpdate(SsoConnection, { id: one.id }, { changedAt: new Date(0) })
  const changed = provider.respond(scene.answer(one, second.requestId))
  expect(
    await scene.vouched(await scene.postAnswer(one, changed, second.state), second.browserKey),
  ).toMatchObject({
    identity: { detail: 'it is of another connection' },
  })

  const third = await scene.begin(two)
  server.clock.advanceSeconds(601)
  const late = provider.respond(scene.answer(two, third.requestId))
  expect(placeOf(await scene.postAnswer(two, late, third.state))).toEqual(refusal)
})

test('of a refusal only the browser that began is told, where it shows its cookie', async () => {
  const connection = await scene.connect(account)
  const { state, browserKey, requestId } = await scene.begin(connection, 'STEP_UP')
  const forged = provider.respond(scene.answer(connection, requestId), { parts: ['Response'] })
  const answer = await scene.postAnswer(connection, forged, state)
  expect(await scene.vouched(answer, 'another browser')).toBeUndefined()
  expect(await scene.vouched(answer, browserKey)).toMatchObject({
    request: { purpose: 'STEP_UP' },
    identity: { code: 'SSO_REFUSED' },
  })
})

test('forms that are none, or too large, are refused at once', async () => {
  const connection = await scene.connect(account)
  const acs = `/sso/saml/${connection.id}/acs`
  const started = performance.now()
  expect(placeOf(await scene.post(acs, {}))).toEqual(refusal)
  expect(placeOf(await scene.post(acs, { SAMLResponse: 'A'.repeat(200_000) }))).toEqual(refusal)
  const twice = await fetch(`${server.url}${acs}`, {
    method: 'POST',
    body: new URLSearchParams('SAMLResponse=a&SAMLResponse=b'),
    redirect: 'manual',
  })
  expect(placeOf(twice)).toEqual(refusal)
  expect((await scene.post(acs, { SAMLResponse: 'A'.repeat(1_000_000) })).status).toBe(413)
  const json = await fetch(`${server.url}${acs}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  expect(json.status).toBe(415)
  expect(performance.now() - started).toBeLessThan(5000)
  expect(placeOf(await scene.post('/sso/saml/nothing/acs', { SAMLResponse: 'a' }))).toEqual(refusal)
  expect((await server.anonymous.get('/sso/saml/nothing/metadata')).status).toBe(404)
})

test('new keys of a provider are taken over from its URL once a day, and those of another provider are not', async () => {
  const connection = await scene.connect(account, { metadataUrl: `${provider.url}/metadata` })
  const settingsNow = async () =>
    (await server.orm.em.fork().findOneOrFail(SsoConnection, { id: connection.id })).settings
  const requestsBefore = provider.requests.length
  const { pem } = await createSigningCertificate('next.example.com')
  provider.otherCertificates = [pem]
  await scene.begin(connection)
  expect(provider.requests).toHaveLength(requestsBefore)

  server.clock.advanceSeconds(86_401)
  await scene.begin(connection)
  expect(provider.requests).toHaveLength(requestsBefore + 1)
  expect(await settingsNow()).toMatchObject({ certificates: [{ pem: provider.certificate }, { pem }] })
  provider.otherCertificates = []

  server.clock.advanceSeconds(86_401)
  provider.answerNext({
    status: 200,
    body: provider.metadata.replace(provider.entityId, 'https://other.example.com/'),
  })
  const current = await server.orm.em.fork().findOneOrFail(SsoConnection, { id: connection.id })
  await scene.begin(current)
  expect(await settingsNow()).toMatchObject({ issuer: provider.entityId, certificates: [{}, {}] })
  // It is not asked again by the next, until ten minutes have gone by.
  const asked = provider.requests.length
  const retried = await server.orm.em.fork().findOneOrFail(SsoConnection, { id: connection.id })
  await scene.begin(retried)
  expect(provider.requests).toHaveLength(asked)
})
