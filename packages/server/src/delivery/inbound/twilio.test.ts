import { randomUUID } from 'node:crypto'

import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'

import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'
import type { RenderedCall } from '../rendered-message.ts'

const authToken = 'token-of-the-tests'
const call: RenderedCall = {
  channel: Channel.VOICE,
  locale: 'en-US',
  sentences: ['Hello. This is a message from Lanyard.', 'To confirm that you hear this, press 1.'],
  keys: {
    '1': { means: 'confirm', answer: 'Thank you.' },
    '2': { means: 'repeat', answer: 'Once more.' },
  },
}
const calls = new Map<string, RenderedCall>()
const bench = await createInboundBench({
  environment: {
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+14155550100',
  },
  calls: ({ deliveryId }) => calls.get(deliveryId) ?? null,
})

type Parameters = Record<string, string>

function post(path: string, parameters: Parameters, headers: Record<string, string> = {}) {
  const url = `https://lanyard.example.com${path}`
  return bench.post(path, new URLSearchParams(parameters).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': getExpectedTwilioSignature(authToken, url, parameters),
    ...headers,
  })
}

function report({ reference }: Pick<SentDelivery, 'reference'>, parameters: Parameters) {
  return post(`/carriers/twilio/status/${reference}`, parameters)
}

function anSms(number = '+14155550199') {
  return bench.sent({ id: randomUUID() }, Channel.SMS, number)
}

function messageStatus(MessageStatus: string, more: Parameters = {}): Parameters {
  return { MessageSid: 'SM1', MessageStatus, To: '+14155550199', From: '+14155550100', ...more }
}

let numbers = 0
function aNumber(): string {
  const n = numbers++
  return `+1${212 + Math.floor(n / 100)}55501${String(n % 100).padStart(2, '0')}`
}

test('a message is delivered when Twilio says so, and keeps its name there', async () => {
  const delivery = await anSms()
  expect((await report(delivery, messageStatus('delivered', { MessageSid: 'SM7' }))).statusCode).toBe(204)
  expect(await bench.stateOf(delivery)).toMatchObject({
    state: 'DELIVERED',
    carrier: 'twilio',
    carrierId: 'SM7',
    carrierStatus: 'delivered',
  })
})

test('a late "sent" does not take back "delivered", and a hundred repeats are one', async () => {
  const delivery = await anSms()
  const sid = { MessageSid: randomUUID() }
  for (let time = 0; time < 100; time++) await report(delivery, messageStatus('delivered', sid))
  await report(delivery, messageStatus('sent', sid))
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'DELIVERED' })
  const events = await bench.execute('select 1 from carrier_event where key like ?', [
    `${sid.MessageSid}:%`,
  ])
  expect(events).toHaveLength(2)
})

test.each([
  [messageStatus('undelivered', { ErrorCode: '30003' }), 'UNDELIVERED', 'UNDELIVERED', '30003'],
  [messageStatus('failed', { ErrorCode: '30005' }), 'UNDELIVERED', 'ADDRESS_INVALID', '30005'],
  [messageStatus('undelivered', { ErrorCode: '30007' }), 'UNDELIVERED', 'MESSAGE_REFUSED', '30007'],
  [messageStatus('read'), 'DELIVERED', null, null],
  [{ CallSid: 'CA1', CallStatus: 'completed', To: '+12125550142' }, 'DELIVERED', null, null],
  [{ CallSid: 'CA1', CallStatus: 'no-answer', To: '+12125550142' }, 'UNDELIVERED', 'NO_ANSWER', null],
  [{ CallSid: 'CA1', CallStatus: 'busy', To: '+12125550142' }, 'UNDELIVERED', 'NO_ANSWER', null],
  [{ CallSid: 'CA1', CallStatus: 'ringing', To: '+12125550142' }, 'SENT', null, null],
])('%j makes it %s for %s', async (parameters, state, reason, detail) => {
  const delivery = await anSms()
  const sid = { ['CallSid' in parameters ? 'CallSid' : 'MessageSid']: randomUUID() }
  expect((await report(delivery, { ...parameters, ...sid })).statusCode).toBe(204)
  expect(await bench.stateOf(delivery)).toMatchObject({ state, reason, detail })
})

