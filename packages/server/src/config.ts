import { resolve } from 'node:path'
import { z } from 'zod'
import { type LogLevel, logLevels } from './http/log-lines.ts'
import { defaultLimits, parseLimits, type Limits } from './limits.ts'
import { Secret } from './secret.ts'
import { exitCodes, StartupError } from './startup-error.ts'

export type { Limits } from './limits.ts'

export interface Config {
  /** 0 = any free port. */
  port: number
  host: string
  /** What links carry and browsers call; its path is always "/". */
  publicUrl: URL
  /** Null: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: Secret | null
  /** As the role that owns the tables; null: there is but one role. Source: S-Q7. */
  migrationDatabaseUrl: Secret | null
  /** Absolute. */
  dataDir: string
  /** Seed the demonstration people when the database is empty. */
  demo: boolean
  /** False behind a PgBouncer older than 1.21. Source: decision 20. */
  statementNames: boolean
  /** How many proxies in front of us are believed about a caller's address. */
  trustedProxyHops: number
  /** Which of the server's work this process does. */
  role: 'all' | 'api' | 'worker'
  /** The first seals; null: generated into `dataDir` and kept there. */
  secretKeys: readonly [Secret, ...Secret[]] | null
  /** Show what went to no carrier at `/outbox`. */
  catcher: boolean
  mail: MailConfig
  /** Null: text, voice and WhatsApp go to the catcher. */
  twilio: TwilioConfig | null
  slack: SlackConfig | null
  /** `mailto:` or https: whom a push service may write to. Null: nobody was named, and the catcher takes pushes. */
  vapidSubject: string | null
  /** Push services that may be called; empty = any public one. Source: S-O1. */
  pushHosts: readonly string[]
  /** A file that says where network addresses are, in MaxMind's format; null: no places are shown. */
  geoipDatabase: string | null
  /** `host` or `host:port` that may be called although it is private, or without https. */
  allowedOutboundHosts: readonly string[]
  /** New passwords are looked for among stolen ones, with a service that learns five digits of their hash. */
  breachedPasswords: boolean
  /** ISO 3166-1 alpha-2 of the countries whose phones are taken. */
  phoneCountries: readonly string[]
  /** The server's own lines on its output; what they hold is the same at each level. */
  logLevel: LogLevel
  /** Browsers may send only the documents of our own client. Source: decision 1. */
  trustedDocumentsOnly: boolean
  limits: Limits
}

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

export interface SlackConfig {
  clientId: string
  clientSecret: Secret
  signingSecret: Secret
  baseUrl: URL
}

const flag = z
  .enum(['1', '0', 'true', 'false', 'on', 'off', 'yes', 'no'], { error: 'must be on or off' })
  .transform((value) => ['1', 'true', 'on', 'yes'].includes(value))

function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .stringFormat('digits', /^\d{1,9}$/, { error })
    .transform(Number)
    .refine((n) => n >= min && n <= max, { error })
}

const publicUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (
    url &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.hash
  ) {
    return url
  }
  context.addIssue('must be an http or https URL without a path, as https://lanyard.example.com')
  return z.NEVER
})

const databaseUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url && ['postgres:', 'postgresql:'].includes(url.protocol)) return new Secret(text)

  context.addIssue('must read as postgres://user:password@host:5432/database')
  return z.NEVER
})

/** `a, b` */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

const secret = z.string().transform((text) => new Secret(text))

const secretKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((part) => part.trim())
  const [first, ...others] = keys.map((key) => new Secret(key))
  if (first && keys.every((key) => key.length >= 32)) return [first, ...others] as const

  context.addIssue(
    'must be keys of 32 characters or more, separated by commas; openssl rand -base64 32 makes one',
  )
  return z.NEVER
})

const httpUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url && ['http:', 'https:'].includes(url.protocol)) return url
  context.addIssue('must be an http or https URL')
  return z.NEVER
})

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

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number as +12025550142')

const contentSids = z.string().transform((text, context) => {
  const parsed = z.record(z.string(), z.string()).safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  context.addIssue('must be JSON as {"code.en": "HX…", "notice.en": "HX…"}')
  return z.NEVER
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const limits = z.string().transform((text, context) => {
  const parsed = parseLimits(text)
  if ('limits' in parsed) return parsed.limits

  for (const fault of parsed.faults) context.addIssue(fault)
  return z.NEVER
})

const environmentSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: publicUrl.optional(),
  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  DEMO: flag.optional(),
  STATEMENT_NAMES: flag.default(true),
  TRUSTED_PROXIES: wholeNumber(0, 100).default(0),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('warn'),
  TRUSTED_DOCUMENTS_ONLY: flag.default(false),
  ROLE: z.enum(['all', 'api', 'worker'], { error: 'must be all, api or worker' }).default('all'),
  SECRET_KEYS: secretKeys.optional(),
  CATCHER: flag.optional(),
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
  TWILIO_ACCOUNT_SID: z.string().optional(),
  TWILIO_AUTH_TOKEN: secret.optional(),
  TWILIO_FROM: list.pipe(z.array(e164)).default([]),
  TWILIO_WHATSAPP_FROM: e164.optional(),
  TWILIO_CONTENT_SIDS: contentSids.default({}),
  TWILIO_BASE_URL: httpUrl.default(new URL('https://api.twilio.com')),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: secret.optional(),
  SLACK_SIGNING_SECRET: secret.optional(),
  SLACK_BASE_URL: httpUrl.default(new URL('https://slack.com')),
  VAPID_SUBJECT: z
    .string()
    .regex(/^(?:mailto:\S+@\S+|https:\/\/\S+)$/, 'must begin with mailto: or https:')
    .optional(),
  PUSH_HOSTS: list.default([]),
  GEOIP_DATABASE: z.string().optional(),
  ALLOWED_OUTBOUND_HOSTS: list.default([]),
  PHONE_COUNTRIES: list
    .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be countries as US,CA,GB')))
    .default(['US', 'CA', 'GB', 'DE', 'FR', 'ES', 'NL']),
  BREACHED_PASSWORDS: flag.default(false),
  LIMITS: limits.default(defaultLimits),
})

