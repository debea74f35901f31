import { randomUUID } from 'node:crypto'
import { createConnection } from 'node:net'

import nodemailer from 'nodemailer'
import { afterAll, beforeEach, expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { addressEffects } from '../../contacts/address-effects.ts'
import { defaultLimits } from '../../limits.ts'
import { Channel } from '../channel.ts'
import { referenceOf } from '../delivery-reference.ts'
import { BounceListener } from './bounce-listener.ts'

const domain = 'bounces.example.com'
const bench = await createInboundBench({ environment: {} })
const faults: unknown[] = []
const listener = await BounceListener.start({
  host: '127.0.0.1',
  port: 0,
  domain,
  limits: { ...defaultLimits.inbound, bodyBytes: 200_000 },
  sealing: bench.sealing,
  addresses: addressEffects,
  createScene: (address) => bench.createScene(address, 'Mail'),
  onError: (error) => faults.push(error),
})
const relay = nodemailer.createTransport({ host: '127.0.0.1', port: listener.port, secure: false })
afterAll(async () => {
  relay.close()
  await listener[Symbol.asyncDispose]()
})

beforeEach(() => () => expect(faults.splice(0)).toEqual([]))

/** As a mail server hands a report over: from nobody. */
function send(to: string | string[], raw: string | Buffer): Promise<unknown> {
  return relay.sendMail({ envelope: { from: '', to }, raw })
}

const verp = (reference: string) => `b-${reference}@${domain}`

async function aMail(address = `Person.${randomUUID().slice(0, 8)}@example.com`) {
  const user = await bench.build.user({ email: address })
  return { user, ...(await bench.sent(user, Channel.EMAIL, address)) }
}

interface Told {
  action?: string
  status?: string
  recipient?: string
  diagnosis?: string
}

/** As Postfix writes it. */
function report(mail: SentDelivery, told: Told = {}): string {
  const { action = 'failed', status = '5.1.1', recipient = mail.address } = told
  const {
    diagnosis = `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown in virtual\r\n    mailbox table`,
  } = told
  return [
    'Return-Path: <>',
    'Received: by mx.example.com (Postfix) id 4Cq0000; Thu,  5 Nov 2026 10:00:00 +0000 (UTC)',
    'Date: Thu,  5 Nov 2026 10:00:00 +0000 (UTC)',
    'From: MAILER-DAEMON@mx.example.com (Mail Delivery System)',
    'Subject: Undelivered Mail Returned to Sender',
    `To: ${verp(mail.reference)}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="4Cq0001.1604570400/mx.example.com"',
    'Message-Id: <20261105100000.4Cq0000@mx.example.com>',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--4Cq0001.1604570400/mx.example.com',
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.example.com.',
    '',
    '--4Cq0001.1604570400/mx.example.com',
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    'X-Postfix-Queue-ID: 4Cq0001',
    `X-Postfix-Sender: rfc822; ${verp(mail.reference)}`,
    'Arrival-Date: Thu,  5 Nov 2026 10:00:00 +0000 (UTC)',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Original-Recipient: rfc822;${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    'Remote-MTA: dns; mail.example.com',
    `Diagnostic-Code: smtp; ${diagnosis}`,
    '',
    '--4Cq0001.1604570400/mx.example.com',
    'Content-Description: Undelivered Message',
    'Content-Type: message/rfc822',
    '',
    'From: lanyard@example.com',
    `To: ${mail.address}`,
    'Subject: A test',
    '',
    'Hello',
    '',
    '--4Cq0001.1604570400/mx.example.com--',
    '',
  ].join('\r\n')
}

test('a report that there is no such mailbox blocks the address, and the person reads why over their other emails', async () => {
  const mail = await aMail()
  await bench.execute(
    `insert into email (user_id, id, address, address_key, verified_at, created_at)
      values (?, ?, 'other@example.com', 'other@example.com', now(), now())`,
    [mail.user.id, randomUUID()],
  )
  await send(verp(mail.reference), report(mail))
  const detail = `550 5.1.1 <${mail.address}>: Recipient address rejected: User unknown in virtual mailbox table`
  expect(await bench.stateOf(mail)).toMatchObject({
    state: 'UNDELIVERED',
    reason: 'BOUNCED',
    carrierStatus: 'failed 5.1.1',
    detail,
  })
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toEqual({ reason: 'BOUNCE', detail })
  expect(await bench.historyOf(mail.user.id)).toMatchObject([
    { action: 'EMAIL_BLOCKED', subject: mail.address, device: 'Mail', actor_id: null },
  ])
  expect(await bench.notices(mail.user.id)).toEqual([
    { address: 'other@example.com', content: { address: mail.address, reason: 'BOUNCE' }, language: 'EN' },
  ])
})

test.each([
  ['failed', '4.2.2', 'UNDELIVERED'],
  ['failed', '5.2.2', 'UNDELIVERED'],
  ['failed', '5.7.1', 'UNDELIVERED'],
  ['delayed', '4.4.1', 'SENT'],
  ['delivered', '2.0.0', 'DELIVERED'],
  ['relayed', '2.0.0', 'SENT'],
  ['expanded', '2.0.0', 'SENT'],
])('"%s" with %s makes it no reason to block', async (action, status, state) => {
  const mail = await aMail()
  await send(verp(mail.reference), report(mail, { action, status }))
  expect(await bench.stateOf(mail)).toMatchObject({ state })
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toBeUndefined()
})

test('the third mail within a week that could not be delivered blocks the address, and an older one does not count', async () => {
  const address = `full.${randomUUID().slice(0, 8)}@example.com`
  const { user } = await aMail(address)
  const fail = async () => {
    const mail = await bench.sent(user, Channel.EMAIL, address)
    const full = report(mail, { status: '4.2.2', diagnosis: '452 4.2.2 mailbox full' })
    // Told twice, it is still one.
    for (let time = 0; time < 2; time++) await send(verp(mail.reference), full)
  }
  await fail()
  bench.clock.advanceSeconds(8 * 86_400)
  await fail()
  await fail()
  expect(await bench.blockOf('EMAIL', address)).toBeUndefined()
  await fail()
  expect(await bench.blockOf('EMAIL', address)).toEqual({
    reason: 'UNDELIVERABLE',
    detail: '452 4.2.2 mailbox full',
  })
})

test('a report for another address than the mail went to changes nothing: nobody calls a stranger’s address dead', async () => {
  const [mail, victim] = [await aMail(), await aMail()]
  await send(verp(mail.reference), report(mail, { recipient: victim.address }))
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
  expect(await bench.stateOf(victim)).toMatchObject({ state: 'SENT' })
  expect(await bench.blockOf('EMAIL', victim.address.toLowerCase())).toBeUndefined()
})

test.each([
  ['another domain', (reference: string) => `b-${reference}@example.com`],
  ['no bounce address', () => `postmaster@${domain}`],
  ['a made-up reference', () => verp('a'.repeat(60))],
  [
    'a reference with one letter changed',
    (reference: string) => verp((reference.startsWith('a') ? 'b' : 'a') + reference.slice(1)),
  ],
  ['a route through us', (reference: string) => `b-${reference}%example.org@${domain}`],
])('mail for %s is not taken', async (_what, recipientOf) => {
  const mail = await aMail()
  await expect(send(recipientOf(mail.reference), report(mail))).rejects.toThrow('550 5.1.1 no such mailbox')
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

test('a reference in capitals is the same, as mail servers may change the case', async () => {
  const mail = await aMail()
  await send(verp(mail.reference).toUpperCase(), report(mail))
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'UNDELIVERED' })
})

test('a report on a delivery that is gone is taken, and changes nothing', async () => {
  const key = { userId: randomUUID(), deliveryId: randomUUID() }
  const mail = { ...key, address: 'gone@example.com', reference: referenceOf(bench.sealing, key) }
  await send(verp(mail.reference), report(mail))
  expect(await bench.blockOf('EMAIL', mail.address)).toBeUndefined()
})

const holiday = [
  'From: Person <person@example.com>',
  'Subject: Automatic reply: A test',
  'Auto-Submitted: auto-replied',
  'Content-Type: text/plain',
  '',
  'I am away. Final-Recipient: rfc822; person@example.com Action: failed Status: 5.1.1',
  '',
].join('\r\n')

test.each([
  ['an answer from somebody’s holidays', () => holiday],
  [
    'a receipt',
    (mail: SentDelivery) =>
      report(mail).replace('report-type=delivery-status', 'report-type=disposition-notification'),
  ],
  [
    'a forwarded report',
    (mail: SentDelivery) => report(mail).replace('multipart/report', 'multipart/mixed'),
  ],
  ['a report without a status', (mail: SentDelivery) => report(mail).replace(/^Status: .*$/m, '')],
  [
    'a report without a part',
    (mail: SentDelivery) => report(mail).replace('message/delivery-status', 'text/plain'),
  ],
  ['nothing', () => '\r\n'],
  ['noise', () => Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256))],
  [
    'boxes in boxes',
    () =>
      Array.from(
        { length: 300 },
        (_, i) =>
          `Content-Type: multipart/report; report-type=delivery-status; boundary=b${i}\r\n\r\n--b${i}\r\n`,
      ).join(''),
  ],
])('%s is taken and tells nothing', async (_what, write) => {
  const mail = await aMail()
  await send(verp(mail.reference), write(mail))
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

test('a mail for two of us, and one that is too long, are refused', async () => {
  const [one, other] = [await aMail(), await aMail()]
  const result = await relay.sendMail({
    envelope: { from: '', to: [verp(one.reference), verp(other.reference)] },
    raw: report(one),
  })
  expect(result.rejected).toEqual([verp(other.reference)])
  const third = await aMail()
  const long = `${report(third)}${'x'.repeat(998)}\r\n`.padEnd(300_000, 'long\r\n')
  await expect(send(verp(third.reference), long)).rejects.toThrow('552')
  expect(await bench.stateOf(third)).toMatchObject({ state: 'SENT' })
})

test('what goes wrong here is tried again by the other side', async () => {
  const mail = await aMail()
  await bench.execute('alter table carrier_event rename to elsewhere')
  await expect(send(verp(mail.reference), report(mail))).rejects.toThrow('451')
  await bench.execute('alter table elsewhere rename to carrier_event')
  expect(faults.splice(0)).toHaveLength(1)
  await send(verp(mail.reference), report(mail))
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'UNDELIVERED' })
})

test('nobody signs in here, nor speaks to it for long without SMTP', async () => {
  const socket = createConnection(listener.port, '127.0.0.1')
  const said: string[] = []
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => said.push(text))
  socket.write('EHLO example.com\r\nAUTH PLAIN AGEAYg==\r\nSTARTTLS\r\nVRFY root\r\nQUIT\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  const text = said.join('')
  expect(text).not.toMatch(/AUTH|STARTTLS/)
  expect(text).not.toMatch(/^235|^334/m)
})
