import { sign } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { decode, encode, type SamlAnswer, SamlProvider } from '../../../test/stand-ins/saml-provider.ts'
import { type ExpectedResponse, readResponse } from './saml-response.ts'
import { UntrustedAnswer } from './sso-protocol.ts'

const now = new Date('2026-11-26T12:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const acsUrl = 'https://lanyard.example.com/sso/saml/1/acs'
const entityId = 'https://lanyard.example.com/sso/saml/1/metadata'

const [provider, stranger] = [await SamlProvider.create(), await SamlProvider.create()]
const expected: ExpectedResponse = {
  issuer: provider.entityId,
  certificates: [provider.certificate],
  entityId,
  acsUrl,
  requestId: '_request',
  now,
}
const usual: SamlAnswer = {
  acsUrl,
  audience: entityId,
  inResponseTo: '_request',
  now,
  nameId: 'ada',
  sessionIndex: '_session',
  attributes: { email: 'ada@example.com', displayName: 'Ada Nguyen', role: 'a & <b>' },
}
const good = provider.respond(usual)

function refusal(encoded: string, changes: Partial<ExpectedResponse> = {}): Promise<unknown> {
  return readResponse(encoded, { ...expected, ...changes }).then(
    ({ identity }) => identity,
    (error: unknown) => error,
  )
}

test('a good response names who signed in, and until when it may not be taken again', async () => {
  expect(await readResponse(good, expected)).toEqual({
    identity: {
      issuer: provider.entityId,
      subject: 'ada',
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada Nguyen',
      nameId: 'ada',
      sessionIndex: '_session',
      authenticatedAt: now,
    },
    assertionId: /<saml:Assertion ID="([^"]+)"/.exec(decode(good))?.[1],
    forgetAt: later(305),
  })
})

test('with one of several keys, and with SHA-512, it is as good', async () => {
  const certificates = [stranger.certificate, provider.certificate]
  expect(await refusal(good, { certificates })).toMatchObject({ subject: 'ada' })
  expect(await refusal(provider.respond(usual, { algorithm: 'sha512' }))).toMatchObject({ subject: 'ada' })
})

test('its clock may be a little ahead of ours, or behind', async () => {
  expect(await refusal(good, { now: later(-59) })).toMatchObject({ subject: 'ada' })
  expect(await refusal(good, { now: later(-61) })).toBeInstanceOf(UntrustedAnswer)
  expect(await refusal(good, { now: later(304) })).toMatchObject({ subject: 'ada' })
  expect(await refusal(good, { now: later(305) })).toBeInstanceOf(UntrustedAnswer)
})

test('an assertion for a year is still taken for ten minutes only', async () => {
  const long = provider.respond({ ...usual, notOnOrAfter: later(365 * 86_400) })
  expect(await readResponse(long, { ...expected, now: later(604) })).toMatchObject({ forgetAt: later(605) })
  expect(await refusal(long, { now: later(605) })).toBeInstanceOf(UntrustedAnswer)
})

test('the email and name are found under the names that providers use, or are absent', async () => {
  const identityOf = (answer: Partial<SamlAnswer>) => refusal(provider.respond({ ...usual, ...answer }))
  const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
  const attributes = {
    [`${claims}/emailaddress`]: 'ada@example.com',
    [`${claims}/givenname`]: 'Ada',
    [`${claims}/surname`]: 'Nguyen',
  }
  expect(await identityOf({ attributes })).toMatchObject({ email: 'ada@example.com', name: 'Ada Nguyen' })
  expect(await identityOf({ attributes: {} })).toMatchObject({ email: null, name: null })
  const nameIdFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
  const named = await identityOf({ attributes: {}, nameIdFormat, nameId: 'ada@example.com' })
  expect(named).toMatchObject({ email: 'ada@example.com', subject: 'ada@example.com' })
})

test('an answer to nobody is taken only where one is awaited', async () => {
  const unasked = provider.respond({ ...usual, inResponseTo: null })
  expect(await refusal(unasked, { requestId: null })).toMatchObject({ subject: 'ada' })
  expect(await refusal(unasked)).toBeInstanceOf(UntrustedAnswer)
  expect(await refusal(good, { requestId: null })).toBeInstanceOf(UntrustedAnswer)
  const half = provider.respond({ ...usual, inResponseTo: null, confirmedInResponseTo: '_request' })
  expect(await refusal(half, { requestId: null })).toBeInstanceOf(UntrustedAnswer)
})

