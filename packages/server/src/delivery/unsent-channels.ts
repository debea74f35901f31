import type { Config } from '../config.ts'
import type { CarriedChannel } from './channel.ts'
import { channels } from './channels.ts'
import { configuredChannels } from './configured-channels.ts'

/** The channels over which nothing goes out, for want of a carrier and of the catcher. Source: decision 29. */
export function unsentChannels(
  config: Pick<Config, 'catcher' | 'mail' | 'twilio' | 'slack'>,
): CarriedChannel[] {
  const configured = configuredChannels(config)
  return channels.map(({ channel }) => channel).filter((channel) => !configured.has(channel))
}

/** What sets a channel up. */
export const variableOfChannel: Record<CarriedChannel, string> = {
  EMAIL: 'SMTP_URL',
  SMS: 'TWILIO_ACCOUNT_SID',
  VOICE: 'TWILIO_ACCOUNT_SID',
  WHATSAPP: 'TWILIO_WHATSAPP_FROM',
  PUSH: 'VAPID_SUBJECT',
  SLACK: 'SLACK_CLIENT_ID',
}
