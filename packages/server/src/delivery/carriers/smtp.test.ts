import { createHash, generateKeyPairSync, verify } from 'node:crypto'

import { afterAll, beforeEach, expect, test } from 'vitest'

import { mailParcel } from '../../../test/stand-ins/parcels.ts'
import { SmtpStandIn } from '../../../test/stand-ins/smtp-stand-in.ts'
import { loadConfig } from '../../config.ts'
import { createSmtp } from './smtp.ts'
import type { Outcome, Parcel } from '../carrier.ts'

const relay = await SmtpStandIn.listen()
const opened: AsyncDisposable[] = [relay]

function carrier(environment: Record<string, string> = {}, url = relay.url) {
  const { mail } = loadConfig({ SMTP_URL: url, MAIL_FROM: 'Lanyard <lanyard@example.com>', ...environment })
  if (!mail.smtpUrl) throw new Error('no relay')
  const smtp = createSmtp(mail, mail.smtpUrl)
  opened.unshift(smtp)
  return (parcel: Parcel): Promise<Outcome> => smtp.send(parcel, AbortSignal.timeout(10_000))
}

beforeEach(() => {
  relay.received.length = 0
  relay.recipients.length = 0
})
afterAll(async () => {
  for (const each of opened) await each[Symbol.asyncDispose]()
})

const send = carrier()

test('mail says who sends it, that a machine wrote it, and which delivery it is to every service', async () => {
  const parcel = mailParcel()
  const outcome = await send(parcel)

  const [received] = relay.received
  const headers = new Map(received?.mail.headers.map(({ key, value }) => [key, value]))
  expect(outcome).toMatchObject({
    kind: 'accepted',
    carrierId: `<${parcel.reference}@example.com>`,
    carrierStatus: expect.stringContaining('250'),
  })
  expect(received).toMatchObject({ from: 'lanyard@example.com', to: ['ada@example.com'] })
  expect(received?.mail).toMatchObject({
    from: { name: 'Lanyard', address: 'lanyard@example.com' },
    to: [{ address: 'ada@example.com' }],
    subject: 'Your code',
    messageId: `<${parcel.reference}@example.com>`,
    text: expect.stringContaining('123456'),
    html: expect.stringContaining('<b>123456</b>'),
  })
  expect(Date.parse(headers.get('date') ?? '')).toBeCloseTo(Date.now(), -5)
  expect(headers.get('auto-submitted')).toBe('auto-generated')
  expect(headers.get('x-pm-metadata-delivery')).toBe(parcel.reference)
  expect(JSON.parse(headers.get('x-mailgun-variables') ?? '')).toEqual({ delivery: parcel.reference })
  expect(JSON.parse(headers.get('x-smtpapi') ?? '')).toEqual({
    unique_args: { delivery: parcel.reference },
  })
  expect(headers.get('x-ses-message-tags')).toBe(`delivery=${parcel.reference}`)
})

test('mail that can be unsubscribed from says how, by one click', async () => {
  const url =
    'https://lanyard.example.com/unsubscribe/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh'
  await send(mailParcel('ada@example.com', url))
  await send(mailParcel('ada@example.com'))

  const [event, security] = relay.received.map(
    ({ mail }) => new Map(mail.headers.map(({ key, value }) => [key, value])),
  )
  expect(event?.get('list-unsubscribe')).toBe(`<${url}>`)
  expect(event?.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  expect(security?.has('list-unsubscribe')).toBe(false)
  expect(security?.has('list-unsubscribe-post')).toBe(false)
})

test('mail that comes back names its delivery, within what a mailbox name may have', async () => {
  const parcel = mailParcel()
  await carrier({ MAIL_BOUNCE_DOMAIN: 'bounces.example.com' })(parcel)

  const [received] = relay.received
  expect(received?.from).toBe(`b-${parcel.reference}@bounces.example.com`)
  expect(received?.from.split('@')[0]?.length).toBeLessThanOrEqual(64)
  expect(received?.mail.from?.address).toBe('lanyard@example.com')
})

test('the same attempt again is the same message to a mailbox', async () => {
  const parcel = mailParcel()
  relay.failNext({ kind: 'reset' })
  expect(await send(parcel)).toMatchObject({ kind: 'unknown' })
  expect(await send(parcel)).toMatchObject({ kind: 'accepted' })
  expect(new Set(relay.received.map(({ mail }) => mail.messageId)).size).toBe(1)
})

test.each([
  'ada@example.com\r\nBcc: eve@example.com',
  'ada@example.com, eve@example.com',
  '"eve@example.com x"@example.com',
  `${'g:'.repeat(10_000)}ada@example.com${';'.repeat(10_000)}`,
])('nothing is said to the relay for %j', async (address) => {
  const outcome = await send(mailParcel(address))
  expect(outcome).toMatchObject({ kind: 'permanent', reason: 'ADDRESS_INVALID' })
  expect(relay.recipients).toEqual([])
})

test('a subject adds no header and no recipient', async () => {
  const parcel = mailParcel()
  const subject = 'Down\r\nBcc: eve@example.com\r\n\r\n<b>x</b>'
  await send({ ...parcel, message: { ...parcel.message, subject } as Parcel['message'] })

  expect(relay.recipients).toEqual(['ada@example.com'])
  const [received] = relay.received
  expect(received?.mail.subject).toBe('Down Bcc: eve@example.com  <b>x</b>')
  expect(received?.mail.bcc).toBeUndefined()
})

test('no file and no URL is read because a message names it', async () => {
  const parcel = mailParcel()
  const html = { path: '/etc/hostname' } as unknown as string
  const sending = send({ ...parcel, message: { ...parcel.message, html } as Parcel['message'] })
  await expect(sending).rejects.toThrow('File access rejected')
  expect(relay.received).toEqual([])
})

test('credentials that the relay does not take stop the carrier for a minute, not the message', async () => {
  const asking = await SmtpStandIn.listen({ user: 'lanyard', password: 'right' })
  opened.push(asking)
  expect(await carrier({}, asking.url)(mailParcel())).toMatchObject({ kind: 'accepted' })
  expect(asking.logins).toEqual(['lanyard'])
  expect(await carrier({}, asking.url.replace('right', 'wrong'))(mailParcel())).toMatchObject({
    kind: 'passing',
    reason: 'CARRIER_REFUSED',
    pauseSeconds: 60,
    detail: expect.stringContaining('535'),
  })
})

test('TLS is taken where it is offered, and its certificate is looked at', async () => {
  const offering = await SmtpStandIn.listen({ startTls: true })
  opened.push(offering)
  expect(await carrier({}, offering.url)(mailParcel())).toMatchObject({
    kind: 'passing',
    reason: 'CARRIER_UNREACHABLE',
  })
  expect(offering.received).toEqual([])
  const trusting = carrier({}, `${offering.url}?tls.rejectUnauthorized=false`)
  expect(await trusting(mailParcel())).toMatchObject({ kind: 'accepted' })
  expect(offering.received).toMatchObject([{ secure: true }])
})

test('a password does not go to another machine without TLS', async () => {
  const asking = await SmtpStandIn.listen({ user: 'lanyard', password: 'right' })
  opened.push(asking)
  // Another machine, as far as its name says.
  const url = asking.url.replace('127.0.0.1', '[::ffff:127.0.0.1]')
  expect(await carrier({}, url)(mailParcel())).toMatchObject({ kind: 'passing' })
  expect(asking.connections).toBe(1)
  expect(asking.logins).toEqual([])
  expect(asking.received).toEqual([])
})

test('twenty messages share a few connections', async () => {
  const before = relay.connections
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => send(mailParcel())))
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'accepted'))
  expect(relay.received).toHaveLength(20)
  expect(relay.connections - before).toBeLessThanOrEqual(8)
})

