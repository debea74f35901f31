import { randomUUID } from 'node:crypto'

import { afterAll, expect, test } from 'vitest'

import { eventSample, messageSamples, sceneIn } from '../../test/message-samples.ts'
import { RawConnection } from '../../test/raw-http.ts'
import { createTestServer } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import type { Carrier } from '../delivery/carrier.ts'
import { Catcher } from '../delivery/catcher.ts'
import { Channel } from '../delivery/channel.ts'
import type { Destination } from '../delivery/destination.ts'
import type { Message } from '../delivery/message.ts'
import { renderMessage } from '../delivery/texts/render-message.ts'
import { Language } from '../language.ts'

const server = await createTestServer({ environment: { CATCHER: '1' } })
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const catcher: Carrier = new Catcher(statements, server.clock)

const person = randomUUID()
const destinations = {
  EMAIL: { channel: Channel.EMAIL, address: 'mara@example.com' },
  SMS: { channel: Channel.SMS, number: '+12025550142', country: 'US' },
  VOICE: { channel: Channel.VOICE, number: '+12025550142', country: 'US' },
  WHATSAPP: { channel: Channel.WHATSAPP, number: '+13125550177', country: 'US' },
  PUSH: {
    channel: Channel.PUSH,
    endpoint: 'https://push.example.com/abc',
    p256dh: 'p',
    auth: 'a',
    wishes: { sound: 'default', persistentFrom: 'NEVER', showsContent: false },
  },
  SLACK: { channel: Channel.SLACK, token: 'xoxb', slackUserId: 'U012', teamId: 'T012' },
} satisfies Record<string, Destination>

async function send(to: Destination, message: Message, userId: string = person): Promise<string> {
  server.clock.advanceSeconds(1)
  const deliveryId = randomUUID()
  const rendered = await renderMessage(to.channel, message, sceneIn(Language.EN))
  const parcel = {
    userId,
    deliveryId,
    attemptKey: 'k',
    reference: 'r',
    to,
    message: rendered,
    lifeSeconds: 60,
  }
  await catcher.send(parcel, new AbortController().signal)
  return deliveryId
}

interface Listed {
  channel: string
  to: string
  subject: string | null
  text: string
  at: string
  userId: string
  deliveryId: string
  html?: string
}

