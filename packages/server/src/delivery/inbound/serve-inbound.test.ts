import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { beforeEach, expect, test } from 'vitest'

import { createInboundBench } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'

const bench = await createInboundBench({
  environment: { POSTMARK_CREDENTIALS: 'postmark:of-the-tests' },
  limits: { bodyBytes: 10_000, refusalsPerMinute: 20, concurrentPerAddress: 5 },
})
const authorization = `Basic ${Buffer.from('postmark:of-the-tests').toString('base64')}`
const path = '/carriers/postmark'

beforeEach(() => {
  bench.clock.advanceSeconds(60)
  bench.logged.length = 0
})

async function aDelivered() {
  const mail = await bench.sent({ id: randomUUID() }, Channel.EMAIL, 'person@example.com')
  const body = JSON.stringify({
    RecordType: 'Delivery',
    MessageID: randomUUID(),
    Recipient: mail.address,
    Metadata: { delivery: mail.reference },
  })
  return { mail, body }
}

test('a body that is too long is refused before it is read, and one without a type is taken', async () => {
  const { mail, body } = await aDelivered()
  const long = await bench.post(path, body.padEnd(10_001), { authorization })
  expect([long.statusCode, long.body]).toEqual([413, ''])
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'SENT' })
  const answer = await bench.post(path, Buffer.from(body), { authorization })
  expect(answer.statusCode).toBe(204)
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'DELIVERED' })
})

test.each([
  '{',
  '[]',
  '"text"',
  'null',
  '7',
  '{"RecordType":{}}',
  '',
  '\u0000',
  '{"__proto__":{"RecordType":"Bounce"}}',
])('what %j says is taken or refused without a word', async (body) => {
  const answer = await bench.post(path, body, { authorization })
  expect([204, 400]).toContain(answer.statusCode)
  expect(answer.body).toBe('')
  expect(bench.logged).toEqual([])
})

test('a carrier that is not configured has no address here', async () => {
  for (const other of ['ses', 'sendgrid', 'mailgun', 'slack', 'twilio/inbound'])
    expect((await bench.post(`/carriers/${other}`, '{}')).statusCode).toBe(404)
})

test('an address that sends forgeries waits for the rest of the minute, and nobody else does', async () => {
  const forge = () => bench.post(path, '{}', { authorization: 'Basic forged' })
  for (let time = 0; time < 20; time++) expect((await forge()).statusCode).toBe(401)
  const { body } = await aDelivered()
  const refused = await bench.post(path, body, { authorization })
  expect([refused.statusCode, refused.headers['retry-after'], refused.body]).toEqual([429, '60', ''])
  const elsewhere = await bench.app.inject({
    method: 'POST',
    url: path,
    payload: body,
    headers: { authorization },
    remoteAddress: '192.0.2.7',
  })
  expect(elsewhere.statusCode).toBe(204)
  bench.clock.advanceSeconds(60)
  expect((await bench.post(path, body, { authorization })).statusCode).toBe(204)
})

test('an address has so many requests at work at once, and is told when to come again', async () => {
  const bodies = await Promise.all(Array.from({ length: 20 }, aDelivered))
  const answers = await Promise.all(bodies.map(({ body }) => bench.post(path, body, { authorization })))
  const statuses = answers.map(({ statusCode }) => statusCode)
  expect(statuses.filter((status) => status === 204)).toHaveLength(5)
  expect(statuses.filter((status) => status === 503)).toHaveLength(15)
  expect(answers.find(({ statusCode }) => statusCode === 503)?.headers['retry-after']).toBe('1')
  await sleep(20)
  expect((await bench.post(path, bodies[0]?.body ?? '', { authorization })).statusCode).toBe(204)
})

test('what goes wrong here is a 500 without words, and the log has where but not what was sent', async () => {
  const { mail, body } = await aDelivered()
  await bench.execute('alter table carrier_event rename to elsewhere')
  const answer = await bench.post(path, body, { authorization })
  await bench.execute('alter table elsewhere rename to carrier_event')
  expect([answer.statusCode, answer.body]).toEqual([500, ''])
  const log = bench.logged.join('')
  expect(log).toContain('42P01')
  expect(log).toContain('reports.ts')
  for (const sent of [mail.reference, mail.address, authorization, 'Delivery"', 'MessageID'])
    expect(log).not.toContain(sent)
  expect((await bench.post(path, body, { authorization })).statusCode).toBe(204)
  expect(await bench.stateOf(mail)).toMatchObject({ state: 'DELIVERED' })
})
