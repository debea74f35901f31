import { createHmac, randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'

const bench = await createInboundBench({ environment: { MAILGUN_SIGNING_KEY: 'key-of-the-tests' } })

function signature(timestamp = Math.floor(bench.clock.now().getTime() / 1000), key = 'key-of-the-tests') {
  const token = randomUUID().replaceAll('-', '').padEnd(50, '0')
  const text = `${timestamp}${token}`
  return {
    timestamp: String(timestamp),
    token,
    signature: createHmac('sha256', key).update(text).digest('hex'),
  }
}

function post(eventData: object, signed: object = signature()) {
  const body = JSON.stringify({ signature: signed, 'event-data': eventData })
  return bench.post('/carriers/mailgun', body, { 'content-type': 'application/json' })
}

function aMail() {
  return bench.sent({ id: randomUUID() }, Channel.EMAIL, `person.${randomUUID().slice(0, 8)}@example.com`)
}

/** As Mailgun's documentation shows it. */
function event(mail: SentDelivery, name: string, more: object = {}) {
  return {
    event: name,
    id: randomUUID(),
    timestamp: 1_793_000_000.5,
    recipient: mail.address,
    tags: [],
    message: { headers: { 'message-id': '20261105.1.A@example.com', to: mail.address } },
    'user-variables': { delivery: mail.reference },
    flags: { 'is-test-mode': false },
    ...more,
  }
}

const failed = (reason: string, status: object) => ({
  severity: 'permanent',
  reason,
  'delivery-status': { 'attempt-no': 1, message: '', description: '', ...status },
})

test.each([
  ['accepted', {}, 'SENT', null, undefined],
  ['delivered', {}, 'DELIVERED', null, undefined],
  ['opened', {}, 'SENT', null, undefined],
  ['failed', { severity: 'temporary', reason: 'generic' }, 'SENT', null, undefined],
  [
    'failed',
    failed('bounce', { code: 550, message: '5.1.1 no such user' }),
    'UNDELIVERED',
    'BOUNCED',
    'BOUNCE',
  ],
  [
    'failed',
    failed('bounce', { code: 552, message: '5.2.2 mailbox full' }),
    'UNDELIVERED',
    'UNDELIVERED',
    undefined,
  ],
  ['failed', failed('generic', { code: 605 }), 'UNDELIVERED', 'UNDELIVERED', undefined],
  ['failed', failed('old', { code: 602 }), 'UNDELIVERED', 'UNDELIVERED', undefined],
  ['failed', failed('suppress-bounce', { code: 605 }), 'UNDELIVERED', 'BOUNCED', 'BOUNCE'],
  ['failed', failed('suppress-complaint', { code: 607 }), 'UNDELIVERED', 'COMPLAINED', 'COMPLAINT'],
  ['rejected', {}, 'UNDELIVERED', 'MESSAGE_REFUSED', undefined],
  ['complained', {}, 'DELIVERED', null, 'COMPLAINT'],
  ['unsubscribed', {}, 'DELIVERED', null, 'OPTED_OUT'],
])('%s %j makes it %s', async (name, more, state, reason, blocked) => {
  const mail = await aMail()
  expect((await post(event(mail, name, more))).statusCode).toBe(204)
  expect(await bench.stateOf(mail)).toMatchObject({ state, reason })
  expect((await bench.blockOf('EMAIL', mail.address))?.reason).toBe(blocked)
})

test('a forged signature, an old one, and one without a token are refused', async () => {
  const mail = await aMail()
  const bounced = event(mail, 'failed', failed('bounce', { code: 550 }))
  const at = Math.floor(bench.clock.now().getTime() / 1000)
  const good = signature()
  for (const forged of [
    {},
    { ...good, signature: '' },
    { ...good, token: `${good.token}0` },
    { ...good, timestamp: String(at + 1) },
    signature(at, 'key of somebody else'),
    signature(at - 302),
    { timestamp: [good.timestamp], token: good.token, signature: good.signature },
  ]) {
    const answer = await post(bounced, forged)
    expect([answer.statusCode, answer.body]).toEqual([403, ''])
  }
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
})

test('a token that was seen carries nothing else', async () => {
  const [mail, victim] = [await aMail(), await aMail()]
  const seen = signature()
  await post(event(mail, 'delivered'), seen)
  const answer = await post(event(victim, 'failed', failed('bounce', { code: 550 })), seen)
  expect([answer.statusCode, answer.body]).toEqual([204, ''])
  expect(await bench.stateOf(victim)).toMatchObject({ state: 'SENT' })
  expect(await bench.blockOf('EMAIL', victim.address)).toBeUndefined()
})