type Environment = z.output<typeof environmentSchema>

/** What .env.example and docs/operations.md have to explain. */
export const variableNames: readonly string[] = Object.keys(environmentSchema.shape)

/**
 * Reads the environment; nothing else does. A variable that is set but empty counts as absent, as an
 * untouched line of .env.example does. A relative DATA_DIR is taken from `baseFolder`.
 * @throws StartupError that lists everything wrong, never a value of a secret
 */
export function loadConfig(environment: NodeJS.ProcessEnv, baseFolder: string = process.cwd()): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) throw configurationError(parsed.error.issues.map(describeIssue))

  const values = parsed.data
  const url = values.PUBLIC_URL ?? new URL(`http://localhost:${values.PORT}`)
  const isLoopback = isLoopbackHost(url.hostname)
  const faults: string[] = []
  if (url.protocol === 'http:' && !isLoopback) {
    faults.push(
      `PUBLIC_URL: ${url.origin} must be https, as sign-in cookies over http are safe on localhost only`,
    )
  }
  if (values.DEMO && !isLoopback) {
    faults.push('DEMO: its password is public, so it needs a PUBLIC_URL on localhost; turn one of them off')
  }
  if (values.MIGRATION_DATABASE_URL && !values.DATABASE_URL) {
    faults.push('DATABASE_URL: is missing, and MIGRATION_DATABASE_URL alone is not enough')
  }
  const demo = values.DEMO ?? (!values.DATABASE_URL && isLoopback)
  const catcher = values.CATCHER ?? demo
  if (values.CATCHER && !isLoopback) {
    faults.push(
      'CATCHER: it shows everybody’s messages, codes too, so it needs a PUBLIC_URL on localhost; turn one of them off',
    )
  }
  faults.push(
    ...incomplete(values, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']),
    ...incomplete(values, ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_SIGNING_SECRET']),
    ...incomplete(values, ['MAIL_DKIM_DOMAIN', 'MAIL_DKIM_SELECTOR', 'MAIL_DKIM_PRIVATE_KEY']),
  )
  if (values.MAIL_BOUNCE_LISTEN && !values.MAIL_BOUNCE_DOMAIN) {
    faults.push('MAIL_BOUNCE_DOMAIN: is missing, and MAIL_BOUNCE_LISTEN takes mail for it')
  }
  if (faults.length > 0) throw configurationError(faults)

  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: url,
    databaseUrl: values.DATABASE_URL ?? null,
    migrationDatabaseUrl: values.MIGRATION_DATABASE_URL ?? null,
    dataDir: resolve(baseFolder, values.DATA_DIR),
    demo,
    role: values.ROLE,
    secretKeys: values.SECRET_KEYS ?? null,
    catcher,
    mail: mailOf(values, url),
    twilio: twilioOf(values),
    slack: slackOf(values),
    vapidSubject: values.VAPID_SUBJECT ?? null,
    pushHosts: values.PUSH_HOSTS,
    geoipDatabase: values.GEOIP_DATABASE ? resolve(baseFolder, values.GEOIP_DATABASE) : null,
    allowedOutboundHosts: values.ALLOWED_OUTBOUND_HOSTS,
    breachedPasswords: values.BREACHED_PASSWORDS,
    phoneCountries: values.PHONE_COUNTRIES,
    statementNames: values.STATEMENT_NAMES,
    trustedProxyHops: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY,
    limits: values.LIMITS,
  }
}

/** A carrier is configured whole or not at all. */
function incomplete(values: Environment, names: (keyof Environment)[]): string[] {
  const isGiven = (name: keyof Environment) => {
    const value = values[name]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  }
  const missing = names.filter((name) => !isGiven(name))
  if (missing.length === names.length) return []
  const given = names.filter(isGiven).join(' and ')
  return missing.map((name) => `${name}: is missing, and ${given} alone is not enough`)
}

function mailOf(values: Environment, publicUrl: URL): MailConfig {
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

function twilioOf(values: Environment): TwilioConfig | null {
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

function slackOf(values: Environment): SlackConfig | null {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = values
  if (!clientId || !clientSecret || !values.SLACK_SIGNING_SECRET) return null
  const baseUrl = values.SLACK_BASE_URL
  return { clientId, clientSecret, signingSecret: values.SLACK_SIGNING_SECRET, baseUrl }
}

/** What never leaves this machine: localhost, 127.0.0.0/8 and ::1, as WHATWG URLs write them. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const name = issue.path.join('.')
  return issue.message.startsWith('LIMITS') ? issue.message : `${name}: ${issue.message}`
}

function configurationError(faults: string[]): StartupError {
  const list = faults.map((fault) => `  - ${fault}`).join('\n')
  return new StartupError(
    `The configuration (environment variables) has faults:\n${list}`,
    exitCodes.configuration,
  )
}
