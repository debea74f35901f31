import type { CarriedChannel, Channel } from './channel.ts'
import type { ChannelDescription } from './channel-description.ts'
import { email } from './channels/email.ts'
import { push } from './channels/push.ts'
import { slack } from './channels/slack.ts'
import { sms } from './channels/sms.ts'
import { voice } from './channels/voice.ts'
import { whatsApp } from './channels/whatsapp.ts'
import { DeliveryState } from './delivery.entity.ts'
import { type Message, type MessageKind, messageTraits } from './message.ts'

/** Every channel but the inbox, in the order of the page. A new one is a file beside these and a line here. */
export const channels: readonly ChannelDescription[] = [push, sms, voice, whatsApp, slack, email]

/** Whether nothing more is heard of a message: it is decided, or accepted where nobody reports. */
export function isDecided({ channel, state }: { channel: Channel; state: DeliveryState }): boolean {
  if (state !== DeliveryState.SENT) return decided.has(state)
  return channels.some((candidate) => candidate.channel === channel && !candidate.reportsBack)
}

const decided: ReadonlySet<DeliveryState> = new Set([
  DeliveryState.DELIVERED,
  DeliveryState.UNDELIVERED,
  DeliveryState.FAILED,
  DeliveryState.SUPPRESSED,
])

/** Whether a channel carries such a message at all; a person may still want it elsewhere. */
export function carries(channel: CarriedChannel, message: Pick<Message, 'kind' | 'values'>): boolean {
  const description = channels.find((candidate) => candidate.channel === channel)
  if (!description) return false
  const { class: messageClass } = messageTraits[message.kind]
  if (messageClass === 'code') return description.codeMessage === message.kind
  if (!description.carries.includes(messageClass)) return false
  return !description.alertsOnly || messageClass !== 'event' || isAlert(message)
}

function isAlert({ values }: { kind: MessageKind; values: object }): boolean {
  return 'kind' in values && values.kind === 'ALERT'
}
