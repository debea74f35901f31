import { createTransport } from 'nodemailer'
import { afterAll, expect, test, vi } from 'vitest'

import { findFreePort } from '../../../scripts/free-port.ts'
import type { MailResolver } from '../src/contacts/mail-domains.ts'
import { Language } from '../src/language.ts'
import { createTestServer, refusalOf } from './server.ts'
import { PushStandIn } from './stand-ins/push-stand-in.ts'
import { SlackStandIn } from './stand-ins/slack-stand-in.ts'
import { SmtpStandIn } from './stand-ins/smtp-stand-in.ts'
import { TwilioStandIn } from './stand-ins/twilio-stand-in.ts'

/** The whole server, and every carrier in its place at the edge of the network. */
const relay = await SmtpStandIn.listen()
const twilio = await TwilioStandIn.listen()
const slack = await SlackStandIn.listen()
const pushService = await PushStandIn.listen()
const bouncePort = await findFreePort()
const contentSids = Object.fromEntries(
  ['en', 'es', 'fr', 'de', 'nl'].flatMap((language) =>
    ['code', 'notice'].map((template) => [`${template}.${language}`, `HX${template}${language}`]),
  ),
)
/** example.com takes no mail (RFC 7505); in this test every domain does. */
const mailResolver: MailResolver = {
  resolveMx: () => Promise.resolve([{ exchange: 'mx.example.com', priority: 10 }]),
  resolve4: () => Promise.resolve([]),
  resolve6: () => Promise.resolve([]),
}
const server = await createTestServer({
  mailResolver,
  environment: {
    ROLE: 'all',
    CATCHER: 'off',
    SMTP_URL: relay.url,
    MAIL_FROM: 'Lanyard <lanyard@example.com>',
    MAIL_BOUNCE_DOMAIN: 'bounces.example.com',
    MAIL_BOUNCE_LISTEN: `127.0.0.1:${bouncePort}`,
    ...twilio.environment(),
    TWILIO_CONTENT_SIDS: JSON.stringify(contentSids),
    ...slack.environment(),
    ALLOWED_OUTBOUND_HOSTS: pushService.host,
  },
})
afterAll(async () => {
  for (const standIn of [relay, twilio, slack, pushService]) await standIn[Symbol.asyncDispose]()
})

/** `PUBLIC_URL` of the test's server is no place that anybody listens at. */
const here = (url: string) => url.replace('http://localhost:4000', server.url)

async function personWithBrowser(language: Language = Language.EN) {
  const member = await server.build.member()
  const browser = await server.as(member.user)
  await browser.mutate('updatePreferences', { language }, 'me { id }')
  const address = `${member.user.username}@example.com`
  return { ...member, browser, address }
}

function mailsTo(address: string) {
  return relay.received.filter(({ to }) => to.includes(address))
}

async function until<Value>(found: () => Value | undefined | Promise<Value | undefined>): Promise<Value> {
  return vi.waitFor(
    async () => {
      const value = await found()
      if (value === undefined) throw new Error('not yet')
      return value
    },
    { timeout: 10_000, interval: 25 },
  )
}

const codeIn = (said: string) => /\b\d{6}\b/.exec(said)?.[0]
const deliveriesOf =
  '{ me { deliveries { nodes { channel messageKind address state reason detail carrier carrierStatus } } } }'