const other = 'https://other.example.com/'
test.each<[string, Partial<SamlAnswer>]>([
  ['for another audience', { audience: other }],
  ['for another recipient', { recipient: other }],
  ['for another destination', { destination: other }],
  ['of another issuer', { issuer: other }],
  ['to another request', { inResponseTo: '_other' }],
  ['to another request, confirmed for ours', { inResponseTo: '_other', confirmedInResponseTo: '_request' }],
  ['confirmed for another request', { confirmedInResponseTo: '_other' }],
  ['confirmed for no request', { confirmedInResponseTo: null }],
  ['that is over', { notOnOrAfter: later(-6) }],
  ['that is not valid yet', { notBefore: later(61) }],
  ['of long ago', { now: later(-606), notOnOrAfter: later(60) }],
  ['from the future', { now: later(61), notBefore: now }],
  ['of a failure', { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }],
  ['with a name for once', { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }],
  ['with an empty name', { nameId: '' }],
  ['with a name in spaces', { nameId: ' ada' }],
  ['with a name without end', { nameId: 'a'.repeat(501) }],
])('a signed response %s is refused', async (_what, answer) => {
  expect(await refusal(provider.respond({ ...usual, ...answer }))).toBeInstanceOf(UntrustedAnswer)
})

test('a response is refused that lacks a signature, has a weak one, or that of another key', async () => {
  const samples = [
    provider.respond(usual, { parts: [] }),
    provider.respond(usual, { parts: ['Assertion'] }),
    provider.respond(usual, { parts: ['Response'] }),
    provider.respond(usual, { algorithm: 'sha1' }),
    stranger.respond({ ...usual, issuer: provider.entityId }),
    encode(
      provider.sign(stranger.sign(provider.say(usual), { parts: ['Assertion'] }), { parts: ['Response'] }),
    ),
    encode(
      stranger.sign(provider.sign(provider.say(usual), { parts: ['Assertion'] }), { parts: ['Response'] }),
    ),
  ]
  for (const sample of samples) expect(await refusal(sample)).toBeInstanceOf(UntrustedAnswer)
  expect(await refusal(good, { certificates: [] })).toBeInstanceOf(UntrustedAnswer)
  expect(await refusal(good, { certificates: [stranger.certificate] })).toBeInstanceOf(UntrustedAnswer)
})

test('a strong digest makes no weak signature strong', async () => {
  const xml = decode(good)
  const [info = ''] = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(xml) ?? []
  const [value = ''] = /(?<=<ds:SignatureValue>)[^<]*/.exec(xml) ?? []
  function signatureOf(algorithm: string, signedInfo: string): string {
    // As exclusive canonicalization has it: the namespace stands there, and every element has two tags.
    const canonical = signedInfo
      .replace('<ds:SignedInfo>', '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">')
      .replaceAll(/<(ds:\w+)([^>]*)\/>/g, '<$1$2></$1>')
    return sign(algorithm, Buffer.from(canonical), provider.privateKey).toString('base64')
  }
  expect(signatureOf('sha256', info)).toBe(value)

  const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
  const weak = info.replace(/(SignatureMethod Algorithm=")[^"]*/, `$1${sha1}`)
  const resigned = xml.replace(info, weak).replace(value, signatureOf('sha1', weak))
  expect(await refusal(encode(resigned))).toBeInstanceOf(UntrustedAnswer)
})

// What follows signs properly what no provider says.
const signedAs = (change: (xml: string) => string) =>
  encode(provider.sign(change(provider.say(usual)), { parts: ['Assertion', 'Response'] }))

test.each<[string, (xml: string) => string]>([
  [
    'two confirmations',
    (xml) => xml.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, '$&$&'),
  ],
  [
    'two audiences',
    (xml) => xml.replace('</saml:Audience>', `</saml:Audience><saml:Audience>${other}</saml:Audience>`),
  ],
  ['no audience', (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '')],
  ['no conditions', (xml) => xml.replace(/<saml:Conditions.*<\/saml:Conditions>/, '')],
  ['no statement of signing in', (xml) => xml.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, '')],
  [
    'a session that is over',
    (xml) => xml.replace('SessionIndex', `SessionNotOnOrAfter="2026-11-26T11:59:00Z" $&`),
  ],
  ['a holder of a key', (xml) => xml.replace('cm:bearer', 'cm:holder-of-key')],
  ['no end', (xml) => xml.replaceAll(/ NotOnOrAfter="[^"]*"/g, '')],
  ['an end in local time', (xml) => xml.replaceAll(/(NotOnOrAfter="[^"]*)Z"/g, '$1"')],
  ['another version', (xml) => xml.replaceAll('Version="2.0"', 'Version="1.1"')],
  ['elements in its name', (xml) => xml.replace('>ada<', '><saml:x>ada</saml:x><')],
  ['a condition nobody knows', (xml) => xml.replace('<saml:AudienceRestriction>', '<saml:Condition/>$&')],
  [
    'an assertion among its attributes',
    (xml) =>
      xml
        .replace('</saml:AttributeValue>', '<saml:Assertion ID="_2"/>$&')
        .replace('>ada@example.com<', '><'),
  ],
  [
    'a signature among its attributes',
    (xml) => xml.replace('</saml:AttributeValue>', '<Signature/>$&').replace('>ada@example.com<', '><'),
  ],
  [
    'one id for two elements',
    (xml) => xml.replace('<saml:AuthnContext>', '<saml:AuthnContext ID="one"><saml:x id="one"/>'),
  ],
])('a signed response with %s is refused', async (_what, change) => {
  expect(signedAs(change)).not.toBe(signedAs((xml) => xml))
  expect(await refusal(signedAs(change))).toBeInstanceOf(UntrustedAnswer)
})

