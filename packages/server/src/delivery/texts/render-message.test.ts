import { expect, test } from 'vitest'

import { eventSample, messageSamples, sceneIn } from '../../../test/message-samples.ts'
import { Language } from '../../language.ts'
import { type CarriedChannel, Channel } from '../channel.ts'
import { type Message, type MessageKind, messageTraits } from '../message.ts'
import type {
  RenderedCall,
  RenderedMail,
  RenderedMessage,
  RenderedPush,
  RenderedSlackMessage,
  RenderedText,
  RenderedWhatsApp,
} from '../rendered-message.ts'
import { describeMessage } from './describe-message.ts'
import { renderMessage } from './render-message.ts'
import type { Scene } from './scene.ts'
import { segmentsOf } from './sms-segments.ts'

interface RenderedBy {
  [Channel.EMAIL]: RenderedMail
  [Channel.SMS]: RenderedText
  [Channel.VOICE]: RenderedCall
  [Channel.WHATSAPP]: RenderedWhatsApp
  [Channel.PUSH]: RenderedPush
  [Channel.SLACK]: RenderedSlackMessage
}

const channels = Object.values(Channel).filter((channel) => channel !== Channel.IN_APP)
const languages = Object.values(Language)
const messages: Message[] = [
  ...Object.values(messageSamples),
  eventSample({ kind: 'ALERT' }),
  eventSample({ notificationId: null, entity: null, body: '' }),
]
const { EN, DE, FR, ES, NL } = Language

async function render<C extends CarriedChannel>(
  channel: C,
  message: Message,
  scene: Scene,
): Promise<RenderedBy[C]> {
  const rendered: RenderedMessage = await renderMessage(channel, message, scene)
  expect(rendered.channel).toBe(channel)
  return rendered as RenderedBy[C]
}

const everyText = languages.flatMap((language) =>
  channels.flatMap((channel) => messages.map((message) => ({ language, channel, message }))),
)