test('a connection that the relay closed meanwhile loses no message and sends none twice', async () => {
  await send(mailParcel())
  relay.received.length = 0
  relay.hangUp()
  expect(await send(mailParcel())).toMatchObject({ kind: 'accepted' })
  expect(relay.received).toHaveLength(1)
})

test('mail is signed for the domain, the way to unsubscribe too', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signing = carrier({
    MAIL_DKIM_DOMAIN: 'example.com',
    MAIL_DKIM_SELECTOR: 'lanyard',
    // On one line.
    MAIL_DKIM_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })).replaceAll(
      '\n',
      '\\n',
    ),
  })
  await signing(mailParcel('ada@example.com', 'https://lanyard.example.com/unsubscribe/x'))

  const { tags, signed, signature, body } = readDkim(relay.received[0]?.raw ?? '')
  expect(tags).toMatchObject({ a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'example.com', s: 'lanyard' })
  const names = tags['h']?.toLowerCase().split(':')
  expect(names).toEqual(expect.arrayContaining(['from', 'to', 'list-unsubscribe', 'list-unsubscribe-post']))
  expect(createHash('sha256').update(body).digest('base64')).toBe(tags['bh'])
  expect(verify('sha256', Buffer.from(signed), publicKey, signature)).toBe(true)
})

test.each([
  ['no key', 'MIIEvQ'],
  [
    'another sort of key',
    String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  ],
])('%s to sign with stops the start, as mail would go unsigned', (_what, key) => {
  const environment = { MAIL_DKIM_DOMAIN: 'example.com', MAIL_DKIM_SELECTOR: 'lanyard' }
  expect(() => carrier({ ...environment, MAIL_DKIM_PRIVATE_KEY: key })).toThrow(
    'MAIL_DKIM_PRIVATE_KEY: must be an RSA key as PEM',
  )
})

/** RFC 6376, 3.4 and 3.7, for relaxed/relaxed. */
function readDkim(raw: string) {
  const end = raw.indexOf('\r\n\r\n')
  const headers = raw
    .slice(0, end)
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
  const relaxed = (line: string) => {
    const [name = '', ...value] = line.split(':')
    return `${name.trim().toLowerCase()}:${value
      .join(':')
      .replaceAll(/[ \t]+/g, ' ')
      .trim()}`
  }
  const named = (name: string) =>
    headers.findLast((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  const own = relaxed(named('dkim-signature') ?? '')
  const tags: Record<string, string> = Object.fromEntries(
    own
      .slice('dkim-signature:'.length)
      .split(';')
      .map((tag) => {
        const [name = '', ...value] = tag.split('=')
        return [name.trim(), value.join('=').replaceAll(/\s/g, '')]
      }),
  )
  const lines = (tags['h'] ?? '').split(':').flatMap((name) => named(name) ?? [])
  const body = raw
    .slice(end + 4)
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ \r\n/g, '\r\n')
    .replace(/(?:\r\n)*$/, '\r\n')
  return {
    tags,
    signed: [...lines.map(relaxed), own.replace(/(?<=[;\s]b=)[^;]*/, '')].join('\r\n'),
    signature: Buffer.from(tags['b'] ?? '', 'base64'),
    body,
  }
}