async function listed(query = ''): Promise<Listed[]> {
  const answer = await fetch(`${server.url}/outbox.json${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Listed[]
}

test('a program reads what was caught, the newest first, and finds the code in it', async () => {
  const userId = randomUUID()
  await send(destinations.EMAIL, messageSamples.EMAIL_CODE, userId)
  const deliveryId = await send(destinations.SMS, messageSamples.PHONE_CODE, userId)
  const [text, mail, ...others] = await listed(`?to=${userId}`)
  expect(others).toEqual([])
  expect(text).toMatchObject({
    channel: 'SMS',
    to: '+12025550142',
    subject: null,
    text: expect.stringContaining('482913'),
    at: server.clock.now().toISOString(),
    userId,
    deliveryId,
    message: { segments: 1 },
  })
  expect(mail).toMatchObject({
    channel: 'EMAIL',
    to: 'mara@example.com',
    subject: 'Confirm your email',
    text: expect.stringContaining('482913'),
    html: expect.stringContaining('<!DOCTYPE html'),
  })
  expect((await listed()).slice(0, 2).map((message) => message.deliveryId)).toEqual([
    text?.deliveryId,
    mail?.deliveryId,
  ])
})

test('a person sees every channel in its own way, and may look at one, or at one recipient', async () => {
  for (const to of Object.values(destinations)) await send(to, messageSamples.EVENT)
  const page = async (query = '') => (await fetch(`${server.url}/outbox${query}`)).text()
  const all = await page()
  expect(all).toMatch(
    /<iframe\s+title="Mail: Exchange the router at Mill Street"\s+src="\/outbox\/[^"]+\/mail"/,
  )
  expect(all).toContain('Segments')
  expect(all).toContain('repeats, after “Once more.”')
  expect(all).toContain('notice.en')
  expect(all).toContain('as long as the device likes')
  expect(all).toContain('&quot;plain_text&quot;')

  const shown = (text: string) => [...text.matchAll(/class="channel">([^<]+)</g)].map(([, name]) => name)
  expect(shown(await page('?channel=VOICE&to=%2B1202'))).toEqual(['Call'])
  expect(shown(await page('?to=%2B13125550177'))).toEqual(['WhatsApp'])
  expect(shown(await page('?channel=&to=PUSH.example'))).toEqual(['Push'])
  expect(await page('?to=nobody')).toContain('Nothing like that was caught')
  // What makes no sense is as if it were not there.
  expect(shown(await page('?channel=PIGEON&before=x&to=%00U012')).length).toBe(1)
})

test('older messages are a page further on', async () => {
  const userId = randomUUID()
  for (let index = 0; index < 51; index++) await send(destinations.SMS, messageSamples.TEST, userId)
  const first = await (await fetch(`${server.url}/outbox?to=${userId}`)).text()
  expect(first.match(/<article/g)).toHaveLength(50)
  const [, older = ''] = /href="([^"]+)">Older messages/.exec(first) ?? []
  const second = await (await fetch(server.url + older.replaceAll('&amp;', '&'))).text()
  expect(second.match(/<article/g)).toHaveLength(1)
  expect(second).not.toContain('Older messages')
})

test('markup in what was caught is text on the page, and a mail is shut off from it', async () => {
  const userId = randomUUID()
  const hostile = '"><script>ran()</script><img src=x onerror=ran()>'
  const event = eventSample({ title: hostile, body: hostile, accountName: hostile })
  for (const to of Object.values(destinations)) await send(to, event, userId)
  const answer = await fetch(`${server.url}/outbox?to=${userId}`)
  const page = await answer.text()
  expect(page).not.toMatch(/<script|<img/)
  expect(page).toContain('&lt;script&gt;')
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none';style-src 'sha256-[^']+';frame-src 'self'/,
  )
  expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')

  const [, path = ''] = /src="(\/outbox\/[^"]+\/mail)"/.exec(page) ?? []
  const mail = await fetch(server.url + path)
  expect(await mail.text()).toContain('<!DOCTYPE html')
  expect(mail.headers.get('content-security-policy')).toBe(
    "default-src 'none';style-src 'unsafe-inline';base-uri 'none';form-action 'none';frame-ancestors 'self';sandbox allow-popups allow-popups-to-escape-sandbox",
  )
  expect(mail.headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

test('the style of the page is the one that its policy lets in', async () => {
  const answer = await fetch(`${server.url}/outbox`)
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(await answer.text()) ?? []
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
  expect(answer.headers.get('content-security-policy')).toContain(
    `'sha256-${Buffer.from(digest).toString('base64')}'`,
  )
})

test.each(['/outbox', '/outbox.json', `/outbox/${randomUUID()}/mail`])(
  '%s is not there for a page elsewhere whose name was made to lead here',
  async (path) => {
    const connection = await RawConnection.open(server.url)
    connection.write(
      `GET ${path} HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
    )
    await connection.closed()
    expect(connection.statuses).toEqual([404])
    expect(connection.received).toContain('Not found')
  },
)

test.each(['/outbox/x/mail', `/outbox/${randomUUID()}/mail`])('%s is no mail', async (path) => {
  expect((await fetch(server.url + path)).status).toBe(404)
})

test('without the catcher there is no outbox', async () => {
  const other = await createTestServer({ environment: { CATCHER: '0' }, databaseUrl: server.databaseUrl })
  for (const path of ['/outbox', '/outbox.json', `/outbox/${randomUUID()}/mail`]) {
    expect((await fetch(other.url + path, { headers: { accept: 'text/html' } })).status).toBe(404)
  }
  await other.stop()
})