test.each<[string, (xml: string) => string]>([
  ['a document type', (xml) => `<!DOCTYPE Response>${xml}`],
  ['an entity', (xml) => `<!DOCTYPE r [<!ENTITY e "ada">]>${xml.replace('>ada<', '>&e;<')}`],
  [
    'a bomb of entities',
    (xml) =>
      `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(9999)}"><!ENTITY b "${'&a;'.repeat(9999)}">]>${xml.replace('>ada<', '>&b;<')}`,
  ],
  [
    'a file for an entity',
    (xml) => `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/hostname">]>${xml.replace('>ada<', '>&e;<')}`,
  ],
  ['a comment in its name', (xml) => xml.replace('>ada<', '>ada<!---->.lovelace<')],
  ['a comment that canonicalization drops', (xml) => xml.replace('>ada<', '><!-- -->ada<')],
  ['CDATA for its name', (xml) => xml.replace('>ada<', '><![CDATA[ada]]><')],
  ['a processing instruction', (xml) => xml.replace('>ada<', '><?x y?>ada<')],
  ['another name', (xml) => xml.replace('>ada<', '>eve<')],
  ['another attribute', (xml) => xml.replace('ada@example.com', 'eve@example.com')],
  [
    'an encrypted assertion beside',
    (xml) => xml.replace('</samlp:Response>', '<saml:EncryptedAssertion/>$&'),
  ],
  ['extensions', (xml) => xml.replace('<samlp:Status>', '<samlp:Extensions/>$&')],
  [
    'a second digest',
    (xml) =>
      xml.replace(/<ds:DigestValue>[^<]*<\/ds:DigestValue>/, '<ds:DigestValue>AAAA</ds:DigestValue>$&'),
  ],
  ['a comment in a digest', (xml) => xml.replace('<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->')],
  ['a second SignedInfo', (xml) => xml.replace(/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s, '$&$&')],
  [
    'a transform more',
    (xml) =>
      xml.replace(
        '</ds:Transforms>',
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>$&',
      ),
  ],
  ['a reference to everything', (xml) => xml.replaceAll(/ URI="#[^"]*"/g, ' URI=""')],
])('a good response that is given %s afterwards is refused', async (_what, change) => {
  const changed = encode(change(decode(good)))
  expect(changed).not.toBe(good)
  expect(await refusal(changed)).toBeInstanceOf(UntrustedAnswer)
})

/** The parts that signatures are wrapped with: what is signed, and the same with another name and id, not signed. */
function partsOf(xml: string) {
  const signed = /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
  const signature = /<ds:Signature.*?<\/ds:Signature>/s.exec(signed)?.[0] ?? ''
  const bare = signed.replace(signature, '')
  const evil = bare.replace('>ada<', '>eve<').replace(/ID="[^"]*"/, 'ID="_evil"')
  const outer = /<ds:Signature.*?<\/ds:Signature>/s.exec(xml.replace(signed, ''))?.[0] ?? ''
  return { signed, signature, bare, evil, outer }
}

const withSignature = (assertion: string, signature: string) =>
  assertion.replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
const within = (signature: string, content: string) =>
  signature.replace('</ds:Signature>', `<ds:Object>${content}</ds:Object></ds:Signature>`)

const wrapped: [string, (xml: string, parts: ReturnType<typeof partsOf>) => string][] = [
  [
    'a copy of the response inside its signature',
    (xml, { signed, evil, outer }) => {
      const inner = outer === '' ? xml : xml.replace(outer, '')
      const root = xml.replace(signed, evil).replace(/ID="[^"]*"/, 'ID="_evilroot"')
      return outer === '' ? root.replace(evil, evil + inner) : root.replace(outer, within(outer, inner))
    },
  ],
  [
    'a copy of the response beside its signature',
    (xml, { signed, evil, outer }) => {
      const root = xml.replace(signed, evil).replace(/ID="[^"]*"/, 'ID="_evilroot"')
      return root.replace('<samlp:Status>', `${xml.replace(outer, '')}<samlp:Status>`)
    },
  ],
  ['another assertion before', (xml, { signed, evil }) => xml.replace(signed, evil + signed)],
  ['another assertion after', (xml, { signed, evil }) => xml.replace(signed, signed + evil)],
  [
    'the assertion within another',
    (xml, { signed, evil }) =>
      xml.replace(signed, evil.replace('</saml:Assertion>', `${signed}</saml:Assertion>`)),
  ],
  [
    'its signature on another, and itself at the end',
    (xml, { signed, signature, evil, bare }) => xml.replace(signed, withSignature(evil, signature) + bare),
  ],
  [
    'its signature on another, and itself within that signature',
    (xml, { signed, signature, evil, bare }) =>
      xml.replace(signed, withSignature(evil, within(signature, bare))),
  ],
  [
    'another assertion among extensions',
    (xml, { evil }) =>
      xml.replace('<samlp:Status>', `<samlp:Extensions>${evil}</samlp:Extensions><samlp:Status>`),
  ],
  [
    'itself in an object of the signature of another of its id',
    (xml, { signed, signature, evil, bare }) =>
      xml.replace(
        signed,
        withSignature(evil, within(signature, bare)).replace(
          '"_evil"',
          /ID="[^"]*"/.exec(bare)?.[0].slice(3) ?? '',
        ),
      ),
  ],
  [
    'another of its id before',
    (xml, { signed, evil }) =>
      xml.replace(signed, evil.replace('ID="_evil"', /ID="[^"]*"/.exec(signed)?.[0] ?? '') + signed),
  ],
  [
    'another assertion among attributes',
    (xml, { evil }) => xml.replace('</saml:AttributeValue>', `${evil}</saml:AttributeValue>`),
  ],
  [
    'another assertion as confirmation',
    (xml, { evil }) =>
      xml.replace(/(<saml:SubjectConfirmationData[^>]*)\/>/, `$1>${evil}</saml:SubjectConfirmationData>`),
  ],
]

test.each(wrapped)(
  'a signed response that has %s is refused, however much of it is signed',
  async (_what, wrap) => {
    const bases = [
      good,
      provider.respond(usual, { parts: ['Assertion'] }),
      provider.respond(usual, { parts: ['Response', 'Assertion'] }),
    ]
    for (const base of bases) {
      const xml = decode(base)
      const changed = wrap(xml, partsOf(xml))
      expect(changed).toContain('>eve<')
      expect(await refusal(encode(changed))).toBeInstanceOf(UntrustedAnswer)
      // The provider's signature over all of it makes it no better.
      const resigned = provider.sign(changed.replace(partsOf(xml).outer, ''), { parts: ['Response'] })
      expect(await refusal(encode(resigned))).toBeInstanceOf(UntrustedAnswer)
    }
  },
)

test('what is no base64, no UTF-8 and no XML is refused', async () => {
  const bytes = Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e]).toString('base64')
  for (const sample of ['', ' ', '!', `${good}!`, '='.repeat(9), bytes, encode('a'), encode('<a/>')]) {
    expect(await refusal(sample)).toBeInstanceOf(UntrustedAnswer)
  }
  const spaces = `${' '.repeat(200_000)}!`
  const started = performance.now()
  expect(await refusal(spaces)).toBeInstanceOf(UntrustedAnswer)
  expect(performance.now() - started).toBeLessThan(1000)
})

test('a good response that was changed anywhere is refused, or says the same', async () => {
  const xml = decode(good)
  const identity = await refusal(good)
  const place = fc.nat(xml.length)
  const mutation = fc.oneof(
    fc.record({ at: place, length: fc.nat(40), text: fc.string({ maxLength: 4 }) }),
    fc.record({
      at: place,
      length: fc.constant(0),
      text: fc.constantFrom('<', '>', '"', '&', '/', '<!--', '-->', ' ', '\n'),
    }),
    fc
      .tuple(place, place, fc.nat(400))
      .map(([at, from, length]) => ({ at, length: 0, text: xml.slice(from, from + length) })),
  )
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      let changed = xml
      for (const { at, length, text } of mutations)
        changed = changed.slice(0, at) + text + changed.slice(at + length)
      const outcome = await refusal(encode(changed))
      const isRefused = outcome instanceof UntrustedAnswer
      if (isRefused) refused++
      return isRefused || isDeepStrictEqual(outcome, identity)
    }),
    { seed: 7, numRuns: 400 },
  )
  expect(refused).toBeGreaterThan(300)
})
