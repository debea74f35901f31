import type { Config } from '../config.ts'
import { type CarriedChannel, Channel } from './channel.ts'
import { channels } from './channels.ts'

/** The channels that this server has a carrier for; all of them where the catcher takes the rest. */
export function configuredChannels({
  catcher,
  mail,
  twilio,
  slack,
}: Pick<Config, 'catcher' | 'mail' | 'twilio' | 'slack'>): ReadonlySet<CarriedChannel> {
  const hasCarrier: Record<CarriedChannel, boolean> = {
    [Channel.EMAIL]: mail.smtpUrl !== null,
    [Channel.SMS]: twilio !== null,
    [Channel.VOICE]: twilio !== null,
    [Channel.WHATSAPP]: twilio?.whatsappFrom != null,
    // Its keys are made by the server itself.
    [Channel.PUSH]: true,
    [Channel.SLACK]: slack !== null,
  }
  return new Set(channels.map(({ channel }) => channel).filter((channel) => catcher || hasCarrier[channel]))
}