test('an email is added, proven by the code that a mail brings, told of to the old one, and blocked by a report that it bounces', async () => {
  const { browser, address: first, account, accountUser, user } = await personWithBrowser()
  const second = `second.${first}`
  const added = await browser.mutate('addEmail', { address: second }, 'email { id verifiedAt }')
  const emailId = String(added.data.addEmail.email.id)
  const { mail } = await until(() => mailsTo(second)[0])
  const code = await until(() => codeIn(mail.text ?? ''))
  expect(mail.html).toContain(`http://localhost:4000/settings/contacts?verify=${emailId}#code=${code}`)
  const proven = await browser.mutate('verifyEmail', { emailId, code }, 'email { verifiedAt }')
  expect(proven.data.verifyEmail.email.verifiedAt).not.toBeNull()
  await until(() => mailsTo(first).find((one) => one.mail.text?.includes(second)))
  await browser.mutate('setPrimaryEmail', { emailId }, 'me { id }')

  await browser.mutate(
    'setNotificationPreferences',
    {
      accountUserId: accountUser.id,
      preferences: [{ eventType: 'TASK_ASSIGNED', channels: ['EMAIL'] }],
    },
    'accountUser { id }',
  )
  const publisher = await server.build.member({ account, roles: ['admin'] })
  const { token } = await server.build.token(publisher.accountUser)
  const publish = (title: string) =>
    server
      .withToken(token)
      .mutate(
        'publishEvent',
        { accountId: account.id, type: 'TASK_ASSIGNED', recipients: [user.username], title, body: 'Now' },
        'notified',
      )
  await publish('Splice the ring')
  const event = await until(() =>
    mailsTo(second).find((one) => one.mail.subject?.includes('Splice the ring')),
  )
  expect(event.from).toMatch(/^b-[a-z2-7]{60}@bounces\.example\.com$/)
  expect(event.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)

  const { port } = new URL(`http://127.0.0.1:${bouncePort}`)
  const bounces = createTransport({ host: '127.0.0.1', port: Number(port), ignoreTLS: true })
  await bounces.sendMail({
    envelope: { from: '', to: event.from },
    raw: bounceOf(event.from, second, '5.1.1', '550 5.1.1 mailbox does not exist'),
  })
  bounces.close()
  const { data } = await browser.query('{ me { emails { address blockedReason blockedDetail } } }')
  expect(data.me.emails).toContainEqual({
    address: second,
    blockedReason: 'BOUNCE',
    blockedDetail: expect.stringContaining('550 5.1.1 mailbox does not exist'),
  })
  await until(() =>
    mailsTo(first).find((one) => one.mail.text?.includes(second) && one.mail.subject !== mail.subject),
  )

  const before = mailsTo(second).length
  for (let number = 0; number < 20; number++) await publish(`Ticket ${number}`)
  await until(() =>
    mailsTo(first).filter((one) => one.mail.subject?.includes('Ticket')).length === 20 ? true : undefined,
  )
  expect(mailsTo(second)).toHaveLength(before)
  const told = await browser.query(deliveriesOf)
  expect(told.data.me.deliveries.nodes).toContainEqual(
    expect.objectContaining({ address: second, state: 'SUPPRESSED', reason: 'ADDRESS_BLOCKED' }),
  )

  server.clock.advanceSeconds(61)
  await browser.mutate('resendEmailCode', { emailId }, 'email { id }')
  const again = await until(() => {
    const newest = codeIn(mailsTo(second).at(-1)?.mail.text ?? '')
    return newest === code ? undefined : newest
  })
  const lifted = await browser.mutate('verifyEmail', { emailId, code: again }, 'email { blockedAt }')
  expect(lifted.data.verifyEmail.email.blockedAt).toBeNull()
})

test('one click ends mail of its sort, and opening the link does not', async () => {
  const { browser, address, account, accountUser, user } = await personWithBrowser()
  await browser.mutate(
    'setNotificationPreferences',
    {
      accountUserId: accountUser.id,
      preferences: [{ eventType: 'TASK_ASSIGNED', channels: ['IN_APP', 'EMAIL'] }],
    },
    'accountUser { id }',
  )
  const publisher = await server.build.member({ account, roles: ['admin'] })
  const { token } = await server.build.token(publisher.accountUser)
  await server.withToken(token).mutate(
    'publishEvent',
    {
      accountId: account.id,
      type: 'TASK_ASSIGNED',
      recipients: [user.username],
      title: 'Once',
      body: '-',
    },
    'notified',
  )
  const { raw } = await until(() => mailsTo(address).find((one) => one.mail.subject?.includes('Once')))
  const url = here(/^List-Unsubscribe: <([^>]+)>/m.exec(raw.replaceAll(/\r\n\s+/g, ''))?.[1] ?? '')
  const channels = async () => {
    const { data } = await browser.query(
      '{ me { accountUsers { notificationPreferences { eventType { id } channels } } } }',
    )
    return data.me.accountUsers[0].notificationPreferences.find(
      (one: { eventType: { id: string } }) => one.eventType.id === 'TASK_ASSIGNED',
    ).channels
  }
  for (let time = 0; time < 5; time++) expect((await fetch(url)).status).toBe(200)
  expect(await channels()).toContain('EMAIL')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(answer.status).toBeLessThan(300)
  expect(await channels()).toEqual(['IN_APP'])
})

