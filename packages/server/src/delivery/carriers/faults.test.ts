import webPush from 'web-push'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

import {
  callParcel,
  mailParcel,
  pushParcel,
  slackParcel,
  textParcel,
  whatsAppParcel,
} from '../../../test/stand-ins/parcels.ts'
import { PushStandIn } from '../../../test/stand-ins/push-stand-in.ts'
import { SlackStandIn } from '../../../test/stand-ins/slack-stand-in.ts'
import { SmtpStandIn, type SmtpFault } from '../../../test/stand-ins/smtp-stand-in.ts'
import type { Answer } from '../../../test/stand-ins/http-stand-in.ts'
import { TwilioStandIn } from '../../../test/stand-ins/twilio-stand-in.ts'
import { TestClock } from '../../../test/test-clock.ts'
import { loadConfig } from '../../config.ts'
import { OutboundHttp } from '../../lib/outbound-http.ts'
import { Channel } from '../channel.ts'
import type { Carrier } from '../carrier.ts'
import { createCarriers, operatorsHosts } from './create-carriers.ts'

const twilio = await TwilioStandIn.listen()
const slack = await SlackStandIn.listen()
const push = await PushStandIn.listen()
const smtp = await SmtpStandIn.listen()
const config = loadConfig({
  ...twilio.environment(),
  ...slack.environment(),
  TWILIO_CONTENT_SIDS: '{"code.en": "HX0001"}',
  SMTP_URL: smtp.url,
  ALLOWED_OUTBOUND_HOSTS: push.host,
})
const clock = new TestClock()
const vapidKeys = webPush.generateVAPIDKeys()
const http = new OutboundHttp({ allowedHosts: operatorsHosts(config) })
const carriers = createCarriers(config, { http, clock, vapidKeys })
// For answers that never come.
const hastyHttp = new OutboundHttp({ allowedHosts: operatorsHosts(config), deadlineMilliseconds: 800 })
const hastyCarriers = createCarriers(config, { http: hastyHttp, clock, vapidKeys })

const standIns = { twilio, slack, push }
afterAll(async () => {
  for (const each of [carriers, hastyCarriers, http, hastyHttp]) await each[Symbol.asyncDispose]()
  for (const standIn of [twilio, slack, push, smtp]) await standIn[Symbol.asyncDispose]()
})
beforeEach(() => {
  for (const standIn of Object.values(standIns)) {
    standIn.answerAsUsual()
    standIn.requests.length = 0
  }
  // What one asked to wait for is over by the next test.
  clock.advanceSeconds(7200)
})

function carrierOf(channel: keyof typeof parcels, from = carriers): Carrier {
  const carrier = from[channel]
  if (!carrier) throw new Error(`no carrier for ${channel}`)
  return carrier
}

const token = slack.tokenFor({
  teamId: 'T0EXAMPLE',
  workspace: 'Example',
  slackUserId: 'U0ADA',
  handle: 'ada',
})
const subscription = push.subscribe()
const parcels = {
  [Channel.SMS]: textParcel,
  [Channel.VOICE]: callParcel,
  [Channel.WHATSAPP]: () => whatsAppParcel(),
  [Channel.SLACK]: () => slackParcel({ token }),
  [Channel.PUSH]: () => pushParcel(subscription),
}
const standInOf = {
  [Channel.SMS]: twilio,
  [Channel.VOICE]: twilio,
  [Channel.WHATSAPP]: twilio,
  [Channel.SLACK]: slack,
  [Channel.PUSH]: push,
}

type Expected = Record<string, unknown>
interface Fault {
  answer: Answer
  outcome: Expected
  /** Where a channel has another answer for it. */
  otherwise?: Partial<Record<keyof typeof parcels, Expected>>
}

