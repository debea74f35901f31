import { randomUUID, sign } from 'node:crypto'

import SnsPayloadValidator from 'sns-payload-validator'
import { beforeEach, expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { createSigningCertificate } from '../../../test/signing-certificate.ts'
import { Channel } from '../channel.ts'

const topic = 'arn:aws:sns:eu-west-1:123456789012:ses-reports'
const certificateUrl = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`
const { pem, privateKey } = await createSigningCertificate('sns.amazonaws.com')
const documents = new Map([[certificateUrl, pem]])
const bench = await createInboundBench({ environment: { SES_TOPICS: topic }, documents })

beforeEach(() => {
  bench.fetched.length = 0
})

type Payload = Record<string, string>

function notification(message: object | string, more: Payload = {}): Payload {
  return {
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: topic,
    Subject: 'Amazon SES Email Event Notification',
    Message: typeof message === 'string' ? message : JSON.stringify(message),
    Timestamp: bench.clock.now().toISOString(),
    SignatureVersion: '2',
    SigningCertURL: certificateUrl,
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    ...more,
  }
}

/** As the documentation of Amazon SNS has it signed: names in their order, each on a line, then its value. */
function signed(payload: Payload, key = privateKey): Payload {
  const names =
    payload['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names
    .filter((name) => payload[name] !== undefined)
    .map((name) => `${name}\n${payload[name]}\n`)
    .join('')
  const digest = payload['SignatureVersion'] === '1' ? 'sha1' : 'sha256'
  return { ...payload, Signature: sign(digest, Buffer.from(text), key).toString('base64') }
}

/** SNS sends its JSON as plain text. */
function post(payload: object) {
  return bench.post('/carriers/ses', JSON.stringify(payload), {
    'content-type': 'text/plain; charset=UTF-8',
  })
}

async function aMail() {
  const user = await bench.build.user()
  const address = `Person.${randomUUID().slice(0, 8)}@example.com`
  return { user, ...(await bench.sent(user, Channel.EMAIL, address)) }
}

/** As SES describes the mail in an event of a configuration set. */
function mailOf({ address, reference }: SentDelivery) {
  return {
    timestamp: '2026-11-05T00:40:02.012Z',
    source: 'lanyard@example.com',
    messageId: 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000',
    destination: [address],
    tags: { 'ses:configuration-set': ['reports'], delivery: [reference] },
  }
}

function bounce(mail: SentDelivery, bounceType: string, recipient: object = {}) {
  return {
    eventType: 'Bounce',
    mail: mailOf(mail),
    bounce: {
      bounceType,
      bounceSubType: 'General',
      bouncedRecipients: [
        {
          emailAddress: mail.address,
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          ...recipient,
        },
      ],
      timestamp: '2026-11-05T00:41:02.669Z',
      feedbackId: '01000157c44f053b',
    },
  }
}

test('our signatures are those that another reader of SNS accepts', async () => {
  const validator = new SnsPayloadValidator()
  // What it has in its cache it does not fetch.
  Object.assign(validator, { certCache: documents })
  for (const SignatureVersion of ['1', '2'])
    await expect(
      validator.validate(JSON.stringify(signed(notification('x', { SignatureVersion })))),
    ).resolves.toBeDefined()
})

test.each(['1', '2'])(
  'a permanent bounce, signed in version %s, blocks the address in the words of the other server',
  async (SignatureVersion) => {
    const mail = await aMail()
    const answer = await post(signed(notification(bounce(mail, 'Permanent'), { SignatureVersion })))
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(await bench.stateOf(mail)).toEqual({
      state: 'UNDELIVERED',
      reason: 'BOUNCED',
      carrier: 'ses',
      carrierId: mailOf(mail).messageId,
      carrierStatus: 'Bounce',
      detail: 'smtp; 550 5.1.1 user unknown',
    })
    expect(await bench.blockOf('EMAIL', mail.address.toLowerCase())).toMatchObject({ reason: 'BOUNCE' })
  },
)

test.each([
  ['Transient', {}, 'UNDELIVERED', undefined],
  ['Transient', { action: undefined }, 'SENT', undefined],
  ['Undetermined', {}, 'UNDELIVERED', undefined],
  ['Permanent', { status: '5.2.2' }, 'UNDELIVERED', undefined],
  ['Permanent', { status: undefined, diagnosticCode: undefined }, 'UNDELIVERED', 'BOUNCE'],
])('a bounce that is %s %j makes it %s', async (type, recipient, state, blocked) => {
  const mail = await aMail()
  await post(signed(notification(bounce(mail, type, recipient))))
  expect(await bench.stateOf(mail)).toMatchObject({ state })
  expect((await bench.blockOf('EMAIL', mail.address.toLowerCase()))?.reason).toBe(blocked)
})

test.each([
  [{ eventType: 'Delivery', delivery: { smtpResponse: '250 ok' } }, 'DELIVERED', undefined],
  [{ eventType: 'Send', send: {} }, 'SENT', undefined],
  [{ eventType: 'DeliveryDelay', deliveryDelay: { delayType: 'MailboxFull' } }, 'SENT', undefined],
  [{ eventType: 'Reject', reject: { reason: 'Bad content' } }, 'UNDELIVERED', undefined],
  [{ eventType: 'Open', open: {} }, 'SENT', undefined],
])('the event %j makes it %s', async (event, state, blocked) => {
  const mail = await aMail()
  expect((await post(signed(notification({ ...event, mail: mailOf(mail) })))).statusCode).toBe(204)
  expect(await bench.stateOf(mail)).toMatchObject({ state })
  expect((await bench.blockOf('EMAIL', mail.address.toLowerCase()))?.reason).toBe(blocked)
})

test.each([
  ['abuse', 'COMPLAINT'],
  [undefined, 'COMPLAINT'],
  ['not-spam', undefined],
  ['auth-failure', undefined],
])('a complaint of type %s blocks: %s', async (complaintFeedbackType, blocked) => {
  const mail = await aMail()
  const complaint = { complainedRecipients: [{ emailAddress: mail.address }], complaintFeedbackType }
  await post(signed(notification({ notificationType: 'Complaint', mail: mailOf(mail), complaint })))
  expect((await bench.blockOf('EMAIL', mail.address.toLowerCase()))?.reason).toBe(blocked)
})

test('the notifications of an identity name the delivery in a header, or in where the mail comes from', async () => {
  const [one, other] = [await aMail(), await aMail()]
  const { tags: _tags, ...untagged } = mailOf(one)
  const headers = [{ name: 'X-SES-MESSAGE-TAGS', value: `delivery=${one.reference}` }]
  const source = `b-${other.reference}@bounces.example.com`
  const told = (mail: object) => ({ notificationType: 'Delivery', mail, delivery: { recipients: [] } })
  await post(signed(notification(told({ ...untagged, headersTruncated: false, headers }))))
  await post(signed(notification(told({ ...untagged, destination: [other.address], source }))))
  for (const mail of [one, other]) expect(await bench.stateOf(mail)).toMatchObject({ state: 'DELIVERED' })
})

test('a certificate is fetched once', async () => {
  const fresh = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${'1'.repeat(32)}.pem`
  documents.set(fresh, pem)
  for (let time = 0; time < 3; time++)
    await post(signed(notification('plain words', { SigningCertURL: fresh })))
  expect(bench.fetched).toEqual([fresh])
})

