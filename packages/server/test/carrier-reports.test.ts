import { randomUUID } from 'node:crypto'

import { afterAll, expect, test, vi } from 'vitest'

import { StatementPool } from '../src/database/statements.ts'
import { Channel } from '../src/delivery/channel.ts'
import type { Way } from '../src/delivery/delivery.entity.ts'
import { DeliveryDesk } from '../src/delivery/delivery-desk.ts'
import { referenceOf } from '../src/delivery/delivery-reference.ts'
import { SealingKeys } from '../src/sealing-keys.ts'
import type { User } from '../src/users/user.entity.ts'
import { createTestServer } from './server.ts'
import { SmtpStandIn } from './stand-ins/smtp-stand-in.ts'
import { TwilioStandIn } from './stand-ins/twilio-stand-in.ts'

const secretKeys = 'only-for-the-tests-and-the-same-in-every-one-of-them'
const publicUrl = 'http://localhost:4000'
const twilio = await TwilioStandIn.listen()
const smtp = await SmtpStandIn.listen()
const server = await createTestServer({
  environment: {
    ...twilio.environment(),
    SECRET_KEYS: secretKeys,
    SMTP_URL: smtp.url,
    POSTMARK_CREDENTIALS: 'postmark:of-the-tests',
  },
})
const { clock, orm } = server
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
const sealing = new SealingKeys([secretKeys])
const desk = new DeliveryDesk({
  statements,
  sealing,
  clock,
  configured: new Set(),
  onError: (error) => {
    throw error
  },
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await statements[Symbol.asyncDispose]()
  await server.stop()
  await twilio[Symbol.asyncDispose]()
  await smtp[Symbol.asyncDispose]()
})

const number = '+12125550142'

async function person() {
  const address = `person.${randomUUID().slice(0, 8)}@example.com`
  const user = await server.build.user({ email: address, phone: { number, country: 'US' } })
  const find = async (table: string) => {
    const [row] = await orm.em
      .fork()
      .execute<{ id: string }[]>(`select id from ${table} where user_id = ?`, [user.id])
    return row?.id ?? null
  }
  const mail: Way = { channel: Channel.EMAIL, addressId: await find('email'), address }
  const text: Way = { channel: Channel.SMS, addressId: await find('phone'), address: number }
  return { user, address, mail, text }
}

async function queue({ id: userId }: User, ...ways: [Way, ...Way[]]): Promise<string> {
  const id = await orm.em.fork().transactional((tx) =>
    desk.queue(tx, {
      userId,
      message: { kind: 'TEST', values: {} },
      recipient: { language: 'EN', timeZone: 'UTC' },
      ways,
    }),
  )
  desk.wake()
  return id
}

/** How many deliveries of the person's tests ended how. */
function tally({ id }: User) {
  return orm.em.fork().execute<{ channel: string; state: string; reason: string | null; n: number }[]>(
    `select channel, state, reason, count(*)::int as n from delivery where user_id = ? and message = 'TEST'
      group by 1, 2, 3 order by 1, 2`,
    [id],
  )
}

function becomes(user: User, expected: object[]): Promise<void> {
  return vi.waitFor(async () => expect(await tally(user)).toEqual(expected), {
    timeout: 15_000,
    interval: 50,
  })
}

test('after STOP the next five texts are given to no carrier, and reach the person by mail', async () => {
  const { user, address, mail, text } = await person()
  const said = { MessageSid: `SM${randomUUID()}`, From: number, To: '+12025550100', Body: 'STOP' }
  const answer = await twilio.post(`${publicUrl}/carriers/twilio/inbound`, said, server.url)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('<Message>Lanyard sends nothing more to this number here.')

  const browser = await server.as(user)
  const { data } = await browser.query(
    '{ me { phones { blockedReason blockedChannels } activity { nodes { action subject device } } } }',
  )
  expect(data.me).toEqual({
    phones: [{ blockedReason: 'OPTED_OUT', blockedChannels: ['SMS'] }],
    activity: { nodes: [{ action: 'PHONE_OPTED_OUT', subject: number, device: 'Twilio' }] },
  })

  for (let time = 0; time < 5; time++) await queue(user, text, mail)
  await becomes(user, [
    { channel: 'EMAIL', state: 'SENT', reason: null, n: 5 },
    { channel: 'SMS', state: 'SUPPRESSED', reason: 'OPTED_OUT', n: 5 },
  ])
  expect(twilio.messages).toEqual([])
  // Five, and one that tells of the STOP.
  await expect.poll(() => smtp.received.filter(({ to }) => to.includes(address))).toHaveLength(6)
})