test.each(everyText)('$message.kind by $channel in $language is whole', async ({ channel, ...given }) => {
  const rendered = await render(channel, given.message, sceneIn(given.language))
  for (const text of textsIn(rendered)) {
    const written = text.replace(/<style>.*?<\/style>/s, '')
    expect(written).not.toMatch(/undefined|\[object|NaN|Invalid Date|\bnull\b|[{}]/)
    // Lingui shows the id of a text that it does not have.
    expect(written).not.toMatch(/\b(?:message|call|mail|whatsapp)\.\w/)
  }
})

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

test.each(messages)('$kind says nothing in English to who reads another language', (message) => {
  const english = describeMessage(message, sceneIn(EN))
  for (const language of [ES, FR, DE, NL]) {
    const translated = describeMessage(message, sceneIn(language))
    const own = (notice: typeof english) => [
      ...(message.kind === 'EVENT' && message.values.kind === 'NOTIFICATION' ? [] : [notice.title]),
      ...notice.sentences,
      notice.short,
      notice.spoken[0],
      notice.why,
      notice.action.label,
      notice.advice,
      notice.choice?.label,
      notice.glance.title,
      notice.glance.body,
    ]
    const same = own(translated).filter((text, index) => text && text === own(english)[index])
    expect({ language, same }).toEqual({ language, same: [] })
    expect(translated.facts.map(({ value }) => value)).toHaveLength(english.facts.length)
  }
})

test('the reasons of a block are told in every language, each in words of its own', () => {
  const reasons = ['BOUNCE', 'COMPLAINT', 'UNDELIVERABLE', 'OPTED_OUT'] as const
  const said = languages.flatMap((language) =>
    reasons.map((reason) => {
      const values = { address: 'mara@example.com', reason }
      return describeMessage({ kind: 'ADDRESS_BLOCKED', values }, sceneIn(language)).sentences[0]
    }),
  )
  expect(new Set(said).size).toBe(said.length)
  for (const sentence of said) expect(sentence).toContain('mara@example.com')
})

test('a sign-in names the way in, in every language', () => {
  const said = languages.flatMap((language) =>
    (['PASSWORD', 'PASSKEY', 'SSO'] as const).map((way) => {
      const { values } = messageSamples.SIGNED_IN
      return describeMessage({ kind: 'SIGNED_IN', values: { ...values, way } }, sceneIn(language)).short
    }),
  )
  expect(new Set(said).size).toBe(said.length)
})

test('whoever used a recovery code reads how many are left, and to make new ones in time', () => {
  const leftIn = (language: Language, left: number) => {
    const { values } = messageSamples.RECOVERY_CODE_USED
    const message: Message = { kind: 'RECOVERY_CODE_USED', values: { ...values, left } }
    return describeMessage(message, sceneIn(language)).sentences[1]
  }
  expect([0, 1, 3].map((left) => leftIn(EN, left))).toEqual([
    'None is left: make new ones.',
    '1 is left: make new ones soon.',
    '3 are left.',
  ])
  for (const language of languages) {
    expect(leftIn(language, 0)).not.toMatch(/\d/)
    expect(leftIn(language, 1)).toMatch(/\b1\b.*:/)
    expect(leftIn(language, 14)).toMatch(/\b14\b[^:]*$/)
  }
})

test('the link for a new password comes with how long it works', async () => {
  const { secrets } = messageSamples.PASSWORD_RESET
  for (const language of languages) {
    const message: Message = { kind: 'PASSWORD_RESET', values: { minutes: 45 }, secrets }
    const { text } = await render(Channel.EMAIL, message, sceneIn(language))
    expect(text).toContain('45')
    expect(text).toContain(`https://lanyard.example.com/reset-password#${secrets.token}`)
  }
})

test('what an administrator did says when, and not where the administrator sat', () => {
  for (const message of [messageSamples.TWO_FACTOR_RESET, messageSamples.USER_DISABLED]) {
    const { facts } = describeMessage(message, sceneIn(EN))
    expect(facts.map(({ label }) => label)).toEqual(['When'])
  }
})

test('mail with a code shows it, and a link that opens the page with the code filled in', async () => {
  for (const language of languages) {
    const mail = await render(Channel.EMAIL, messageSamples.EMAIL_CODE, sceneIn(language))
    const link =
      'https://lanyard.example.com/settings/contacts?verify=01938000-0000-7000-8000-00000000000e#code=482913'
    expect(mail.text).toContain(link)
    expect(mail.text).toMatch(/^482913$/m)
    expect(mail.html.match(new RegExp(`href="${link.replace('?', '\\?')}"`, 'g'))).toHaveLength(2)
    expect(mail.html).toMatch(/>482913</)
    expect(mail.html).toMatch(new RegExp(`<html[^>]* lang="${language.toLowerCase()}-`))
    expect(mail.subject).not.toContain('482913')
    expect(mail.html.slice(0, mail.html.indexOf('<h1'))).not.toContain('482913')
    expect(mail).not.toHaveProperty('unsubscribeUrl')
  }
})

test('html and text of a mail say the same, in light and dark, with nothing fetched from anywhere', async () => {
  for (const message of messages) {
    const { html, text } = await render(Channel.EMAIL, message, sceneIn(DE))
    const notice = describeMessage(message, sceneIn(DE))
    const said = [notice.title, ...notice.sentences, ...notice.facts.map((fact) => fact.value), notice.why]
    for (const part of said) {
      expect(text).toContain(part)
      expect(html).toContain(part)
    }
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).not.toMatch(/<img|<link|<script|src=|url\(|@import|@font-face/)
  }
})

test('only mail about events that are no alerts can be unsubscribed from', async () => {
  const unsubscribeUrl = 'https://lanyard.example.com/unsubscribe/0123456789'
  for (const message of messages) {
    const mail = await render(Channel.EMAIL, message, sceneIn(EN))
    const mayBe = message.kind === 'EVENT' && message.values.kind === 'NOTIFICATION'
    expect(mail.unsubscribeUrl).toBe(mayBe ? unsubscribeUrl : undefined)
    expect(mail.text.includes(unsubscribeUrl)).toBe(mayBe)
    expect(mail.html.includes(unsubscribeUrl)).toBe(mayBe)
  }
  const { html } = await render(Channel.EMAIL, eventSample({ kind: 'ALERT' }), sceneIn(EN))
  expect(html).toContain('https://lanyard.example.com/settings/notifications')
})

/** Done by a carrier or an administrator, refused, asked for without harm, or locked already. */
const deniedByNobody: MessageKind[] = [
  'ADDRESS_BLOCKED',
  'TOKEN_REVOKED',
  'TOKEN_LEAKED',
  'PASSWORD_RESET',
  'SSO_STRANGER',
  'INTRUSION_REPORTED',
  'USER_DISABLED',
]

test('every message about what a stranger may have done says how to lock everything, and no other', async () => {
  const link = `https://lanyard.example.com/not-me/${'n'.repeat(64)}`
  for (const message of messages) {
    const mayBeDenied =
      messageTraits[message.kind].class === 'security' && !deniedByNobody.includes(message.kind)
    const linked = { kind: message.kind, links: mayBeDenied ? 1 : 0 }
    for (const language of languages) {
      const { html, text } = await render(Channel.EMAIL, message, sceneIn(language))
      expect({ kind: message.kind, links: html.split(`href="${link}"`).length - 1 }).toEqual(linked)
      expect({ kind: message.kind, links: text.split(link).length - 1 }).toEqual(linked)
      const { blocks } = await render(Channel.SLACK, message, sceneIn(language))
      expect({ kind: message.kind, links: JSON.stringify(blocks).split(link).length - 1 }).toEqual(linked)
    }
  }
})

test('the link that locks everything stands after what the mail is about, under words that say what it does', async () => {
  const { text } = await render(Channel.EMAIL, messageSamples.PASSKEY_ADDED, sceneIn(EN))
  expect(text).toMatch(
    /settings\/security\s+If it was not you, lock everything: .*\s+It wasn’t me https:\/\/\S+\/not-me\/n{64}\s/s,
  )
})

test('a mail without such a link still says what to do', async () => {
  const { notMeReference: _, ...scene } = sceneIn(EN)
  const { html, text } = await render(Channel.EMAIL, messageSamples.PASSKEY_ADDED, scene)
  expect(html).not.toContain('/not-me/')
  expect(text).toContain('If it was not you, lock everything:')
})

test('a link of mail leads to us, and for the thing an event is about to the page of its host', async () => {
  for (const message of messages) {
    const { html } = await render(Channel.EMAIL, message, sceneIn(EN))
    const targets = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => new URL(href ?? '').origin)
    expect(targets.length).toBeGreaterThan(0)
    const foreign = targets.filter((origin) => origin !== 'https://lanyard.example.com')
    const hasEntity = message.kind === 'EVENT' && message.values.entity
    expect(foreign).toEqual(hasEntity ? ['https://host.example.com'] : [])
  }
})

