import { validateRequest } from 'twilio'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import { jsonAnswer } from '../../../test/stand-ins/http-stand-in.ts'
import { callParcel, testNumber, textParcel, whatsAppParcel } from '../../../test/stand-ins/parcels.ts'
import { SiteStandIn } from '../../../test/stand-ins/site-stand-in.ts'
import { TwilioStandIn } from '../../../test/stand-ins/twilio-stand-in.ts'
import { loadConfig } from '../../config.ts'
import { systemClock } from '../../lib/clock.ts'
import { newId } from '../../lib/ids.ts'
import { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Carrier, Outcome, Parcel } from '../carrier.ts'
import { operatorsHosts } from './create-carriers.ts'
import { createTwilioSms } from './twilio-sms.ts'
import { createTwilioVoice } from './twilio-voice.ts'
import { createTwilioWhatsApp } from './twilio-whatsapp.ts'

const twilio = await TwilioStandIn.listen()
const config = loadConfig({
  ...twilio.environment('+12025550100,+12025550102'),
  PUBLIC_URL: 'https://lanyard.example.com',
  TWILIO_CONTENT_SIDS: '{"code.en": "HX0001"}',
})
const http = new OutboundHttp({ allowedHosts: operatorsHosts(config) })
if (!config.twilio) throw new Error('Twilio is not configured')
const parts = { config: config.twilio, http, clock: systemClock, publicUrl: config.publicUrl }
const sms = createTwilioSms(parts)
const voice = createTwilioVoice(parts)
const whatsApp = createTwilioWhatsApp({ ...parts, whatsappFrom: '+12025550101' })

afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await twilio[Symbol.asyncDispose]()
})
beforeEach(() => {
  twilio.answerAsUsual()
  twilio.items.length = 0
})

const signal = () => AbortSignal.timeout(10_000)
const send = (carrier: Carrier, parcel: Parcel): Promise<Outcome> => carrier.send(parcel, signal())

test('a text goes from the first of our numbers, and Twilio reports on it at a URL that names the delivery', async () => {
  const parcel = textParcel('Your code is 123456')
  const outcome = await send(sms, parcel)

  const [message] = twilio.messages
  expect(outcome).toEqual({ kind: 'accepted', carrierId: message?.sid, carrierStatus: 'queued' })
  expect(Object.fromEntries(message?.parameters ?? [])).toEqual({
    To: testNumber,
    From: '+12025550100',
    Body: 'Your code is 123456',
    StatusCallback: `https://lanyard.example.com/carriers/twilio/status/${parcel.reference}`,
    ValidityPeriod: '600',
  })
})

test('a text that lives for days is kept by Twilio as long as it can', async () => {
  await send(sms, textParcel('x', { lifeSeconds: 3 * 86_400 }))
  await send(sms, textParcel('x', { lifeSeconds: 0.4 }))
  expect(twilio.messages.map(({ parameters }) => parameters.get('ValidityPeriod'))).toEqual(['36000', '1'])
})

test('a text carries no control characters, and nothing that turns it around', async () => {
  await send(
    sms,
    textParcel('One\r\ntwo\u0000\u0007\u001b[31m \u202etxt.exe\u202c \u2066three\u2069\u200f\ud800'),
  )
  expect(twilio.messages[0]?.parameters.get('Body')).toBe('One\ntwo[31m txt.exe three\ufffd')
})

test('a text of more than three parts is not sent', async () => {
  const parcel = textParcel()
  const long = { ...parcel, message: { ...parcel.message, segments: 4 } as Parcel['message'] }
  expect(await send(sms, long)).toMatchObject({ kind: 'permanent', reason: 'MESSAGE_REFUSED' })
  expect(twilio.messages).toEqual([])
})

test('a call fetches its words and is reported on from its start', async () => {
  const parcel = callParcel()
  expect(await send(voice, parcel)).toMatchObject({ kind: 'accepted', carrierStatus: 'queued' })

  const parameters = twilio.calls[0]?.parameters
  expect(parameters?.get('To')).toBe(testNumber)
  expect(parameters?.get('Url')).toBe(
    `https://lanyard.example.com/carriers/twilio/voice/${parcel.reference}`,
  )
  expect(parameters?.get('StatusCallback')).toBe(
    `https://lanyard.example.com/carriers/twilio/status/${parcel.reference}`,
  )
  expect(parameters?.getAll('StatusCallbackEvent')).toEqual([
    'initiated',
    'ringing',
    'answered',
    'completed',
  ])
})

