import { z } from 'zod'
import type { Secret } from '../secret.ts'
import { httpUrl, incomplete, list, secret } from './variables.ts'

export interface TwilioConfig {
  accountSid: string
  authToken: Secret
  /** E.164. The first sends; all stand in the sender card. */
  from: readonly [string, ...string[]]
  /** Null: no WhatsApp. */
  whatsappFrom: string | null
  /** ContentSid of each approved template, as `code.en`. */
  contentSids: Readonly<Record<string, string>>
  baseUrl: URL
}

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number as +12025550142')

const contentSids = z.string().transform((text, context) => {
  const parsed = z.record(z.string(), z.string()).safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  context.addIssue('must be JSON as {"code.en": "HX…", "notice.en": "HX…"}')
  return z.NEVER
})

export const twilioVariables = {
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_AUTH_TOKEN: secret.optional(),
  TWILIO_FROM: list.pipe(z.array(e164)).default([]),
  TWILIO_WHATSAPP_FROM: e164.optional(),
  TWILIO_CONTENT_SIDS: contentSids.default({}),
  TWILIO_BASE_URL: httpUrl.default(new URL('https://api.twilio.com')),
}

type Values = z.output<z.ZodObject<typeof twilioVariables>>

/** A carrier is configured whole or not at all. */
export function twilioFaults(values: Values): string[] {
  return incomplete(values, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'])
}

export function twilioOf(values: Values): TwilioConfig | null {
  const [first, ...others] = values.TWILIO_FROM
  if (!values.TWILIO_ACCOUNT_SID || !values.TWILIO_AUTH_TOKEN || first === undefined) return null
  return {
    accountSid: values.TWILIO_ACCOUNT_SID,
    authToken: values.TWILIO_AUTH_TOKEN,
    from: [first, ...others],
    whatsappFrom: values.TWILIO_WHATSAPP_FROM ?? null,
    contentSids: values.TWILIO_CONTENT_SIDS,
    baseUrl: values.TWILIO_BASE_URL,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
