import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Caller, createTestServer, type TestServer } from '../../test/server.ts'

const server = await createTestServer()
const bare = await createTestServer({
  databaseUrl: server.databaseUrl,
  clock: server.clock,
  environment: { CATCHER: 'off', SMTP_URL: 'smtp://127.0.0.1:2525' },
})
const kysely = () => server.orm.em.fork().getKysely()

async function missingOf(browser: Caller): Promise<Record<string, string | null>> {
  const { data } = await browser.query('{ me { channels { channel missing } } }')
  return Object.fromEntries(
    data.me.channels.map(({ channel, missing }: { channel: string; missing: string | null }) => [
      channel,
      missing,
    ]),
  )
}

async function channelsOn(one: TestServer) {
  const browser = await one.as(await one.build.user())
  const { data } = await browser.query(
    '{ me { channels { channel configured missing provenBy alertsOnly mostCharacters } } }',
  )
  return data.me.channels
}

test('every channel says what proves an address of it and what it carries, in the order of the page', async () => {
  expect(await channelsOn(server)).toEqual([
    {
      channel: 'PUSH',
      configured: true,
      missing: 'DEVICE',
      provenBy: 'REGISTRATION',
      alertsOnly: false,
      mostCharacters: null,
    },
    {
      channel: 'SMS',
      configured: true,
      missing: 'VERIFIED_PHONE',
      provenBy: 'CODE',
      alertsOnly: false,
      mostCharacters: 160,
    },
    {
      channel: 'VOICE',
      configured: true,
      missing: 'VERIFIED_PHONE',
      provenBy: 'CODE',
      alertsOnly: true,
      mostCharacters: null,
    },
    {
      channel: 'WHATSAPP',
      configured: true,
      missing: 'VERIFIED_PHONE',
      provenBy: 'CODE',
      alertsOnly: false,
      mostCharacters: 1024,
    },
    {
      channel: 'SLACK',
      configured: true,
      missing: 'SLACK_LINK',
      provenBy: 'OAUTH',
      alertsOnly: false,
      mostCharacters: 3000,
    },
    {
      channel: 'EMAIL',
      configured: true,
      missing: null,
      provenBy: 'CODE',
      alertsOnly: false,
      mostCharacters: null,
    },
  ])
})

test('without a carrier and without the catcher a channel is not configured, whatever the person has', async () => {
  const channels: { channel: string; configured: boolean; missing: string | null }[] =
    await channelsOn(bare)
  expect(Object.fromEntries(channels.map(({ channel, missing }) => [channel, missing]))).toEqual({
    PUSH: 'DEVICE',
    SMS: 'NOT_CONFIGURED',
    VOICE: 'NOT_CONFIGURED',
    WHATSAPP: 'NOT_CONFIGURED',
    SLACK: 'NOT_CONFIGURED',
    EMAIL: null,
  })
  expect(channels.filter(({ configured }) => configured).map(({ channel }) => channel)).toEqual([
    'PUSH',
    'EMAIL',
  ])
})

test('nothing is missing once there is a proven phone, a device and a link', async () => {
  const user = await server.build.user({ phone: { number: '+12125550142', country: 'US' } })
  await server.build.pushDevice(user)
  await server.build.slackLink(user)
  expect(await missingOf(await server.as(user))).toEqual({
    PUSH: null,
    SMS: null,
    VOICE: null,
    WHATSAPP: null,
    SLACK: null,
    EMAIL: null,
  })
})

test('an address that is not proven, or blocked on the channel, counts as missing there', async () => {
  const number = '+13125550117'
  const user = await server.build.user({ email: 'Full.Box@example.com', phone: { number, country: 'US' } })
  const browser = await server.as(user)
  await sql`insert into blocked_address (channel, address_key, reason, blocked_at) values
    ('SMS', ${number}, 'OPTED_OUT', now()), ('EMAIL', 'full.box@example.com', 'BOUNCE', now())`.execute(
    kysely(),
  )
  expect(await missingOf(browser)).toMatchObject({
    SMS: 'VERIFIED_PHONE',
    VOICE: null,
    WHATSAPP: null,
    EMAIL: 'PROVEN_EMAIL',
  })
  await sql`update phone set "primary" = false, verified_at = null where user_id = ${user.id}`.execute(
    kysely(),
  )
  expect(await missingOf(browser)).toMatchObject({ VOICE: 'VERIFIED_PHONE', WHATSAPP: 'VERIFIED_PHONE' })
})

test('every address tells when something reached it last, and when and why something did not', async () => {
  const user = await server.build.user({ phone: { number: '+14155550101', country: 'US' } })
  const device = await server.build.pushDevice(user)
  await server.build.slackLink(user)
  const at = server.clock.now().toISOString()
  await sql`insert into address_health values (${user.id}, ${device.id}, ${at}, ${at}, 'CARRIER_BUSY', '429 slow down')`.execute(
    kysely(),
  )
  const { data } = await (
    await server.as(user)
  )
    .query(`fragment Health on AddressHealth { lastDeliveredAt lastFailedAt lastFailedReason lastFailedDetail }
    query { me { emails { health { ...Health } } phones { health { ...Health } }
      pushDevices { id name createdAt health { ...Health } } slackLinks { handle workspace linkedAt health { ...Health } } } }`)
  const nothing = {
    lastDeliveredAt: null,
    lastFailedAt: null,
    lastFailedReason: null,
    lastFailedDetail: null,
  }
  expect(data.me).toEqual({
    emails: [{ health: nothing }],
    phones: [{ health: nothing }],
    pushDevices: [
      {
        id: device.id,
        name: 'Firefox on Linux',
        createdAt: at,
        health: {
          lastDeliveredAt: at,
          lastFailedAt: at,
          lastFailedReason: 'CARRIER_BUSY',
          lastFailedDetail: '429 slow down',
        },
      },
    ],
    slackLinks: [{ handle: 'sample', workspace: 'Sample Workspace', linkedAt: at, health: nothing }],
  })
})