test('WhatsApp gets an approved template of the recipient’s language, and never free text', async () => {
  expect(await send(whatsApp, whatsAppParcel({ 1: '123 456\n ' }))).toMatchObject({ kind: 'accepted' })

  const parameters = twilio.messages[0]?.parameters
  expect(parameters?.get('To')).toBe(`whatsapp:${testNumber}`)
  expect(parameters?.get('From')).toBe('whatsapp:+12025550101')
  expect(parameters?.get('ContentSid')).toBe('HX0001')
  expect(JSON.parse(parameters?.get('ContentVariables') ?? '')).toEqual({ 1: '123 456' })
  expect(parameters?.has('Body')).toBe(false)
})

test('a template that the operator did not name fails by its name, without a call', async () => {
  const parcel = whatsAppParcel()
  const message = { ...parcel.message, language: 'nl' } as Parcel['message']
  expect(await send(whatsApp, { ...parcel, message })).toEqual({
    kind: 'permanent',
    reason: 'MESSAGE_REFUSED',
    detail: 'TWILIO_CONTENT_SIDS has no template code.nl',
  })
  expect(twilio.messages).toEqual([])
})

describe('what Twilio says decides', () => {
  const words = 'in its own words'
  test.each([
    [21_211, 400, { kind: 'permanent', reason: 'ADDRESS_INVALID' }],
    [21_614, 400, { kind: 'permanent', reason: 'ADDRESS_INVALID' }],
    [63_003, 400, { kind: 'permanent', reason: 'ADDRESS_INVALID' }],
    [21_610, 400, { kind: 'permanent', reason: 'OPTED_OUT' }],
    [21_408, 403, { kind: 'permanent', reason: 'MESSAGE_REFUSED' }],
    [63_016, 400, { kind: 'permanent', reason: 'MESSAGE_REFUSED' }],
    [99_999, 400, { kind: 'permanent', reason: 'MESSAGE_REFUSED' }],
    [20_003, 401, { kind: 'passing', reason: 'CARRIER_REFUSED', pauseSeconds: 60 }],
    [21_606, 400, { kind: 'passing', reason: 'CARRIER_REFUSED', pauseSeconds: 60 }],
    [30_002, 400, { kind: 'passing', reason: 'CARRIER_REFUSED', pauseSeconds: 60 }],
    [20_429, 400, { kind: 'passing', reason: 'CARRIER_BUSY' }],
    [63_018, 400, { kind: 'passing', reason: 'CARRIER_BUSY' }],
  ])('code %i', async (code, status, outcome) => {
    twilio.refuseNext(code, words, status)
    expect(await send(sms, textParcel())).toEqual({ ...outcome, detail: `${code}: ${words}` })
  })

  test.each([
    [
      { sid: 'SM1', status: 'failed', error_code: 30_003 },
      { kind: 'permanent', reason: 'UNDELIVERED' },
    ],
    [
      { sid: 'SM1', status: 'failed', error_code: 21_610 },
      { kind: 'permanent', reason: 'OPTED_OUT' },
    ],
    [
      { sid: 'SM1', status: 'failed', error_code: null },
      { kind: 'permanent', reason: 'CARRIER_FAILED' },
    ],
    [
      { code: 20_429, message: 'Too many' },
      { kind: 'passing', reason: 'CARRIER_BUSY' },
    ],
    [{ status: 'queued' }, { kind: 'unknown' }],
    [{ sid: 1 }, { kind: 'unknown' }],
    [[], { kind: 'unknown' }],
  ])('a success that says %j', async (body, outcome) => {
    twilio.answerNext(jsonAnswer(201, body))
    expect(await send(sms, textParcel())).toMatchObject(outcome)
  })

  test('credentials that it does not know stop the carrier, and stand in no detail', async () => {
    const { twilio: strange } = loadConfig({ ...twilio.environment(), TWILIO_AUTH_TOKEN: 'another-token' })
    if (!strange) throw new Error('Twilio is not configured')
    const outcome = await send(createTwilioSms({ ...parts, config: strange }), textParcel())
    expect(outcome).toEqual({
      kind: 'passing',
      reason: 'CARRIER_REFUSED',
      pauseSeconds: 60,
      detail: '20003: Authenticate',
    })
  })
})