test('the time of an event is that of the recipient, with the name of the zone', async () => {
  const inNewYork = sceneIn(EN, { timeZone: 'America/New_York' })
  const { text } = await render(Channel.EMAIL, messageSamples.PHONE_ADDED, inNewYork)
  expect(text).toContain('When: Monday, November 23, 2026 at 3:12 AM Eastern Standard Time')
  const inKolkata = sceneIn(NL, { timeZone: 'Asia/Kolkata' })
  const dutch = await render(Channel.EMAIL, messageSamples.PHONE_ADDED, inKolkata)
  expect(dutch.text).toMatch(/Wanneer: maandag 23 november 2026 om 13:42 \S+/)
  const french = await render(Channel.EMAIL, messageSamples.PHONE_ADDED, sceneIn(FR))
  expect(french.text).toContain('Quand\u00a0: lundi 23 novembre 2026')
  const nowhere = sceneIn(EN, { timeZone: 'Mars/Olympus' })
  const unknown = await render(Channel.EMAIL, messageSamples.PHONE_ADDED, nowhere)
  expect(unknown.text).toContain('8:12 AM Coordinated Universal Time')
})

test('a code by text is one segment, ends in the line that binds it to us, and links nowhere', async () => {
  for (const language of languages) {
    const { text, segments } = await render(Channel.SMS, messageSamples.PHONE_CODE, sceneIn(language))
    expect(text).toMatch(/^482913 .*10 .*\.\n\n@lanyard\.example\.com #482913$/)
    expect(segments).toBe(1)
  }
  const local = await render(
    Channel.SMS,
    messageSamples.PHONE_CODE,
    sceneIn(EN, { publicUrl: new URL('http://localhost:4000') }),
  )
  expect(local.text).toMatch(/@localhost #482913$/)
})

test('a text message takes three segments at most, counts them, and keeps the link', async () => {
  const long = eventSample({ title: 'Ü'.repeat(200), accountName: 'Ж'.repeat(100) })
  const token: Message = {
    ...messageSamples.TOKEN_CREATED,
    values: {
      ...messageSamples.TOKEN_CREATED.values,
      tokenName: 'ж'.repeat(100),
      accountName: '家'.repeat(100),
    },
  }
  for (const language of languages) {
    for (const message of [...messages, long, token]) {
      const { text, segments } = await render(Channel.SMS, message, sceneIn(language))
      expect(segments).toBe(segmentsOf(text))
      expect(segments).toBeLessThanOrEqual(3)
      expect(text).toMatch(/https:\/\/lanyard\.example\.com\/\S+$|#482913$/)
    }
    const cut = await render(Channel.SMS, long, sceneIn(language))
    expect(cut.text).toMatch(/Ж…".*Ü…" https/)
    // As much of it as there is room for.
    expect(cut.text.length).toBeGreaterThan(180)
  }
})

test('a call spells the code digit by digit and twice, and says what the key does', async () => {
  const locales = { EN: 'en-US', ES: 'es-ES', FR: 'fr-FR', DE: 'de-DE', NL: 'nl-NL' }
  for (const language of languages) {
    const call = await render(Channel.VOICE, messageSamples.PHONE_CODE, sceneIn(language))
    expect(call.locale).toBe(locales[language])
    expect(call.sentences.filter((sentence) => sentence.includes('4, 8, 2, 9, 1, 3'))).toHaveLength(2)
    expect(JSON.stringify(call)).not.toContain('482913')
    expect(call.sentences.at(-1)).toContain('1')
    expect(call.keys).toEqual({ '1': { means: 'repeat', answer: expect.stringMatching(/\S/) } })

    const tried = await render(Channel.VOICE, messageSamples.TEST, sceneIn(language))
    expect(tried.keys['1']?.means).toBe('confirm')
    expect(tried.sentences.at(-1)).not.toBe(call.sentences.at(-1))
  }
})

test('WhatsApp gets a template and its values: one for a code, three whole lines for the rest', async () => {
  for (const language of languages) {
    const code = await render(Channel.WHATSAPP, messageSamples.PHONE_CODE, sceneIn(language))
    expect(code).toMatchObject({
      template: 'code',
      language: language.toLowerCase(),
      variables: { '1': '482913' },
      text: expect.stringContaining('482913'),
    })
    expect(Object.keys(code.variables)).toEqual(['1'])

    for (const message of messages.filter(({ secrets }) => !secrets)) {
      const notice = await render(Channel.WHATSAPP, message, sceneIn(language))
      expect(notice.template).toBe('notice')
      expect(Object.keys(notice.variables)).toEqual(['1', '2', '3'])
      for (const value of Object.values(notice.variables)) {
        expect(value).toMatch(/^\S.*\S$/)
        expect(notice.text).toContain(value)
      }
      expect(notice.text.length).toBeLessThanOrEqual(1024)
    }
  }
})

test('a push says nothing private on a locked screen, unless the person wants it, and never a code', async () => {
  const wishes = { sound: 'harbour', persistentFrom: 'NEVER', showsContent: false }
  const shown = sceneIn(EN, { pushWishes: { ...wishes, showsContent: true } })
  for (const message of messages) {
    for (const scene of [sceneIn(EN), sceneIn(EN, { pushWishes: wishes })]) {
      const push = await render(Channel.PUSH, message, scene)
      expect(`${push.title} ${push.body}`).not.toMatch(
        /example|router|reception|Harbour|Task 12|\+1202|mara|Night|tablet|482913|192\.0/,
      )
      expect(push.title && push.body).toMatch(/\S/)
    }
    expect(JSON.stringify(await render(Channel.PUSH, message, shown))).not.toContain('482913')
  }
  expect(await render(Channel.PUSH, eventSample({ kind: 'ALERT' }), shown)).toEqual({
    channel: Channel.PUSH,
    title: 'Alert: Exchange the router at Mill Street',
    body: 'The key is at the reception.\nRing twice.',
    path: '/inbox/01938000-0000-7000-8000-00000000000b',
    topic: Buffer.from('0193800000007000800000000000000b', 'hex').toString('base64url'),
    urgency: 'high',
    sound: 'harbour',
    persistent: false,
  })
})

test('a push about the same thing has the same topic, and one that push services take', async () => {
  for (const message of messages) {
    const { topic } = await render(Channel.PUSH, message, sceneIn(EN))
    expect(topic).toMatch(/^[\w-]{1,32}$/)
  }
  const topicOf = async (deliveryId: string, message: Message) =>
    (await render(Channel.PUSH, message, sceneIn(EN, { deliveryId }))).topic
  const [first, second] = ['01938000-0000-7000-8000-0000000000d1', '01938000-0000-7000-8000-0000000000d2']
  expect(await topicOf(first, messageSamples.EVENT)).toBe(await topicOf(second, messageSamples.EVENT))
  expect(await topicOf(first, messageSamples.TEST)).not.toBe(await topicOf(second, messageSamples.TEST))
})

test.each([
  ['NEVER', false, false],
  ['LOW', true, true],
  ['MEDIUM', false, true],
  ['HIGH', false, true],
  ['CRITICAL', false, false],
])('from %s on a push stays: a notification %s, an alert %s', async (persistentFrom, usual, urgent) => {
  const scene = sceneIn(EN, { pushWishes: { sound: 'default', persistentFrom, showsContent: false } })
  expect((await render(Channel.PUSH, messageSamples.EVENT, scene)).persistent).toBe(usual)
  expect((await render(Channel.PUSH, eventSample({ kind: 'ALERT' }), scene)).persistent).toBe(urgent)
})

test('a Slack message stays within what Slack takes, and its button leads to us', async () => {
  const long = eventSample({ title: 'T'.repeat(200), body: 'B'.repeat(4000) })
  for (const message of [...messages, long]) {
    const { text, blocks } = await render(Channel.SLACK, message, sceneIn(FR))
    expect(text).toMatch(/\S/)
    const [header] = blocks
    expect(JSON.stringify(header).length).toBeLessThan(150 + 80)
    for (const block of blocks) expect(JSON.stringify(block).length).toBeLessThan(3000 + 120)
    const { elements } = blocks.at(-1) as { elements: { text: { text: string }; url: string }[] }
    expect(new URL(elements[0]?.url ?? '').origin).toBe('https://lanyard.example.com')
    expect(elements[0]?.text.text.length).toBeLessThanOrEqual(75)
  }
})
