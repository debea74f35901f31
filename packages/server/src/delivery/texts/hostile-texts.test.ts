import { expect, test } from 'vitest'

import { eventSample, messageSamples, sceneIn } from '../../../test/message-samples.ts'
import { Language } from '../../language.ts'
import { Channel } from '../channel.ts'
import type { Message } from '../message.ts'
import type {
  RenderedCall,
  RenderedSlackMessage,
  RenderedText,
  RenderedWhatsApp,
} from '../rendered-message.ts'
import { renderMessage } from './render-message.ts'

/** What a stranger may put into a title or a name, where nothing has checked it yet. Source: S-J5, S-J6. */
const hostileTitles = [
  '</Say><Dial>+88210000000</Dial><Say>',
  'a\r\nBcc: everybody@example.com',
  'a\nhttps://evil.example/login',
  'https://evil.example/login',
  'x" https://evil.example/login "y',
  'x“ https://evil.example/login ”y',
  'x« https://evil.example/login »y',
  'x„ https://evil.example/login ‟y',
  '\u202egnp.exe',
  '\u2066a\u2069\u200f\u061c',
  'bell\u0007 escape\u001b[31m null\u0000',
  'line\u2028separator\u2029paragraph',
  '\ud800 half a character',
  '<!channel> <@U0123456> <https://evil.example|us>',
  '{code} {title} {0} ${1} {{1}}',
  '@lanyard.example.com #000000',
]
const controls = /[^\P{Cc}\n]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

const everyPlace = (text: string): Message[] => [
  eventSample({ title: text, accountName: text, body: text }),
  eventSample({ title: text, accountName: text, kind: 'ALERT', entity: null }),
  {
    ...messageSamples.TOKEN_CREATED,
    values: { ...messageSamples.TOKEN_CREATED.values, tokenName: text, accountName: text },
  },
  { ...messageSamples.TOKEN_LEAKED, values: { ...messageSamples.TOKEN_LEAKED.values, tokenName: text } },
  {
    ...messageSamples.SLACK_LINKED,
    values: { ...messageSamples.SLACK_LINKED.values, handle: text, workspace: text },
  },
  {
    ...messageSamples.DEVICE_REGISTERED,
    values: { ...messageSamples.DEVICE_REGISTERED.values, name: text },
  },
]
const languages = Object.values(Language)

test.each(hostileTitles)(
  'a text message around %j has one line, and foreign links in quotes only',
  async (title) => {
    for (const language of languages) {
      for (const message of everyPlace(title)) {
        const { text } = (await renderMessage(Channel.SMS, message, sceneIn(language))) as RenderedText
        expect(text).not.toMatch(controls)
        expect(text).not.toContain('\n')
        expect(text.isWellFormed()).toBe(true)
        const outside = text.replaceAll(/"[^"]*"/g, '')
        expect(outside).not.toContain('"')
        expect(outside.match(/https?:\/\/\S+/g)).toEqual([
          expect.stringMatching(/^https:\/\/lanyard\.example\.com\//),
        ])
        expect(outside).not.toContain('evil.example')
        expect(outside).not.toContain('#000000')
      }
    }
  },
)

test.each(hostileTitles)('the values of a template around %j are whole lines', async (title) => {
  for (const message of everyPlace(title)) {
    const { variables } = (await renderMessage(
      Channel.WHATSAPP,
      message,
      sceneIn(Language.FR),
    )) as RenderedWhatsApp
    for (const value of Object.values(variables)) {
      expect(value).not.toMatch(controls)
      expect(value).not.toMatch(/\n|\t| {4}/)
    }
    expect(new URL(variables['3'] ?? '').origin).toBe('https://lanyard.example.com')
  }
})

test.each(hostileTitles)('what is said of %j is text without controls, and ends', async (title) => {
  for (const message of everyPlace(title.repeat(300))) {
    const call = (await renderMessage(Channel.VOICE, message, sceneIn(Language.EN))) as RenderedCall
    for (const sentence of call.sentences) {
      expect(sentence).not.toMatch(controls)
      expect(sentence.isWellFormed()).toBe(true)
      expect(sentence.length).toBeLessThanOrEqual(400)
    }
    expect(call.sentences.join(' ').length).toBeLessThan(1500)
    expect(Object.keys(call.keys)).toEqual(['1'])
  }
})

test('nothing in a Slack message calls a channel or becomes a link of its own', async () => {
  for (const title of hostileTitles) {
    for (const message of everyPlace(title)) {
      const { text, blocks } = (await renderMessage(
        Channel.SLACK,
        message,
        sceneIn(Language.EN),
      )) as RenderedSlackMessage
      expect(text).not.toMatch(/[<>]/)
      expect(JSON.stringify(blocks)).not.toContain('mrkdwn')
    }
  }
})

test('a subject is one line', async () => {
  for (const title of hostileTitles) {
    const mail = await renderMessage(Channel.EMAIL, eventSample({ title }), sceneIn(Language.NL))
    if (mail.channel !== Channel.EMAIL) throw new Error('not mail')
    expect(mail.subject).not.toMatch(/\n/)
    expect(mail.subject).not.toMatch(controls)
    expect(mail.html).not.toMatch(controls)
    expect(mail.text).not.toMatch(controls)
  }
})
