import type { Channel } from './channel.ts'

/** A message in the recipient's language and time zone, in the form that its channel carries. */
export type RenderedMessage =
  | RenderedMail
  | RenderedText
  | RenderedCall
  | RenderedWhatsApp
  | RenderedPush
  | RenderedSlackMessage

export interface RenderedMail {
  channel: Channel.EMAIL
  subject: string
  html: string
  text: string
  /** Where one POST ends mail of this sort (RFC 8058); absent on what cannot be unsubscribed from. */
  unsubscribeUrl?: string
}

export interface RenderedText {
  channel: Channel.SMS
  text: string
  /** As the carriers count them: 160 or 70 characters alone, 153 or 67 when there are several. */
  segments: number
}

export interface RenderedCall {
  channel: Channel.VOICE
  /** BCP 47, as voices are named: "en-US". */
  locale: string
  /** Sentences, spoken in turn; the last says what the keys do. */
  sentences: string[]
  /** What to say after a key; a key that is not here repeats the sentences. */
  keys: Partial<Record<'1' | '2', { means: 'repeat' | 'confirm'; answer: string }>>
}

export interface RenderedWhatsApp {
  channel: Channel.WHATSAPP
  /** Names the approved template, one for each language, whose ContentSid the operator configures. */
  template: 'code' | 'notice'
  language: 'en' | 'es' | 'fr' | 'de' | 'nl'
  /** Values of the template's variables, "1" first. */
  variables: Record<string, string>
  /** What the recipient reads once the template is filled in. */
  text: string
}

export interface RenderedPush {
  channel: Channel.PUSH
  title: string
  body: string
  /** Where a click leads: a path of our page. */
  path: string
  /** A newer push of the same topic replaces an older one that still waits: at most 32 of base64url. */
  topic: string
  urgency: 'normal' | 'high'
  /** The name of one of our sounds, and whether it stays until it is dismissed. */
  sound: string
  persistent: boolean
}

export interface RenderedSlackMessage {
  channel: Channel.SLACK
  /** What the notification of the Slack app says. */
  text: string
  /** Block Kit. */
  blocks: readonly Record<string, unknown>[]
}
