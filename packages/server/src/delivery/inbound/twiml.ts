// By their files: the whole package is the client of every Twilio service, and takes a second to load.
import MessagingResponse from 'twilio/lib/twiml/MessagingResponse.js'
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'

import type { RenderedCall } from '../rendered-message.ts'

/** A call costs by the minute; whoever wants to hear it a fourth time may read it. */
const mostRounds = 3
/** Twilio speaks no more than 4,096 characters in one go. */
const mostCharacters = 1000
const waitSeconds = 6

/**
 * What a call says when it is taken, and again when no key is pressed. The words may come from strangers: the builder
 * escapes them, and no verb here can dial or send anything. Source: S-J5.
 * @param next where Twilio asks what follows on a key
 */
export function opening(call: RenderedCall | null, next: string, round: number): string {
  return spoken((response) => {
    if (call && round < mostRounds) askForKey(response, call, next)
  })
}

/** What follows on a key: its answer, and unless that is the end of it, the sentences again. */
export function answerToKey(call: RenderedCall | null, digit: string, next: string, round: number): string {
  if (!call) return opening(call, next, round)
  const key = keyOf(call, digit)
  return spoken((response) => {
    if (key) say(response, key.answer, call.locale)
    if (key?.means !== 'confirm' && round < mostRounds) askForKey(response, call, next)
  })
}

export function isConfirmation(call: RenderedCall, digit: string): boolean {
  return keyOf(call, digit)?.means === 'confirm'
}

/** The answer to a text; none without words. */
export function textAnswer(text?: string): string {
  const response = new MessagingResponse()
  if (text !== undefined) response.message(text)
  return response.toString()
}

function keyOf({ keys }: RenderedCall, digit: string) {
  return digit === '1' || digit === '2' ? keys[digit] : undefined
}

function spoken(write: (response: VoiceResponse) => void): string {
  const response = new VoiceResponse()
  write(response)
  response.hangup()
  return response.toString()
}

/** Twice, as nobody presses a key while they look for their glasses. */
function askForKey(response: VoiceResponse, { sentences, locale }: RenderedCall, next: string): void {
  for (let time = 0; time < 2; time++) {
    const gather = response.gather({ numDigits: 1, action: next, method: 'POST', timeout: waitSeconds })
    for (const sentence of sentences) {
      say(gather, sentence, locale)
      gather.pause({ length: 1 })
    }
  }
}

function say(to: Pick<VoiceResponse, 'say'>, text: string, locale: string): void {
  // What is rendered names languages that Twilio speaks; its type lists them all.
  to.say({ language: locale as NonNullable<VoiceResponse.SayAttributes['language']> }, speakable(text))
}

/** Without what XML cannot carry: control characters, halves of surrogate pairs, and the two that are no characters. */
function speakable(text: string): string {
  return text
    .slice(0, mostCharacters)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
}