const path = `/SimpleNotificationService-${'2'.repeat(32)}.pem`

test.each([
  ['its own certificate elsewhere', { SigningCertURL: `https://sns.evil${path}` }],
  ['a host that goes on', { SigningCertURL: `https://sns.eu-west-1.amazonaws.com.evil${path}` }],
  ['a user name', { SigningCertURL: `https://sns.eu-west-1.amazonaws.com@evil.example.com${path}` }],
  ['a user name on the real host', { SigningCertURL: `https://evil@sns.eu-west-1.amazonaws.com${path}` }],
  ['a port', { SigningCertURL: `https://sns.eu-west-1.amazonaws.com:8443${path}` }],
  ['no TLS', { SigningCertURL: `http://sns.eu-west-1.amazonaws.com${path}` }],
  ['another path', { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/evil.pem' }],
  ['a climbing path', { SigningCertURL: `https://sns.eu-west-1.amazonaws.com/..${path}?x` }],
  ['a bucket of somebody', { SigningCertURL: `https://sns.s3.amazonaws.com${path}` }],
  ['a tricky bracket', { SigningCertURL: `https://sns.eu-west-1.amazonaws.com\\@evil.example.com${path}` }],
  ['a file', { SigningCertURL: 'file:///etc/passwd' }],
  ['no certificate', { SigningCertURL: '' }],
  ['another topic', { TopicArn: 'arn:aws:sns:eu-west-1:999999999999:ses-reports' }],
  ['an old time', { Timestamp: '2020-01-01T00:00:00.000Z' }],
  ['no time', { Timestamp: 'now' }],
  ['another type', { Type: 'UnsubscribeConfirmation' }],
  ['an unknown signature', { SignatureVersion: '3' }],
])('a forged report with %s is refused before anything is fetched', async (_what, forged: Payload) => {
  const mail = await aMail()
  const { privateKey: own } = await createSigningCertificate('sns.amazonaws.com')
  const answer = await post(signed(notification(bounce(mail, 'Permanent'), forged), own))
  expect([answer.statusCode, answer.body]).toEqual([403, ''])
  expect(bench.fetched).toEqual([])
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

test('a changed report, and one that is an hour old, are refused', async () => {
  const mail = await aMail()
  const payload = signed(notification(bounce(mail, 'Permanent')))
  const changed = [
    { ...payload, Message: payload['Message']?.replace('Permanent', 'Transient') },
    { ...payload, MessageId: randomUUID() },
    { ...payload, Signature: '' },
    { ...payload, Subject: undefined },
  ]
  for (const forged of changed) expect((await post(forged)).statusCode).toBe(403)
  bench.clock.advanceSeconds(3601)
  expect((await post(payload)).statusCode).toBe(403)
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

function subscription(more: Payload = {}): Payload {
  return notification('You have chosen to subscribe to the topic.', {
    Type: 'SubscriptionConfirmation',
    Token: 'a'.repeat(64),
    SubscribeURL: `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=a`,
    ...more,
  })
}

test('a subscription to our topic is confirmed, once its signature is believed', async () => {
  const asked = subscription()
  documents.set(String(asked['SubscribeURL']), '<ConfirmSubscriptionResponse/>')
  const { privateKey: own } = await createSigningCertificate('sns.amazonaws.com')
  expect((await post(signed(asked, own))).statusCode).toBe(403)
  expect(bench.fetched).not.toContain(asked['SubscribeURL'])
  expect((await post(signed(asked))).statusCode).toBe(204)
  expect(bench.fetched).toContain(asked['SubscribeURL'])
})

test('no subscription is confirmed for another topic, nor anywhere else', async () => {
  const SubscribeURL = 'https://evil.example.com/?Action=ConfirmSubscription'
  const other = subscription({ TopicArn: 'arn:aws:sns:eu-west-1:123456789012:another' })
  for (const asked of [other, subscription({ SubscribeURL })])
    expect((await post(signed(asked))).statusCode).toBe(403)
  expect(bench.fetched.filter((url) => url !== certificateUrl)).toEqual([])
})

test('a report that is told again counts once', async () => {
  const mail = await aMail()
  const payload = signed(notification(bounce(mail, 'Permanent')))
  for (let time = 0; time < 5; time++) expect((await post(payload)).statusCode).toBe(204)
  expect((await bench.historyOf(mail.user.id)).map(({ action }) => action)).toEqual([])
  const events = await bench.execute('select 1 from carrier_event where key like ?', [
    `${payload['MessageId']}%`,
  ])
  expect(events).toHaveLength(1)
})