test.each(['SMS', 'VOICE', 'WHATSAPP'] as const)(
  'a phone is proven by %s, a test goes there, and what the carrier reports is shown',
  async (channel) => {
    const { browser } = await personWithBrowser()
    const number = `+1${{ SMS: 212, VOICE: 305, WHATSAPP: 312 }[channel]}5550142`
    const added = await browser.mutate('addPhone', { number, channel }, 'phone { id }')
    const phoneId = String(added.data.addPhone.phone.id)
    const item = await until(() =>
      twilio.items.find(({ parameters }) => parameters.get('To')?.endsWith(number)),
    )
    const code = await until(async () => codeIn(await saidBy(channel, item)))
    await twilio.report(item, channel === 'VOICE' ? 'completed' : 'delivered', { serverUrl: server.url })
    const proven = await browser.mutate('verifyPhone', { phoneId, code }, 'phone { verifiedAt }')
    expect(proven.data.verifyPhone.phone.verifiedAt).not.toBeNull()

    const tested = await browser.mutate(
      'sendTestNotification',
      { channel, addressId: phoneId },
      'delivery { id state }',
    )
    expect(tested.errors).toBeUndefined()
    const { id } = tested.data.sendTestNotification.delivery
    const test = await until(() =>
      twilio.items.find((one) => one !== item && one.parameters.get('To')?.endsWith(number)),
    )
    for (const status of channel === 'VOICE'
      ? ['completed', 'ringing']
      : ['delivered', 'sent', 'delivered']) {
      await twilio.report(test, status, { serverUrl: server.url })
    }
    const stateOf = async () =>
      (await browser.query('query ($id: ID!) { me { delivery(id: $id) { state carrier } } }', { id })).data
        .me.delivery
    await until(async () => ((await stateOf()).state === 'DELIVERED' ? true : undefined))
    expect(await stateOf()).toEqual({ state: 'DELIVERED', carrier: 'twilio' })
  },
)

test('nothing is sent to a number before it is proven, nor after STOP, until START', async () => {
  const { browser } = await personWithBrowser()
  const number = '+14155550123'
  const added = await browser.mutate('addPhone', { number, channel: 'SMS' }, 'phone { id }')
  const phoneId = String(added.data.addPhone.phone.id)
  const sendTest = () =>
    browser.mutate('sendTestNotification', { channel: 'SMS', addressId: phoneId }, 'delivery { id }')
  expect(refusalOf(await sendTest())).toMatchObject({ code: 'ADDRESS_UNPROVEN' })
  const item = await until(() => twilio.items.find(({ parameters }) => parameters.get('To') === number))
  const code = codeIn(item.parameters.get('Body') ?? '')
  await browser.mutate('verifyPhone', { phoneId, code }, 'me { id }')

  const answer = (word: string) =>
    twilio.post(
      'http://localhost:4000/carriers/twilio/inbound',
      { From: number, To: '+12025550100', Body: word, MessageSid: `SM${word}` },
      server.url,
    )
  const stopped = await answer('STOP')
  expect({ status: stopped.status, type: stopped.headers.get('content-type') }).toEqual({
    status: 200,
    type: expect.stringContaining('xml'),
  })
  const { data } = await browser.query('{ me { phones { number blockedReason blockedChannels } } }')
  expect(data.me.phones).toEqual([{ number, blockedReason: 'OPTED_OUT', blockedChannels: ['SMS'] }])
  expect(refusalOf(await sendTest())).toMatchObject({ code: 'CHANNEL_UNAVAILABLE' })
  await answer('START')
  expect((await sendTest()).errors).toBeUndefined()
})

