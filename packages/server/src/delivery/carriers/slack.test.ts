import { afterAll, beforeEach, expect, test } from 'vitest'

import { jsonAnswer } from '../../../test/stand-ins/http-stand-in.ts'
import { slackParcel } from '../../../test/stand-ins/parcels.ts'
import { SlackStandIn } from '../../../test/stand-ins/slack-stand-in.ts'
import { loadConfig } from '../../config.ts'
import { systemClock } from '../../lib/clock.ts'
import { OutboundHttp } from '../../lib/outbound-http.ts'
import type { Outcome, Parcel } from '../carrier.ts'
import { operatorsHosts } from './create-carriers.ts'
import { createSlack } from './slack.ts'

const slack = await SlackStandIn.listen()
const config = loadConfig(slack.environment())
const http = new OutboundHttp({ allowedHosts: operatorsHosts(config) })
if (!config.slack) throw new Error('Slack is not configured')
const carrier = createSlack({ config: config.slack, http, clock: systemClock })
const send = (parcel: Parcel): Promise<Outcome> => carrier.send(parcel, AbortSignal.timeout(10_000))
const member = { teamId: 'T0EXAMPLE', workspace: 'Example', slackUserId: 'U0ADA', handle: 'ada' }

afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await slack[Symbol.asyncDispose]()
})
beforeEach(() => {
  slack.answerAsUsual()
  slack.messages.length = 0
})

test('a message stands in the direct messages of the person who linked Slack', async () => {
  const token = slack.tokenFor(member)
  expect(await send(slackParcel({ token }))).toEqual({
    kind: 'accepted',
    carrierId: expect.stringMatching(/^D0ADA\/\d+\.\d+$/),
    carrierStatus: 'ok',
    delivered: true,
  })
  expect(slack.messages).toMatchObject([
    { token, channel: 'U0ADA', text: 'A test from Lanyard', blocks: [{ type: 'section' }] },
  ])
  expect(JSON.parse(slack.requests.at(-1)?.body.toString() ?? '')).toMatchObject({
    unfurl_links: false,
    unfurl_media: false,
  })
})

test('attempts of one message share a key, others do not', async () => {
  const parcel = slackParcel({ token: slack.tokenFor(member) })
  slack.answerNext('reset')
  expect(await send(parcel)).toMatchObject({ kind: 'unknown' })
  expect(await send(parcel)).toMatchObject({ kind: 'accepted' })
  expect(slack.messages).toHaveLength(1)
  await send(slackParcel({ token: slack.tokenFor(member) }))
  expect(slack.messages).toHaveLength(2)
  expect(slack.messages[0]?.clientMessageId).toMatch(/^[\da-f]{8}-[\da-f]{4}-5/)
})

test('a link that was revoked is gone', async () => {
  const token = slack.tokenFor(member)
  slack.revoke(token)
  expect(await send(slackParcel({ token }))).toEqual({
    kind: 'permanent',
    reason: 'ADDRESS_GONE',
    detail: 'token_revoked',
    addressGone: true,
  })
})

test.each([
  ['account_inactive', { kind: 'permanent', reason: 'ADDRESS_GONE', addressGone: true }],
  ['channel_not_found', { kind: 'permanent', reason: 'ADDRESS_GONE', addressGone: true }],
  ['msg_too_long', { kind: 'permanent', reason: 'MESSAGE_REFUSED' }],
  ['something_new', { kind: 'permanent', reason: 'MESSAGE_REFUSED' }],
  ['missing_scope', { kind: 'permanent', reason: 'CARRIER_REFUSED' }],
  ['internal_error', { kind: 'passing', reason: 'CARRIER_FAILED' }],
  ['ratelimited', { kind: 'passing', reason: 'CARRIER_BUSY' }],
])('a success that says %s is none', async (error, outcome) => {
  slack.refuseNext(error)
  expect(await send(slackParcel({ token: slack.tokenFor(member) }))).toEqual({ ...outcome, detail: error })
})

test('a limit inside a success tells how long to wait, too', async () => {
  slack.answerNext(jsonAnswer(200, { ok: false, error: 'ratelimited' }, { 'retry-after': '30' }))
  expect(await send(slackParcel({ token: slack.tokenFor(member) }))).toMatchObject({ pauseSeconds: 30 })
})