test('no signature, a wrong one, that of another account or of other parameters is refused and changes nothing', async () => {
  const delivery = await anSms()
  const path = `/carriers/twilio/status/${delivery.reference}`
  const parameters = messageStatus('undelivered')
  const url = `https://lanyard.example.com${path}`
  const signatures = [
    '',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    getExpectedTwilioSignature('token of another account', url, parameters),
    getExpectedTwilioSignature(authToken, url, messageStatus('delivered')),
    getExpectedTwilioSignature(authToken, url.replace(delivery.reference, ''), parameters),
  ]
  for (const signature of signatures) {
    const answer = await post(path, parameters, { 'x-twilio-signature': signature })
    expect([answer.statusCode, answer.body]).toEqual([403, ''])
  }
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'SENT', carrier: null })
})

test('what a proxy makes of Host and port does not matter: Twilio signs the address that the world knows', async () => {
  const delivery = await anSms()
  const headers = { host: '10.0.0.7:4000', 'x-forwarded-host': 'evil.example.com' }
  const path = `/carriers/twilio/status/${delivery.reference}`
  const answer = await post(path, messageStatus('delivered', { MessageSid: randomUUID() }), headers)
  expect(answer.statusCode).toBe(204)
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'DELIVERED' })
})

test('a delivery that we do not know gets the answer that every delivery gets', async () => {
  const known = await report(await anSms(), messageStatus('sent'))
  const stranger = { reference: 'a'.repeat(60) }
  const deleted = await anSms()
  await bench.execute('delete from delivery where id = ?', [deleted.deliveryId])
  for (const reference of [stranger, deleted]) {
    const answer = await report(reference, messageStatus('undelivered', { ErrorCode: '21610' }))
    expect([answer.statusCode, answer.body]).toEqual([known.statusCode, known.body])
  }
  expect(await bench.execute("select 1 from blocked_address where address_key = '+14155550199'")).toEqual(
    [],
  )
})

async function person(number: string, language = 'EN') {
  const user = await bench.build.user({ phone: { number, country: 'US' } })
  await bench.execute('update "user" set language = ? where id = ?', [language, user.id])
  return user
}

function text(From: string, Body: string, more: Parameters = {}) {
  return post('/carriers/twilio/inbound', {
    MessageSid: `SM${randomUUID()}`,
    From,
    To: '+14155550100',
    Body,
    ...more,
  })
}

test('STOP ends texts to a number for everybody who proved it, and is answered in their language', async () => {
  const number = aNumber()
  const user = await person(number, 'DE')
  const other = await person(number)
  const answer = await text(number, 'Stop')
  expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
  expect(answer.body).toMatch(/<Response><Message>Lanyard sendet hier nichts mehr/)
  expect(await bench.blockOf('SMS', number)).toEqual({ reason: 'OPTED_OUT', detail: 'STOP' })
  expect(await bench.blockOf('WHATSAPP', number)).toBeUndefined()
  for (const { id } of [user, other]) {
    expect(await bench.historyOf(id)).toEqual([
      {
        action: 'PHONE_OPTED_OUT',
        subject: number,
        changes: [{ field: 'sms', before: null, after: 'OPTED_OUT' }],
        device: 'Twilio',
        actor_id: null,
      },
    ])
    expect(await bench.notices(id)).toMatchObject([{ content: { address: number, reason: 'OPTED_OUT' } }])
  }
})

test('START takes it back, and lifts no other block', async () => {
  const number = aNumber()
  const user = await person(number)
  await text(`whatsapp:${number}`, 'STOP')
  expect(await bench.blockOf('WHATSAPP', number)).toMatchObject({ reason: 'OPTED_OUT' })
  expect((await text(`whatsapp:${number}`, ' start ')).body).toContain(
    'sends messages to this number again',
  )
  expect(await bench.blockOf('WHATSAPP', number)).toBeUndefined()
  expect((await bench.historyOf(user.id)).map(({ action }) => action)).toEqual([
    'PHONE_OPTED_OUT',
    'PHONE_OPTED_IN',
  ])

  await bench.execute("insert into blocked_address values ('SMS', ?, 'UNDELIVERABLE', null, now())", [
    number,
  ])
  await text(number, 'START')
  expect(await bench.blockOf('SMS', number)).toMatchObject({ reason: 'UNDELIVERABLE' })
})

