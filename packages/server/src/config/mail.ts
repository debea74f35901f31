import { z } from 'zod'
import { Secret } from '../secret.ts'
import { incomplete, list, secret } from './variables.ts'

export interface MailConfig {
  /** Null: mail goes to the catcher. */
  smtpUrl: Secret | null
  /** As `Lanyard <lanyard@example.com>`. */
  from: string
  dkim: { domain: string; selector: string; privateKey: Secret } | null
  /** Mail that comes back goes to `b-<reference>@` this domain (VERP); null: to the sender. */
  bounceDomain: string | null
  /** Where our own SMTP listener takes mail that came back; null: it does not listen. */
  bounceListener: { host: string; port: number } | null
  /** Topics of Amazon SNS over which SES reports; others are refused. */
  sesTopics: readonly string[]
  /** `user:password` of Postmark's webhooks. */
  postmarkCredentials: Secret | null
  /** Public key of SendGrid's signed event webhook, base64 of its DER. */
  sendgridPublicKey: string | null
  mailgunSigningKey: Secret | null
}

const smtpUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname) return new Secret(text)
  context.addIssue('must read as smtp://user:password@host:587, or smtps:// for TLS from the start')
  return z.NEVER
})

const mailAddress = z
  .string()
  .regex(
    /^(?:[^<>@]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'must read as Lanyard <lanyard@example.com>',
  )

const hostAndPort = z.string().transform((text, context) => {
  const { host, port } = /^(?<host>\[[0-9a-f:]+\]|[^:]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
  if (host && port) return { host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
  context.addIssue('must read as 0.0.0.0:25')
  return z.NEVER
})

export const mailVariables = {
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailAddress.optional(),
  MAIL_DKIM_DOMAIN: z.string().optional(),
  MAIL_DKIM_SELECTOR: z.string().optional(),
  MAIL_DKIM_PRIVATE_KEY: secret.optional(),
  MAIL_BOUNCE_DOMAIN: z.string().optional(),
  MAIL_BOUNCE_LISTEN: hostAndPort.optional(),
  SES_TOPICS: list.default([]),
  POSTMARK_CREDENTIALS: secret.optional(),
  SENDGRID_PUBLIC_KEY: z.string().optional(),
  MAILGUN_SIGNING_KEY: secret.optional(),
}

type Values = z.output<z.ZodObject<typeof mailVariables>>

export function mailFaults(values: Values): string[] {
  const faults = incomplete(values, ['MAIL_DKIM_DOMAIN', 'MAIL_DKIM_SELECTOR', 'MAIL_DKIM_PRIVATE_KEY'])
  if (values.MAIL_BOUNCE_LISTEN && !values.MAIL_BOUNCE_DOMAIN) {
    faults.push('MAIL_BOUNCE_DOMAIN: is missing, and MAIL_BOUNCE_LISTEN takes mail for it')
  }
  return faults
}

export function mailOf(values: Values, publicUrl: URL): MailConfig {
  const { MAIL_DKIM_DOMAIN: domain, MAIL_DKIM_SELECTOR: selector, MAIL_DKIM_PRIVATE_KEY: key } = values
  return {
    smtpUrl: values.SMTP_URL ?? null,
    from: values.MAIL_FROM ?? `Lanyard <lanyard@${publicUrl.hostname}>`,
    dkim: domain && selector && key ? { domain, selector, privateKey: key } : null,
    bounceDomain: values.MAIL_BOUNCE_DOMAIN ?? null,
    bounceListener: values.MAIL_BOUNCE_LISTEN ?? null,
    sesTopics: values.SES_TOPICS,
    postmarkCredentials: values.POSTMARK_CREDENTIALS ?? null,
    sendgridPublicKey: values.SENDGRID_PUBLIC_KEY ?? null,
    mailgunSigningKey: values.MAILGUN_SIGNING_KEY ?? null,
  }
}
