import { resolve } from 'node:path'
import { z } from 'zod'
import { type DatabaseConfig, databaseFaults, databaseOf, databaseVariables } from './config/database.ts'
import { type MailConfig, mailFaults, mailOf, mailVariables } from './config/mail.ts'
import { type PushConfig, pushOf, pushVariables } from './config/push.ts'
import { type SlackConfig, slackFaults, slackOf, slackVariables } from './config/slack.ts'
import { type TwilioConfig, twilioFaults, twilioOf, twilioVariables } from './config/twilio.ts'
import { flag, list, wholeNumber } from './config/variables.ts'
import { type LogLevel, logLevels } from './http/log-lines.ts'
import { defaultLimits, parseLimits, type Limits } from './limits.ts'
import { Secret } from './secret.ts'
import { exitCodes, StartupError } from './startup-error.ts'

export type { Limits } from './limits.ts'

export interface Config extends DatabaseConfig, PushConfig {
  /** 0 = any free port. */
  port: number
  host: string
  /** What links carry and browsers call; its path is always "/". */
  publicUrl: URL
  /** Absolute. */
  dataDir: string
  /** Seed the demonstration people when the database is empty. */
  demo: boolean
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

const secretKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((part) => part.trim())
  const [first, ...others] = keys.map((key) => new Secret(key))
  if (first && keys.every((key) => key.length >= 32)) return [first, ...others] as const

  context.addIssue(
    'must be keys of 32 characters or more, separated by commas; openssl rand -base64 32 makes one',
  )
  return z.NEVER
})

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
  ...databaseVariables,
  DATA_DIR: z.string().default('.data'),
  DEMO: flag.optional(),
  TRUSTED_PROXIES: wholeNumber(0, 100).default(0),
  LOG_LEVEL: z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }).default('warn'),
  TRUSTED_DOCUMENTS_ONLY: flag.default(false),
  ROLE: z.enum(['all', 'api', 'worker'], { error: 'must be all, api or worker' }).default('all'),
  SECRET_KEYS: secretKeys.optional(),
  CATCHER: flag.optional(),
  ...mailVariables,
  ...twilioVariables,
  ...slackVariables,
  ...pushVariables,
  GEOIP_DATABASE: z.string().optional(),
  ALLOWED_OUTBOUND_HOSTS: list.default([]),
  PHONE_COUNTRIES: list
    .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be countries as US,CA,GB')))
    .default(['US', 'CA', 'GB', 'DE', 'FR', 'ES', 'NL']),
  BREACHED_PASSWORDS: flag.default(false),
  LIMITS: limits.default(defaultLimits),
})

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
  const demo = values.DEMO ?? (!values.DATABASE_URL && isLoopback)
  const catcher = values.CATCHER ?? demo
  if (values.CATCHER && !isLoopback) {
    faults.push(
      'CATCHER: it shows everybody’s messages, codes too, so it needs a PUBLIC_URL on localhost; turn one of them off',
    )
  }
  faults.push(
    ...databaseFaults(values),
    ...twilioFaults(values),
    ...slackFaults(values),
    ...mailFaults(values),
  )
  if (faults.length > 0) throw configurationError(faults)

  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: url,
    ...databaseOf(values),
    dataDir: resolve(baseFolder, values.DATA_DIR),
    demo,
    role: values.ROLE,
    secretKeys: values.SECRET_KEYS ?? null,
    catcher,
    mail: mailOf(values, url),
    twilio: twilioOf(values),
    slack: slackOf(values),
    ...pushOf(values),
    geoipDatabase: values.GEOIP_DATABASE ? resolve(baseFolder, values.GEOIP_DATABASE) : null,
    allowedOutboundHosts: values.ALLOWED_OUTBOUND_HOSTS,
    breachedPasswords: values.BREACHED_PASSWORDS,
    phoneCountries: values.PHONE_COUNTRIES,
    trustedProxyHops: values.TRUSTED_PROXIES,
    logLevel: values.LOG_LEVEL,
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY,
    limits: values.LIMITS,
  }
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