test.each([
  'STOP',
  'stop.',
  ' Stop all ',
  'STOPALL',
  'unsubscribe',
  'CANCEL',
  'End',
  'QUIT',
  'revoke',
  'OptOut',
  'ARRÊT',
  'arret',
  'Parar',
  'ALTO',
  'baja',
  'Stopp',
  'abmelden',
  'Afmelden',
])('"%s" is a way to say stop', async (word) => {
  const number = aNumber()
  await text(number, word)
  expect(await bench.blockOf('SMS', number)).toMatchObject({ reason: 'OPTED_OUT' })
})

test.each(["don't stop", 'stop it now', 'unstoppable', '', '🛑', 'STOP'.repeat(30)])(
  '"%s" is none, and is not answered',
  async (words) => {
    const number = aNumber()
    expect((await text(number, words)).body).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>')
    expect(await bench.blockOf('SMS', number)).toBeUndefined()
  },
)

test('HELP and INFO are answered, and change nothing', async () => {
  const number = aNumber()
  const user = await person(number, 'FR')
  for (const word of ['help', 'INFO', 'Aide'])
    expect((await text(number, word)).body).toContain('Lanyard envoie des codes')
  expect(await bench.historyOf(user.id)).toEqual([])
})

test('where Twilio itself answers such words, we do not answer again', async () => {
  const number = aNumber()
  const answer = await text(number, 'Ya basta', { OptOutType: 'STOP' })
  expect(answer.body).not.toContain('Message')
  expect(await bench.blockOf('SMS', number)).toMatchObject({ reason: 'OPTED_OUT' })
})

test('an old STOP that is told again does not undo a START', async () => {
  const number = aNumber()
  const MessageSid = `SM${randomUUID()}`
  await text(number, 'STOP', { MessageSid })
  await text(number, 'START')
  await text(number, 'STOP', { MessageSid })
  expect(await bench.blockOf('SMS', number)).toBeUndefined()
})

test('error 21610 in a report does as STOP does', async () => {
  const number = aNumber()
  const user = await person(number)
  const delivery = await bench.sent(user, Channel.SMS, number)
  const refused = { MessageSid: randomUUID(), To: number, ErrorCode: '21610' }
  await report(delivery, messageStatus('failed', refused))
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'UNDELIVERED', reason: 'OPTED_OUT' })
  expect(await bench.blockOf('SMS', number)).toEqual({ reason: 'OPTED_OUT', detail: '21610' })
  expect(await bench.historyOf(user.id)).toMatchObject([{ action: 'PHONE_OPTED_OUT' }])
})

async function taken(rendered: RenderedCall = call) {
  const delivery = await bench.sent({ id: randomUUID() }, Channel.VOICE, '+12125550142')
  calls.set(delivery.deliveryId, rendered)
  const ask = (parameters: Parameters = {}, round = '') =>
    post(`/carriers/twilio/voice/${delivery.reference}${round}`, {
      CallSid: 'CA1',
      CallStatus: 'in-progress',
      To: '+12125550142',
      ...parameters,
    })
  return { delivery, ask }
}

test('a call that is taken says its sentences and waits for one key', async () => {
  const { delivery, ask } = await taken()
  const { body } = await ask()
  const next = `https://lanyard.example.com/carriers/twilio/voice/${delivery.reference}?round=1`
  expect(body).toContain(`<Gather numDigits="1" action="${next}" method="POST"`)
  expect(body).toContain('<Say language="en-US">Hello. This is a message from Lanyard.</Say>')
  expect(body.match(/<Gather/g)).toHaveLength(2)
  expect(body).toMatch(/<Hangup\/><\/Response>$/)
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'SENT' })
})

test('the key that confirms makes it delivered, and the call ends', async () => {
  const { delivery, ask } = await taken()
  const { body } = await ask({ Digits: '1', CallSid: randomUUID() }, '?round=1')
  expect(body).toMatch(/<Response><Say language="en-US">Thank you\.<\/Say><Hangup\/><\/Response>$/)
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'DELIVERED', carrierStatus: 'confirmed' })
})