test('to an address that bounced the next twenty mails are not even begun, and its page says why', async () => {
  const { user, address, mail } = await person()
  const deliveryId = await queue(user, mail)
  await becomes(user, [{ channel: 'EMAIL', state: 'SENT', reason: null, n: 1 }])
  const answer = await fetch(`${server.url}/carriers/postmark`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('postmark:of-the-tests').toString('base64')}`,
    },
    body: JSON.stringify({
      RecordType: 'Bounce',
      Type: 'HardBounce',
      ID: 1,
      MessageID: randomUUID(),
      Email: address,
      Details: '550 5.1.1 mailbox does not exist',
      Metadata: { delivery: referenceOf(sealing, { userId: user.id, deliveryId }) },
    }),
  })
  expect([answer.status, await answer.text()]).toEqual([204, ''])

  const before = smtp.recipients.length
  for (let time = 0; time < 20; time++) await queue(user, mail)
  await becomes(user, [
    { channel: 'EMAIL', state: 'SUPPRESSED', reason: 'ADDRESS_BLOCKED', n: 20 },
    { channel: 'EMAIL', state: 'UNDELIVERED', reason: 'BOUNCED', n: 1 },
  ])
  expect(smtp.recipients.slice(before)).toEqual([])
  const browser = await server.as(user)
  const { data } = await browser.query('{ me { emails { blockedReason blockedDetail } } }')
  expect(data.me.emails).toEqual([
    { blockedReason: 'BOUNCE', blockedDetail: '550 5.1.1 mailbox does not exist' },
  ])
})

test('mail about an event carries where one click ends it, and the click is the end of it', async () => {
  const { user, address } = await person()
  const publisher = await server.build.member({ roles: ['admin'] })
  const { account } = publisher
  const recipient = await server.build.member({ account, user })
  const { token } = await server.build.token(publisher.accountUser)
  const browser = await server.as(user)
  const preferences = ['TICKET_ASSIGNED', 'NETWORK_ALERT'].map((eventType) => ({
    eventType,
    channels: ['IN_APP', 'EMAIL'],
  }))
  const accountUserId = recipient.accountUser.id
  await browser.mutate('setNotificationPreferences', { accountUserId, preferences }, 'accountUser { id }')
  const publish = (type: string, title: string) =>
    server
      .withToken(token)
      .mutate(
        'publishEvent',
        { accountId: account.id, type, recipients: [user.username], title, body: 'Words' },
        'accepted',
      )
  const arrives = (title: string) =>
    vi.waitFor(
      () => {
        const found = smtp.received.find(
          ({ to, mail }) => to.includes(address) && mail.text?.includes(title),
        )
        if (!found) throw new Error(`"${title}" has not come`)
        return found.mail.headers
      },
      { timeout: 15_000, interval: 50 },
    )

  await publish('TICKET_ASSIGNED', 'Ticket 7')
  const headers = await arrives('Ticket 7')
  const valueOf = (name: string) => headers.find(({ key }) => key === name)?.value
  expect(valueOf('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
  const url = new URL(valueOf('list-unsubscribe')?.replaceAll(/[<>\s]/g, '') ?? '')
  expect(url.origin).toBe(publicUrl)
  const clicked = await fetch(`${server.url}${url.pathname}`, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(clicked.status).toBe(200)

  await publish('TICKET_ASSIGNED', 'Ticket 8')
  await publish('NETWORK_ALERT', 'Link down')
  const alert = await arrives('Link down')
  expect(alert.some(({ key }) => key === 'list-unsubscribe')).toBe(false)
  expect(smtp.received.some(({ mail }) => mail.text?.includes('Ticket 8'))).toBe(false)
})
