import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createInboundBench } from '../../../test/inbound-bench.ts'
import { slackSignature } from './slack.ts'

const signingSecret = 'secret-of-the-tests'
const bench = await createInboundBench({
  environment: {
    SLACK_CLIENT_ID: '123.456',
    SLACK_CLIENT_SECRET: 'client-secret-of-the-tests',
    SLACK_SIGNING_SECRET: signingSecret,
  },
})

const now = () => Math.floor(bench.clock.now().getTime() / 1000)

function post(told: object, headers: Record<string, string> = {}, at = now()) {
  const body = JSON.stringify(told)
  return bench.post('/carriers/slack', body, {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': slackSignature(signingSecret, String(at), body),
    ...headers,
  })
}

/** As Slack's documentation shows it. */
function callback(team_id: string, event: object, event_id = `Ev${randomUUID()}`) {
  return { token: 'XXYYZZ', team_id, api_app_id: 'AXXXXXXXXX', event, type: 'event_callback', event_id }
}

async function linked(teamId: string, slackUserId: string) {
  const user = await bench.build.user()
  await bench.execute(
    `insert into slack_link (user_id, id, team_id, workspace, slack_user_id, handle, token, linked_at)
      values (?, ?, ?, 'Sample Workspace', ?, 'sample', ''::bytea, now())`,
    [user.id, randomUUID(), teamId, slackUserId],
  )
  return user
}

const linksOf = (teamId: string) =>
  bench
    .execute<{ slack_user_id: string }>(
      'select slack_user_id from slack_link where team_id = ? order by 1',
      [teamId],
    )
    .then((rows) => rows.map(({ slack_user_id }) => slack_user_id))

test('the signature is the one that Slack publishes', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  expect(slackSignature('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', body)).toBe(
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  )
})

test('the address is confirmed when Slack asks', async () => {
  const answer = await post({ type: 'url_verification', challenge: '3eZbrw1aBm2rZgRNFdxV' })
  expect([answer.statusCode, answer.body]).toEqual([200, '3eZbrw1aBm2rZgRNFdxV'])
})

test('a workspace that removes the app loses the links of all its members, as their histories tell', async () => {
  const teamId = `T${randomUUID().slice(0, 13)}`
  const [one, other] = [await linked(teamId, 'U1'), await linked(teamId, 'U2')]
  const elsewhere = `T${randomUUID().slice(0, 13)}`
  await linked(elsewhere, 'U1')
  expect((await post(callback(teamId, { type: 'app_uninstalled' }))).statusCode).toBe(200)
  expect(await linksOf(teamId)).toEqual([])
  expect(await linksOf(elsewhere)).toEqual(['U1'])
  for (const { id } of [one, other]) {
    expect(await bench.historyOf(id)).toMatchObject([
      { action: 'SLACK_UNLINKED', subject: 'sample, Sample Workspace', device: 'Slack', actor_id: null },
    ])
  }
})

test('members who take back their consent lose their own links; a lost bot token ends them all', async () => {
  const teamId = `T${randomUUID().slice(0, 13)}`
  for (const member of ['U1', 'U2', 'U3']) await linked(teamId, member)
  await post(callback(teamId, { type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } }))
  expect(await linksOf(teamId)).toEqual(['U2', 'U3'])
  await post(callback(teamId, { type: 'tokens_revoked', tokens: { oauth: [], bot: ['UBOT'] } }))
  expect(await linksOf(teamId)).toEqual([])
})

test('a request that is repeated within the five minutes has one effect', async () => {
  const teamId = `T${randomUUID().slice(0, 13)}`
  await linked(teamId, 'U1')
  const told = callback(teamId, { type: 'app_uninstalled' })
  await post(told)
  await linked(teamId, 'U1')
  expect((await post(told)).statusCode).toBe(200)
  expect(await linksOf(teamId)).toEqual(['U1'])
})

test('an old request, and one that Slack did not sign, are refused', async () => {
  const teamId = `T${randomUUID().slice(0, 13)}`
  await linked(teamId, 'U1')
  const told = callback(teamId, { type: 'app_uninstalled' })
  const forged = slackSignature('secret of somebody else', String(now()), JSON.stringify(told))
  const answers = [
    await post(told, {}, now() - 301),
    await post(told, {}, now() + 301),
    await post(told, { 'x-slack-signature': forged }),
    await post(told, { 'x-slack-signature': '' }),
    await post(told, { 'x-slack-request-timestamp': String(now() - 1) }),
    await post(told, { 'x-slack-request-timestamp': 'now' }),
  ]
  expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual(answers.map(() => [401, '']))
  expect(await linksOf(teamId)).toEqual(['U1'])
})

test('events that are not ours are taken, and change nothing', async () => {
  for (const told of [callback('T1', { type: 'message' }), { type: 'app_rate_limited' }, [], null as never])
    expect((await post(told)).statusCode).toBe(200)
})
