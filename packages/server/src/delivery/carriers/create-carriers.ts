import type { Config } from '../../config.ts'
import type { Clock } from '../../lib/clock.ts'
import { type OutboundHttp, portOf } from '../../lib/outbound-http.ts'
import type { Carriers } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { createSlack } from './slack.ts'
import { createSmtp } from './smtp.ts'
import { createTwilioSms } from './twilio-sms.ts'
import { createTwilioVoice } from './twilio-voice.ts'
import { createTwilioWhatsApp } from './twilio-whatsapp.ts'
import { createWebPush } from './web-push.ts'

interface CarrierParts {
  http: OutboundHttp
  clock: Clock
  /** Both in base64url. */
  vapidKeys: { publicKey: string; privateKey: string }
}

type CarrierConfig = Pick<Config, 'mail' | 'twilio' | 'slack' | 'publicUrl' | 'vapidSubject' | 'pushHosts'>

/** A channel that nothing is configured for has no carrier; push needs nobody's account. */
export function createCarriers(config: CarrierConfig, parts: CarrierParts): Carriers & AsyncDisposable {
  const { mail, twilio, slack, publicUrl, pushHosts } = config
  const { http, clock, vapidKeys } = parts
  const smtp = mail.smtpUrl && createSmtp(mail, mail.smtpUrl)
  const ofTwilio = twilio && { config: twilio, http, clock, publicUrl }
  const whatsappFrom = twilio?.whatsappFrom
  const subject = config.vapidSubject ?? `mailto:postmaster@${publicUrl.hostname}`
  const vapid = { subject, ...vapidKeys }

  return {
    ...(smtp ? { [Channel.EMAIL]: smtp } : {}),
    ...(ofTwilio ? { [Channel.SMS]: createTwilioSms(ofTwilio) } : {}),
    ...(ofTwilio ? { [Channel.VOICE]: createTwilioVoice(ofTwilio) } : {}),
    ...(ofTwilio && whatsappFrom
      ? { [Channel.WHATSAPP]: createTwilioWhatsApp({ ...ofTwilio, whatsappFrom }) }
      : {}),
    [Channel.PUSH]: createWebPush({ http, clock, vapid, pushHosts }),
    ...(slack ? { [Channel.SLACK]: createSlack({ config: slack, http, clock }) } : {}),
    async [Symbol.asyncDispose]() {
      await smtp?.[Symbol.asyncDispose]()
    },
  }
}

/** What the guarded client may call without asking: the operator named it. */
export function operatorsHosts({
  allowedOutboundHosts,
  twilio,
  slack,
}: Pick<Config, 'allowedOutboundHosts' | 'twilio' | 'slack'>): string[] {
  const services = [twilio?.baseUrl, slack?.baseUrl].filter((url) => url !== undefined)
  return [...allowedOutboundHosts, ...services.map((url) => `${url.hostname}:${portOf(url)}`)]
}
