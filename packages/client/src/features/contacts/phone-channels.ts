import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Channel } from '../../graphql/generated.ts'

export type PhoneChannel = Extract<Channel, 'SMS' | 'VOICE' | 'WHATSAPP'>

/** In the order in which they are offered. */
const phoneChannels: readonly PhoneChannel[] = ['SMS', 'VOICE', 'WHATSAPP']

/** As a choice. */
export const phoneChannelNames: Record<PhoneChannel, MessageDescriptor> = {
  SMS: msg`Text`,
  VOICE: msg`Call`,
  WHATSAPP: msg`WhatsApp`,
}

/** Within a sentence. */
export const phoneChannelWords: Record<PhoneChannel, MessageDescriptor> = {
  SMS: msg`text`,
  VOICE: msg`call`,
  WHATSAPP: msg`WhatsApp`,
}

/** How to ask for a code over another channel than the one before. */
export const phoneChannelWishes: Record<PhoneChannel, MessageDescriptor> = {
  SMS: msg`Text me instead`,
  VOICE: msg`Call me instead`,
  WHATSAPP: msg`Use WhatsApp`,
}

/** Those that this server can carry. */
export function configuredPhoneChannels(
  channels: readonly { channel: Channel; configured: boolean }[],
): PhoneChannel[] {
  return phoneChannels.filter((name) =>
    channels.some(({ channel, configured }) => channel === name && configured),
  )
}

export function isPhoneChannel(channel: Channel): channel is PhoneChannel {
  return phoneChannels.some((name) => name === channel)
}