test('the key that repeats, and one without a meaning, say it all again, three times at most', async () => {
  const { delivery, ask } = await taken()
  expect((await ask({ Digits: '2' }, '?round=1')).body).toMatch(/Once more\..*<Gather .*round=2/)
  expect((await ask({ Digits: '7' }, '?round=2')).body).toMatch(/<Gather .*round=3/)
  expect((await ask({ Digits: '2' }, '?round=3')).body).not.toContain('Gather')
  expect(await bench.stateOf(delivery)).toMatchObject({ state: 'SENT' })
})

test('a call that is over, or was never made, is hung up', async () => {
  const path = `/carriers/twilio/voice/${'a'.repeat(60)}`
  expect((await post(path, { CallSid: 'CA1' })).body).toMatch(/<Response><Hangup\/><\/Response>$/)
})

/** The elements of a document, in order. Throws for what is not well-formed in the part of XML that we write. */
function elementsOf(document: string): string[] {
  const allowed = /^[\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u
  const [, content] = /^<\?xml version="1\.0" encoding="UTF-8"\?>(.*)$/s.exec(document) ?? []
  if (content === undefined || !allowed.test(content)) throw new Error('no XML')
  const token =
    /<(\w+)(?: \w+="(?:[^"<&]|&(?:amp|lt|gt|quot|apos);)*")*(\/?)>|<\/(\w+)>|(?:[^<&]|&(?:amp|lt|gt|quot|apos);)+/gy
  const elements: string[] = []
  const open: string[] = []
  while (token.lastIndex < content.length) {
    const [, opened, empty, closed] = token.exec(content) ?? ['', undefined, undefined, '?']
    if (opened) elements.push(opened)
    if (opened && !empty) open.push(opened)
    if (closed && open.pop() !== closed) throw new Error(`not well-formed: ${content.slice(0, 1000)}`)
  }
  if (open.length > 0) throw new Error('not closed')
  return elements
}

/** What could be heard as markup, or break it. */
const hostileTitles: [string, string][] = [
  ['an end', '</Say><Dial>+882123456789</Dial>'],
  ['two ends', '</Say></Gather><Dial>+882123456789</Dial>'],
  ['a quote', '"><Dial>+882123456789</Dial>'],
  ['the end of a section', ']]><Dial>+882123456789</Dial>'],
  ['a section', '<![CDATA[<Dial>+882123456789</Dial>]]>'],
  ['a comment', '<!-- --><Redirect>https://evil.example.com</Redirect>'],
  ['a document', '<?xml version="1.0"?><Response><Dial/></Response>'],
  ['an entity of a file', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;'],
  ['escaped markup', '&lt;Dial&gt;'],
  ['numbered characters', '&#60;Dial&#62;'],
  ['an unknown entity', '&undefined;'],
  ['control characters', '\u0000\u0001\u0008\u000B\u001F\u0085'],
  ['half of a pair', '\uD800 half'],
  ['half of a pair where it is cut', `${'x'.repeat(999)}😀`],
  ['no characters', '\uFFFE\uFFFF'],
  ['another direction', '\u202Eright to left'],
  ['a statement', "'; DROP TABLE delivery; --"],
  ['a sound', '<Say><Play>https://evil.example.com/a.mp3</Play></Say>'],
  ['a recording', '<Record action="https://evil.example.com"/>'],
  ['an encoded tag', '%3CDial%3E'],
  ['too much of it', '<Dial>'.repeat(5000)],
]

test.each(hostileTitles)('a title with %s dials nobody', async (_what, title) => {
  const keys = { '1': { means: 'confirm', answer: title } } as const
  const { ask } = await taken({ ...call, sentences: [title], keys })
  const spoken = [await ask(), await ask({ Digits: '1', CallSid: randomUUID() })]
  for (const { body } of spoken) {
    expect(elementsOf(body).filter((name) => !['Say', 'Gather', 'Pause'].includes(name))).toEqual([
      'Response',
      'Hangup',
    ])
    expect(body.length).toBeLessThan(16_000)
  }
})
