import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const bench = await createInboundBench({
  environment: {
    SENDGRID_PUBLIC_KEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  },
})

function signed(body: string, timestamp = String(Math.floor(bench.clock.now().getTime() / 1000))) {
  return {
    'content-type': 'application/json',
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': createSign('sha256')
      .update(timestamp + body)
      .sign(privateKey, 'base64'),
  }
}

function post(events: object[]) {
  const body = JSON.stringify(events)
  return bench.post('/carriers/sendgrid', body, signed(body))
}

async function aMail() {
  const address = `person.${randomUUID().slice(0, 8)}@example.com`
  return bench.sent({ id: randomUUID() }, Channel.EMAIL, address)
}

/** As SendGrid's documentation shows it: what we passed along stands among its own fields. */
function event(mail: SentDelivery, name: string, more: object = {}) {
  return {
    email: mail.address,
    timestamp: 1_793_000_000,
    'smtp-id': '<14c5d75ce93.dfd.64b469@ismtpd-555>',
    event: name,
    category: ['cat facts'],
    sg_event_id: randomUUID(),
    sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
    delivery: mail.reference,
    ...more,
  }
}

test.each([
  ['processed', {}, 'SENT', null, undefined],
  ['deferred', { response: '400 try again later', attempt: '5' }, 'SENT', null, undefined],
  ['delivered', { response: '250 OK' }, 'DELIVERED', null, undefined],
  ['open', {}, 'SENT', null, undefined],
  [
    'bounce',
    { type: 'bounce', reason: '550 5.1.1 user unknown', status: '5.1.1' },
    'UNDELIVERED',
    'BOUNCED',
    'BOUNCE',
  ],
  [
    'bounce',
    { type: 'bounce', reason: '552 5.2.2 full', status: '5.2.2' },
    'UNDELIVERED',
    'UNDELIVERED',
    undefined,
  ],
  ['bounce', { type: 'blocked', reason: '421 4.7.0 later' }, 'UNDELIVERED', 'UNDELIVERED', undefined],
  ['dropped', { reason: 'Bounced Address' }, 'UNDELIVERED', 'BOUNCED', 'BOUNCE'],
  ['dropped', { reason: 'Unsubscribed Address' }, 'UNDELIVERED', 'OPTED_OUT', 'OPTED_OUT'],
  ['dropped', { reason: 'Spam Reporting Address' }, 'UNDELIVERED', 'COMPLAINED', 'COMPLAINT'],
  ['dropped', { reason: 'Spam Content' }, 'UNDELIVERED', 'MESSAGE_REFUSED', undefined],
  ['spamreport', {}, 'DELIVERED', null, 'COMPLAINT'],
])('%s %j makes it %s', async (name, more, state, reason, blocked) => {
  const mail = await aMail()
  expect((await post([event(mail, name, more)])).statusCode).toBe(204)
  expect(await bench.stateOf(mail)).toMatchObject({ state, reason })
  expect((await bench.blockOf('EMAIL', mail.address))?.reason).toBe(blocked)
})

test('the signature is over the very bytes: one changed, or the same JSON written anew, is refused', async () => {
  const mail = await aMail()
  const body = `[${JSON.stringify(event(mail, 'bounce', { type: 'bounce' }))} ]`
  const headers = signed(body)
  const forgeries: [string, Record<string, string>][] = [
    [body.replace('"bounce"', '"dropped"'), headers],
    [JSON.stringify(JSON.parse(body)), headers],
    [`${body} `, headers],
    [body, { ...headers, 'x-twilio-email-event-webhook-signature': '' }],
    [body, { ...headers, 'x-twilio-email-event-webhook-signature': 'AAAA' }],
    [body, { ...headers, 'x-twilio-email-event-webhook-timestamp': '1793000001' }],
  ]
  for (const [changed, sent] of forgeries) {
    const answer = await bench.post('/carriers/sendgrid', changed, sent)
    expect([answer.statusCode, answer.body]).toEqual([403, ''])
  }
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
  expect((await bench.post('/carriers/sendgrid', body, headers)).statusCode).toBe(204)
})

test('a signed request is good for five minutes', async () => {
  const body = JSON.stringify([event(await aMail(), 'delivered')])
  const at = Math.floor(bench.clock.now().getTime() / 1000)
  const statusAt = async (timestamp: number) =>
    (await bench.post('/carriers/sendgrid', body, signed(body, String(timestamp)))).statusCode
  expect([await statusAt(at - 299), await statusAt(at - 302), await statusAt(at + 302)]).toEqual([
    204, 403, 403,
  ])
})

test('a batch of a thousand, three hundred of them told twice, counts each once', async () => {
  const mails = await Promise.all(Array.from({ length: 7 }, aMail))
  const own = Array.from({ length: 700 }, (_, index) =>
    event(mails[index % 7] as SentDelivery, 'bounce', { type: 'blocked', reason: '421 later' }),
  )
  const batch = [...own, ...own.slice(0, 300)]
  expect((await post(batch)).statusCode).toBe(204)
  expect((await post(batch)).statusCode).toBe(204)
  const [{ n } = { n: 0 }] = await bench.execute<{ n: number }>(
    'select count(*)::int as n from carrier_event where key = any(?)',
    [`{${own.map(({ sg_event_id }) => sg_event_id).join()}}`],
  )
  expect(n).toBe(700)
  for (const mail of mails) {
    expect(await bench.stateOf(mail)).toMatchObject({ state: 'UNDELIVERED' })
    // However often one mail fails, it is one failure.
    expect(await bench.blockOf('EMAIL', mail.address)).toBeUndefined()
  }
})

test.each([
  ['no list', '{}', 400],
  ['no JSON', '[', 400],
  ['nothing', '[]', 204],
  ['a list of anything', '[null,7,"a",[]]', 204],
])('a body with %s is answered without a word', async (_what, body, status) => {
  const answer = await bench.post('/carriers/sendgrid', body, signed(body))
  expect([answer.statusCode, answer.body]).toEqual([status, ''])
})