const inNinetySeconds = () => new Date(clock.now().getTime() + 90_000).toUTCString()
/** No push service closes the way to the others. */
const ofOneService = (reason: string) => ({ kind: 'passing', reason, isCarriersFault: false })
const taken = { kind: 'accepted' }
const faults: Record<string, () => Fault> = {
  'nothing wrong': () => ({ answer: { status: 0 }, outcome: taken }),
  'a broken server': () => ({
    answer: { status: 500, body: 'oops' },
    outcome: { kind: 'passing', reason: 'CARRIER_FAILED' },
    otherwise: { [Channel.PUSH]: ofOneService('CARRIER_FAILED') },
  }),
  'a server that asks to come back': () => ({
    answer: { status: 503, headers: { 'retry-after': '7' } },
    outcome: { kind: 'passing', reason: 'CARRIER_FAILED', pauseSeconds: 7 },
    otherwise: { [Channel.PUSH]: ofOneService('CARRIER_FAILED') },
  }),
  'too many requests, wait in seconds': () => ({
    answer: { status: 429, headers: { 'retry-after': '11' } },
    outcome: { kind: 'passing', reason: 'CARRIER_BUSY', pauseSeconds: 11 },
    otherwise: { [Channel.PUSH]: ofOneService('CARRIER_BUSY') },
  }),
  'too many requests, wait as a date': () => ({
    answer: { status: 429, headers: { 'retry-after': inNinetySeconds() } },
    outcome: { kind: 'passing', reason: 'CARRIER_BUSY', pauseSeconds: 90 },
    otherwise: { [Channel.PUSH]: ofOneService('CARRIER_BUSY') },
  }),
  'a gateway that lost the answer': () => ({
    answer: { status: 504 },
    outcome: { kind: 'unknown' },
    otherwise: { [Channel.PUSH]: ofOneService('OUTCOME_UNKNOWN') },
  }),
  'no answer after it was taken': () => ({
    answer: 'silence',
    outcome: { kind: 'unknown' },
    otherwise: { [Channel.PUSH]: ofOneService('OUTCOME_UNKNOWN') },
  }),
  'a connection that breaks off after it was taken': () => ({
    answer: 'reset',
    outcome: { kind: 'unknown' },
    otherwise: { [Channel.PUSH]: ofOneService('OUTCOME_UNKNOWN') },
  }),
  'an answer that drips': () => ({
    answer: 'drip',
    outcome: { kind: 'unknown' },
    // Nothing is told in the body of a push service's answer.
    otherwise: { [Channel.PUSH]: taken },
  }),
  'half an answer': () => ({
    answer: 'gibberish',
    outcome: { kind: 'unknown' },
    otherwise: { [Channel.PUSH]: taken },
  }),
  'a refusal without words': () => ({
    answer: { status: 400, body: '' },
    outcome: { kind: 'permanent', reason: 'MESSAGE_REFUSED' },
  }),
}

describe.each(Object.keys(parcels) as (keyof typeof parcels)[])('by %s', (channel) => {
  test.each(Object.keys(faults))('%s', async (name) => {
    const { answer, outcome, otherwise } = faults[name]?.() ?? ({} as Fault)
    const standIn = standInOf[channel]
    if (typeof answer === 'string' || answer.status > 0) standIn.answerNext(answer)
    const isEndless = answer === 'silence' || answer === 'drip'
    const carrier = carrierOf(channel, isEndless ? hastyCarriers : carriers)
    const came = await carrier.send(parcels[channel](), AbortSignal.timeout(10_000))
    expect(came).toMatchObject(otherwise?.[channel] ?? outcome)
    expect(standIn.requests).toHaveLength(1)
    expect('pauseSeconds' in came).toBe('pauseSeconds' in (otherwise?.[channel] ?? outcome))
  })

  test('nobody there', async () => {
    const elsewhere = new OutboundHttp({ allowedHosts: ['127.0.0.1:9'] })
    const moved = {
      ...config,
      twilio: config.twilio && { ...config.twilio, baseUrl: new URL('http://127.0.0.1:9') },
      slack: config.slack && { ...config.slack, baseUrl: new URL('http://127.0.0.1:9') },
    }
    const lost = createCarriers(moved, { http: elsewhere, clock, vapidKeys })
    const parcel =
      channel === Channel.PUSH
        ? pushParcel({ ...subscription, endpoint: 'http://127.0.0.1:9/push/x' })
        : parcels[channel]()
    expect(await lost[channel]?.send(parcel, AbortSignal.timeout(5000))).toMatchObject({
      kind: 'passing',
      reason: 'CARRIER_UNREACHABLE',
    })
    await lost[Symbol.asyncDispose]()
    await elsewhere[Symbol.asyncDispose]()
  })

  test('no more time', async () => {
    const outcome = await carrierOf(channel).send(parcels[channel](), AbortSignal.abort())
    expect(outcome).toMatchObject({ kind: 'passing' })
    expect(standInOf[channel].requests).toHaveLength(0)
  })
})

