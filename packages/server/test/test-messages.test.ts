import { afterAll, beforeEach, expect, test } from 'vitest'
import type { User } from '../src/users/user.entity.ts'
import { type Caller, createTestServer } from './server.ts'
import { PushStandIn } from './stand-ins/push-stand-in.ts'
import { SlackStandIn } from './stand-ins/slack-stand-in.ts'

const push = await PushStandIn.listen()
const slack = await SlackStandIn.listen()
const server = await createTestServer({
  environment: {
    ...slack.environment(),
    VAPID_SUBJECT: 'mailto:operator@example.com',
    ALLOWED_OUTBOUND_HOSTS: push.host,
  },
})
afterAll(async () => {
  await server.stop()
  await push[Symbol.asyncDispose]()
  await slack[Symbol.asyncDispose]()
})
beforeEach(() => server.clock.advanceSeconds(3600))

interface Person {
  user: User
  key: string
  browser: Caller
}

async function person(): Promise<Person> {
  const user = await server.build.user({ phone: { number: '+12125550142', country: 'US' } })
  const { key } = await server.build.session(user)
  return { user, key, browser: server.withCookie(key) }
}

/** Presses "Send test" and looks on until it is decided. */
async function sendTest({ key, browser }: Person, channel: string, addressId: string): Promise<string[]> {
  const { data } = await browser.mutate(
    'sendTestNotification',
    { channel, addressId },
    'delivery { id state }',
  )
  const { id } = data.sendTestNotification.delivery
  const changes = server.socketWithCookie(key).iterate<{ deliveryChanged: { state: string } }>({
    query: 'subscription ($id: ID!) { deliveryChanged(id: $id) { state } }',
    variables: { id },
  })
  const states: string[] = []
  for await (const change of changes) states.push(change.data?.deliveryChanged.state ?? 'refused')
  return states
}

async function newestDelivery({ browser }: Person) {
  const { data } = await browser.query(
    '{ me { deliveries(first: 1) { nodes { channel state reason carrier attempts } } } }',
  )
  return data.me.deliveries.nodes[0]
}

test('a test over a channel that is caught is delivered while its sender looks on, and counts as health', async () => {
  const mara = await person()
  const before = await mara.browser.query('{ me { emails { id } phones { id } } }')
  const ways = [
    ['EMAIL', before.data.me.emails[0].id],
    ['SMS', before.data.me.phones[0].id],
    ['VOICE', before.data.me.phones[0].id],
    ['WHATSAPP', before.data.me.phones[0].id],
  ]
  for (const [channel, id] of ways) {
    expect((await sendTest(mara, channel, id)).at(-1)).toBe('DELIVERED')
    expect(await newestDelivery(mara)).toMatchObject({ channel, state: 'DELIVERED', attempts: 1 })
  }
  const { data } = await mara.browser.query('{ me { emails { health { lastDeliveredAt } } } }')
  expect(data.me.emails).toEqual([{ health: { lastDeliveredAt: server.clock.now().toISOString() } }])
})

test('a test reaches a registered browser encrypted for it alone, and a browser that is gone is removed', async () => {
  const mara = await person()
  const { id, ...subscription } = push.subscribe()
  const { data } = await mara.browser.mutate('registerPushDevice', subscription, 'pushDevice { id }')
  const deviceId = data.registerPushDevice.pushDevice.id

  expect((await sendTest(mara, 'PUSH', deviceId)).at(-1)).toBe('SENT')
  expect(push.pushes).toHaveLength(1)
  expect(push.pushes[0]).toMatchObject({ subscriptionId: id })
  const { data: keys } = await mara.browser.query('{ pushPublicKey }')
  expect(push.pushes[0]?.vapidPublicKey).toBe(keys.pushPublicKey)

  push.unsubscribe(id)
  expect((await sendTest(mara, 'PUSH', deviceId)).at(-1)).toBe('FAILED')
  expect(await newestDelivery(mara)).toMatchObject({ state: 'FAILED', reason: 'ADDRESS_GONE' })
  const devicesAndChannels = '{ me { pushDevices { id } channels { channel missing } } }'
  await expect
    .poll(async () => (await mara.browser.query(devicesAndChannels)).data.me)
    .toMatchObject({
      pushDevices: [],
      channels: expect.arrayContaining([{ channel: 'PUSH', missing: 'DEVICE' }]),
    })
})

test('a test reaches a linked Slack user, and a link that was revoked there is removed', async () => {
  const mara = await person()
  const { data } = await mara.browser.query('mutation { linkSlack { authorizeUrl } }')
  const state = new URL(data.linkSlack.authorizeUrl).searchParams.get('state') ?? ''
  const member = { teamId: 'T0ACME', workspace: 'Acme Networks', slackUserId: 'U0MARA', handle: 'mara' }
  const query = new URLSearchParams({ state, code: slack.agree(member) }).toString()
  await fetch(`${server.url}/slack/callback?${query}`, {
    redirect: 'manual',
    headers: { cookie: `lanyard-4000=${mara.key}` },
  })
  const linked = await mara.browser.query('{ me { slackLinks { id } } }')
  const linkId = linked.data.me.slackLinks[0].id

  expect((await sendTest(mara, 'SLACK', linkId)).at(-1)).toBe('DELIVERED')
  expect(slack.messages).toMatchObject([{ channel: 'U0MARA' }])

  slack.revoke(slack.messages[0]?.token ?? '')
  expect((await sendTest(mara, 'SLACK', linkId)).at(-1)).toBe('FAILED')
  await expect
    .poll(async () => (await mara.browser.query('{ me { slackLinks { id } } }')).data.me.slackLinks)
    .toEqual([])
})