describe('after an attempt of unknown outcome', () => {
  test('a text that Twilio has is found by its number, its words and its time', async () => {
    const parcel = textParcel('Your code is 135790')
    twilio.answerNext('reset')
    expect(await send(sms, parcel)).toMatchObject({ kind: 'unknown' })
    await send(sms, textParcel('Your code is 246801'))

    const [message] = twilio.messages
    expect(await sms.lookUp?.(parcel, signal())).toEqual({
      kind: 'found',
      carrierId: message?.sid,
      carrierStatus: 'queued',
      state: 'sent',
    })
  })

  test.each([
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'undelivered'],
  ])('one that is %s meanwhile is %s', async (status, state) => {
    const parcel = textParcel('x')
    await send(sms, parcel)
    const [message] = twilio.messages
    if (message) message.status = status
    expect(await sms.lookUp?.(parcel, signal())).toMatchObject({
      kind: 'found',
      carrierStatus: status,
      state,
    })
  })

  test('a text that it never got is absent, whatever else went there', async () => {
    await send(sms, textParcel('Your code is 246801'))
    expect(await sms.lookUp?.(textParcel('Your code is 135790'), signal())).toEqual({ kind: 'absent' })
  })

  test('the same words of yesterday are not it', async () => {
    await send(sms, textParcel('A test from Lanyard'))
    const [yesterday] = twilio.messages
    if (yesterday) yesterday.at = new Date(Date.now() - 86_400_000)
    expect(await sms.lookUp?.(textParcel('A test from Lanyard'), signal())).toEqual({ kind: 'absent' })
  })

  test('where Twilio shows not everything it is not known', async () => {
    const parcel = textParcel('x', { deliveryId: newId(new Date(Date.now() - 30_000)) })
    for (let count = 0; count < 50; count++) await send(sms, textParcel(`other ${count}`))
    expect(await sms.lookUp?.(parcel, signal())).toEqual({ kind: 'unanswered' })
  })

  test('where Twilio does not answer it is not known', async () => {
    for (const answer of ['reset', 'gibberish', { status: 500 }, { status: 401, body: '{}' }] as const) {
      twilio.answerNext(answer)
      expect(await sms.lookUp?.(textParcel(), signal())).toEqual({ kind: 'unanswered' })
    }
  })

  test('a message of WhatsApp is found by what was filled into its template', async () => {
    const parcel = whatsAppParcel({ 1: '135790' })
    await send(whatsApp, parcel)
    expect(await whatsApp.lookUp?.(parcel, signal())).toMatchObject({ kind: 'found', state: 'sent' })
    expect(await whatsApp.lookUp?.(whatsAppParcel({ 1: '246801' }), signal())).toEqual({ kind: 'absent' })
  })

  test('a call cannot be told from another, so it is not looked for', () => {
    expect(voice.lookUp).toBeUndefined()
  })
})

test('the report of the stand-in is signed as the SDK wants it', async () => {
  await using site = await SiteStandIn.listen()
  const parcel = textParcel()
  await send(sms, parcel)
  const [message] = twilio.messages
  if (!message) throw new Error('nothing was sent')
  await twilio.report(message, 'delivered', { serverUrl: site.url })

  const [request] = site.requests
  const parameters = Object.fromEntries(new URLSearchParams(request?.body.toString()))
  expect(request?.path).toBe(`/carriers/twilio/status/${parcel.reference}`)
  expect(parameters).toMatchObject({ MessageSid: message.sid, MessageStatus: 'delivered' })
  const url = message.parameters.get('StatusCallback') ?? ''
  const signature = String(request?.headers['x-twilio-signature'])
  expect(validateRequest(twilio.authToken, signature, url, parameters)).toBe(true)
})