const mailFaults: Record<string, { fault?: SmtpFault; outcome: Expected }> = {
  'nothing wrong': { outcome: { kind: 'accepted' } },
  'a relay that is closing': {
    fault: { kind: 'refuse', stage: 'connect', code: 421, text: '4.3.2 closing' },
    outcome: { kind: 'passing', reason: 'CARRIER_BUSY' },
  },
  'a relay that does not talk to us': {
    fault: { kind: 'refuse', stage: 'connect', code: 554, text: 'go away' },
    outcome: { kind: 'passing', reason: 'CARRIER_REFUSED', pauseSeconds: 60 },
  },
  'a sender that is not ours': {
    fault: { kind: 'refuse', stage: 'mail', code: 550, text: '5.7.1 not your domain' },
    outcome: { kind: 'passing', reason: 'CARRIER_REFUSED', pauseSeconds: 60 },
  },
  'a mailbox that is greylisted': {
    fault: { kind: 'refuse', stage: 'rcpt', code: 450, text: '4.7.1 try later' },
    outcome: { kind: 'passing', reason: 'CARRIER_BUSY', detail: '450 4.7.1 try later' },
  },
  'no such mailbox': {
    fault: { kind: 'refuse', stage: 'rcpt', code: 550, text: '5.1.1 no such user' },
    outcome: { kind: 'permanent', reason: 'ADDRESS_INVALID', detail: '550 5.1.1 no such user' },
  },
  'no such mailbox, without a code': {
    fault: { kind: 'refuse', stage: 'rcpt', code: 550, text: 'unknown' },
    outcome: { kind: 'permanent', reason: 'ADDRESS_INVALID' },
  },
  'a full mailbox': {
    fault: { kind: 'refuse', stage: 'rcpt', code: 552, text: '5.2.2 over quota' },
    outcome: { kind: 'permanent', reason: 'UNDELIVERED' },
  },
  'a policy': {
    fault: { kind: 'refuse', stage: 'rcpt', code: 554, text: '5.7.1 policy' },
    outcome: { kind: 'permanent', reason: 'MESSAGE_REFUSED' },
  },
  'a message that looks like spam': {
    fault: { kind: 'refuse', stage: 'data', code: 554, text: '5.7.0 spam' },
    outcome: { kind: 'permanent', reason: 'MESSAGE_REFUSED', detail: '554 5.7.0 spam' },
  },
  'a message that is too long': {
    fault: { kind: 'refuse', stage: 'mail', code: 552, text: '5.3.4 too long' },
    outcome: { kind: 'permanent', reason: 'MESSAGE_REFUSED' },
  },
  'a relay that is full': {
    fault: { kind: 'refuse', stage: 'data', code: 452, text: '4.3.1 no room' },
    outcome: { kind: 'passing', reason: 'CARRIER_BUSY' },
  },
  'a connection that breaks off before the message': {
    fault: { kind: 'reset-before-data' },
    outcome: { kind: 'passing', reason: 'CARRIER_UNREACHABLE' },
  },
  'a connection that breaks off after the message': {
    fault: { kind: 'reset' },
    outcome: { kind: 'unknown' },
  },
}

describe('by mail', () => {
  test.each(Object.keys(mailFaults))('%s', async (name) => {
    const { fault, outcome } = mailFaults[name] ?? { outcome: {} }
    // A connection that is open does not see how the next is greeted.
    smtp.hangUp()
    if (fault) smtp.failNext(fault)
    smtp.received.length = 0
    const came = await carriers[Channel.EMAIL]?.send(mailParcel(), AbortSignal.timeout(10_000))
    expect(came).toMatchObject(outcome)
    expect(smtp.received.length).toBe(came?.kind === 'accepted' || came?.kind === 'unknown' ? 1 : 0)
  })

  test('no reply after the message', async () => {
    smtp.failNext({ kind: 'silence' })
    const outcome = await carriers[Channel.EMAIL]?.send(mailParcel(), AbortSignal.timeout(400))
    expect(outcome).toMatchObject({ kind: 'unknown' })
  })

  test('no more time', async () => {
    smtp.received.length = 0
    const outcome = await carriers[Channel.EMAIL]?.send(mailParcel(), AbortSignal.abort())
    expect(outcome).toMatchObject({ kind: 'passing' })
    expect(smtp.received).toEqual([])
  })

  test('nobody there', async () => {
    const lost = createCarriers(loadConfig({ SMTP_URL: 'smtp://127.0.0.1:9' }), {
      http,
      clock,
      vapidKeys,
    })
    expect(await lost[Channel.EMAIL]?.send(mailParcel(), AbortSignal.timeout(5000))).toMatchObject({
      kind: 'passing',
      reason: 'CARRIER_UNREACHABLE',
    })
    await lost[Symbol.asyncDispose]()
  })
})
