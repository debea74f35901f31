import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { Channel } from '../graphql/generated.ts'

/** What each channel is called wherever the page speaks of it. */
export const channelNames: Record<Channel, MessageDescriptor> = {
  IN_APP: msg`In-app`,
  PUSH: msg`Push`,
  SMS: msg`Text message`,
  VOICE: msg`Call`,
  WHATSAPP: msg`WhatsApp`,
  SLACK: msg`Slack`,
  EMAIL: msg`Email`,
}

export function isChannel(text: string): text is Channel {
  return Object.hasOwn(channelNames, text)
}
