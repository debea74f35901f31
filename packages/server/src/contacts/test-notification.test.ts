import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

// Sends nothing, so that what is queued stays as it is.
const server = await createTestServer({ environment: { ROLE: 'api' } })
const kysely = () => server.orm.em.fork().getKysely()

const send = (browser: Caller, channel: string, addressId: string | undefined) =>
  browser.mutate(
    'sendTestNotification',
    { channel, addressId },
    'delivery { id channel messageKind addressId address state }',
  )

/** A person with an address of each kind, and the ids of these by channel. */
async function personWithAddresses(phone = '+12125550142') {
  const user = await server.build.user({ phone: { number: phone, country: 'US' } })
  const browser = await server.as(user)
  const device = await server.build.pushDevice(user)
  const link = await server.build.slackLink(user)
  const { data } = await browser.query('{ me { emails { id } phones { id } } }')
  const phoneId = String(data.me.phones[0].id)
  const ids = {
    EMAIL: String(data.me.emails[0].id),
    SMS: phoneId,
    VOICE: phoneId,
    WHATSAPP: phoneId,
    PUSH: device.id,
    SLACK: link.id,
  }
  return { user, browser, ids }
}

async function queuedFor(user: User) {
  const { rows } =
    await sql`select channel, message, live from delivery where user_id = ${user.id}`.execute(kysely())
  return rows
}

test('a test goes to any address of one’s own over its channel, and the history tells of it', async () => {
  const { user, browser, ids } = await personWithAddresses()
  const addresses = {
    EMAIL: `${user.username}@example.com`,
    SMS: '+12125550142',
    VOICE: '+12125550142',
    WHATSAPP: '+12125550142',
    PUSH: 'Firefox on Linux',
    SLACK: '@sample (Sample Workspace)',
  }
  for (const [channel, addressId] of Object.entries(ids)) {
    const { data } = await send(browser, channel, addressId)
    expect(data.sendTestNotification.delivery).toEqual({
      id: expect.any(String),
      channel,
      messageKind: 'TEST',
      addressId,
      address: addresses[channel as keyof typeof addresses],
      state: 'QUEUED',
    })
  }
  expect(await queuedFor(user)).toEqual(
    Object.keys(ids).map((channel) => ({ channel, message: 'TEST', live: true })),
  )
  const { data } = await browser.query(
    '{ me { activity(last: 1) { nodes { action subject changes { field after } } } } }',
  )
  expect(data.me.activity.nodes).toEqual([
    {
      action: 'TEST_SENT',
      subject: addresses.EMAIL,
      changes: [{ field: 'channel', after: 'EMAIL' }],
    },
  ])
})

test('what becomes of a test is pushed to who sent it', async () => {
  const { user, browser, ids } = await personWithAddresses()
  const { data } = await send(browser, 'EMAIL', ids.EMAIL)
  const { id } = data.sendTestNotification.delivery
  const states = (await server.socketAs(user)).iterate<{ deliveryChanged: { state: string } }>({
    query: 'subscription ($id: ID!) { deliveryChanged(id: $id) { state } }',
    variables: { id },
  })
  expect((await states.next()).value?.data?.deliveryChanged).toEqual({ state: 'QUEUED' })
  await states.return?.()
})

test('an address of another kind, of somebody else, or not proven gets no test', async () => {
  const { user, browser, ids } = await personWithAddresses()
  const stranger = await personWithAddresses()
  const notFound = { code: 'NOT_FOUND', field: 'addressId' }
  expect(refusalOf(await send(browser, 'SMS', ids.EMAIL))).toEqual(notFound)
  expect(refusalOf(await send(browser, 'PUSH', stranger.ids.PUSH))).toEqual(notFound)
  expect(refusalOf(await send(browser, 'EMAIL', 'x'))).toMatchObject({ reason: 'FORMAT' })
  expect(refusalOf(await send(browser, 'IN_APP', ids.EMAIL))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'channel',
    reason: 'UNKNOWN',
  })
  await sql`update phone set "primary" = false, verified_at = null where user_id = ${user.id}`.execute(
    kysely(),
  )
  expect(refusalOf(await send(browser, 'SMS', ids.SMS))).toEqual({
    code: 'ADDRESS_UNPROVEN',
    field: 'addressId',
  })
  expect(await queuedFor(user)).toEqual([])
})

test('a blocked address gets no test on the channel where it is blocked', async () => {
  const { browser, ids } = await personWithAddresses('+13125550117')
  await sql`insert into blocked_address (channel, address_key, reason, blocked_at)
    values ('SMS', '+13125550117', 'OPTED_OUT', now())`.execute(kysely())
  expect(refusalOf(await send(browser, 'SMS', ids.SMS))).toEqual({
    code: 'CHANNEL_UNAVAILABLE',
    field: 'addressId',
  })
  expect((await send(browser, 'VOICE', ids.VOICE)).errors).toBeUndefined()
})

test('a channel without a carrier and without the catcher carries no test', async () => {
  const bare = await createTestServer({
    databaseUrl: server.databaseUrl,
    clock: server.clock,
    environment: { ROLE: 'api', CATCHER: 'off' },
  })
  const { user, ids } = await personWithAddresses()
  const browser = await bare.as(user)
  const notConfigured = { code: 'CHANNEL_NOT_CONFIGURED', field: 'channel' }
  for (const channel of ['EMAIL', 'SMS', 'VOICE', 'WHATSAPP', 'SLACK'] as const) {
    expect(refusalOf(await send(browser, channel, ids[channel]))).toEqual(notConfigured)
  }
  expect((await send(browser, 'PUSH', ids.PUSH)).errors).toBeUndefined()
})

test('of fourteen tests at once ten are sent, and the next is when the minute is over', async () => {
  const { user, browser, ids } = await personWithAddresses()
  const answers = await Promise.all(Array.from({ length: 14 }, () => send(browser, 'PUSH', ids.PUSH)))
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual(
    Array.from({ length: 4 }, () => ({ code: 'RATE_LIMITED', retryAfterSeconds: 60 })),
  )
  expect(await queuedFor(user)).toHaveLength(10)

  server.clock.advanceSeconds(59)
  expect(refusalOf(await send(browser, 'EMAIL', ids.EMAIL))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 1,
  })
  server.clock.advanceSeconds(2)
  expect((await send(browser, 'EMAIL', ids.EMAIL)).errors).toBeUndefined()
})
