import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'

const bench = await createInboundBench({ environment: { POSTMARK_CREDENTIALS: 'postmark:of-the-tests' } })
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

function post(body: object, authorization = basic('postmark:of-the-tests')) {
  const headers = { 'content-type': 'application/json', authorization }
  return bench.post('/carriers/postmark', JSON.stringify(body), headers)
}

async function aMail() {
  const user = await bench.build.user()
  const address = `Person.${randomUUID().slice(0, 8)}@example.com`
  return { user, ...(await bench.sent(user, Channel.EMAIL, address)) }
}

/** As Postmark's documentation shows it. */
function bounce({ reference, address }: SentDelivery, Type: string, more: object = {}) {
  return {
    RecordType: 'Bounce',
    MessageStream: 'outbound',
    ID: 4323372036854776000,
    Type,
    TypeCode: 1,
    Name: 'Hard bounce',
    Tag: '',
    MessageID: randomUUID(),
    Metadata: { delivery: reference },
    ServerID: 23,
    Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
    Details: '',
    Email: address,
    From: 'lanyard@example.com',
    BouncedAt: '2026-11-05T16:33:54.9070259Z',
    DumpAvailable: true,
    Inactive: true,
    CanActivate: true,
    Subject: 'A test',
    ...more,
  }
}

test('a hard bounce makes it undelivered and blocks the address, in the words of the other server', async () => {
  const mail = await aMail()
  const Details = 'smtp;550 5.1.1 The email account that you tried to reach does not exist.'
  const answer = await post(bounce(mail, 'HardBounce', { Details }))
  expect([answer.statusCode, answer.body]).toEqual([204, ''])
  expect(await bench.stateOf(mail)).toMatchObject({
    state: 'UNDELIVERED',
    reason: 'BOUNCED',
    carrier: 'postmark',
    carrierStatus: 'HardBounce',
    detail: Details,
  })
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toEqual({
    reason: 'BOUNCE',
    detail: Details,
  })
})

test.each([
  ['SoftBounce', {}, 'UNDELIVERED', 'UNDELIVERED', undefined],
  ['HardBounce', { Details: '552 5.2.2 mailbox full' }, 'UNDELIVERED', 'UNDELIVERED', undefined],
  ['Transient', {}, 'SENT', null, undefined],
  ['AutoResponder', {}, 'SENT', null, undefined],
  ['SpamNotification', {}, 'UNDELIVERED', 'MESSAGE_REFUSED', undefined],
  ['BadEmailAddress', {}, 'UNDELIVERED', 'BOUNCED', 'BOUNCE'],
  ['Unsubscribe', {}, 'DELIVERED', null, 'OPTED_OUT'],
])('a bounce of type %s %j makes it %s', async (type, more, state, reason, blocked) => {
  const mail = await aMail()
  await post(bounce(mail, type, more))
  expect(await bench.stateOf(mail)).toMatchObject({ state, reason })
  expect((await bench.blockOf('EMAIL', mail.address.toLowerCase()))?.reason).toBe(blocked)
})

test('what was delivered is, and a complaint blocks the address without calling the mail lost', async () => {
  const mail = await aMail()
  const common = { MessageID: randomUUID(), Metadata: { delivery: mail.reference } }
  await post({ RecordType: 'Delivery', Recipient: mail.address, Details: '250 OK', ...common })
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'DELIVERED', carrierId: common.MessageID })
  await post({ ...bounce(mail, 'SpamComplaint'), RecordType: 'SpamComplaint' })
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'DELIVERED', reason: null })
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toMatchObject({ reason: 'COMPLAINT' })
})

test('a suppression that the recipient asked for blocks the address; its end is for the person to prove', async () => {
  const mail = await aMail()
  const change = (SuppressSending: boolean) => ({
    RecordType: 'SubscriptionChange',
    MessageID: randomUUID(),
    Recipient: mail.address,
    Origin: 'Recipient',
    SuppressSending,
    SuppressionReason: SuppressSending ? 'ManualSuppression' : null,
    Metadata: { delivery: mail.reference },
  })
  await post(change(true))
  await post(change(false))
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toMatchObject({ reason: 'OPTED_OUT' })
})

test('wrong credentials are refused, and change nothing', async () => {
  const mail = await aMail()
  for (const credentials of [
    '',
    'Basic',
    basic('postmark:wrong'),
    basic('postmark:of-the-tests '),
    'Bearer x',
  ]) {
    const answer = await post(bounce(mail, 'HardBounce'), credentials)
    expect([answer.statusCode, answer.body]).toEqual([401, ''])
    expect(answer.headers['www-authenticate']).toBe('Basic realm="carriers"')
  }
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

test('a bounce of another address than the delivery went to is not believed', async () => {
  const [mail, victim] = [await aMail(), await aMail()]
  await post({ ...bounce(mail, 'HardBounce'), Email: victim.address })
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
  expect(await bench.blockOf('EMAIL', victim.address.toLowerCase())).toBeUndefined()
})

test('mail that we did not send is answered like any other', async () => {
  const mail = await aMail()
  for (const Metadata of [{}, { delivery: 'a'.repeat(60) }, { delivery: 7 }, null]) {
    const answer = await post({ ...bounce(mail, 'HardBounce'), Metadata })
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
  }
  expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toBeUndefined()
})