test('a browser gets pushes that only it can read, and is forgotten once its service knows it no more', async () => {
  const { browser } = await personWithBrowser()
  const { endpoint, p256dh, auth, id: subscriptionId } = pushService.subscribe()
  const registered = await browser.mutate(
    'registerPushDevice',
    { endpoint, p256dh, auth },
    'pushDevice { id name }',
  )
  const deviceId = String(registered.data.registerPushDevice.pushDevice.id)
  const sendTest = () =>
    browser.mutate('sendTestNotification', { channel: 'PUSH', addressId: deviceId }, 'delivery { id }')
  await sendTest()
  const push = await until(() => pushService.pushes.find((one) => one.subscriptionId === subscriptionId))
  expect(push.payload).toMatchObject({ title: expect.any(String), sound: 'default', persistent: false })

  pushService.unsubscribe(subscriptionId)
  await sendTest()
  await until(async () => {
    const { data } = await browser.query('{ me { pushDevices { id } } }')
    return data.me.pushDevices.length === 0 ? true : undefined
  })
})

test('Slack is linked by agreeing there, and messages come from our app', async () => {
  const { browser } = await personWithBrowser()
  const member = { teamId: 'T01', workspace: 'sample-works', slackUserId: 'U01', handle: 'sample' }
  const begun = await browser.query('mutation { linkSlack { authorizeUrl } }')
  const state = new URL(begun.data.linkSlack.authorizeUrl).searchParams.get('state')
  const back = await browser.get(`/slack/callback?state=${state}&code=${slack.agree(member)}`)
  expect(back.headers.get('location')).toBe('/settings/contacts?slack=linked')
  const { data } = await browser.query('{ me { slackLinks { id handle workspace } } }')
  expect(data.me.slackLinks).toMatchObject([{ handle: 'sample', workspace: 'sample-works' }])
  await browser.mutate(
    'sendTestNotification',
    { channel: 'SLACK', addressId: data.me.slackLinks[0].id },
    'delivery { id }',
  )
  await until(() => slack.messages.find(({ channel }) => channel === 'U01'))
})

const subjects = new Set<string>()

test.each(Object.values(Language))('a test in %s says so on every way', async (language) => {
  const { browser, address } = await personWithBrowser(language)
  const { data } = await browser.query('{ me { emails { id } } }')
  await browser.mutate(
    'sendTestNotification',
    { channel: 'EMAIL', addressId: data.me.emails[0].id },
    'delivery { id }',
  )
  const { mail } = await until(() => mailsTo(address)[0])
  expect(mail.html).toContain(`lang="${language.toLowerCase()}-`)
  subjects.add(mail.subject ?? '')
})

test('and each language has words of its own', () => {
  expect(subjects.size).toBe(5)
})

/** What somebody who reads the text, or takes the call, gets. */
async function saidBy(channel: string, { parameters }: { parameters: URLSearchParams }): Promise<string> {
  if (channel === 'SMS') return parameters.get('Body') ?? ''
  if (channel === 'WHATSAPP') return parameters.get('ContentVariables') ?? ''
  const answer = await twilio.post(parameters.get('Url') ?? '', {}, server.url)
  // Digits are spoken one by one.
  return (await answer.text())
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/(?<=\d)[\s,.]+(?=\d)/g, '')
    .slice(0, 2000)
}

function bounceOf(to: string, recipient: string, status: string, diagnosis: string): string {
  return [
    'From: MAILER-DAEMON@mx.example.com',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'It could not be delivered.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.com',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnosis}`,
    '',
    '--b--',
    '',
  ].join('\r\n')
}
