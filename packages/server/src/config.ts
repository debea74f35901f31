import { resolve } from 'node:path'
import { z } from 'zod'
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
  /** Absolute. */
  dataDir: string
  /** Seed the demonstration people when the database is empty. */
  demo: boolean
  /** False behind a PgBouncer older than 1.21. Source: decision 20. */
  statementNames: boolean
  /** How many proxies in front of us are believed about a caller's address. */
  trustedProxyHops: number
  /** Browsers may send only the documents of our own client. Source: decision 1. */
  trustedDocumentsOnly: boolean
  limits: Limits
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
  DATA_DIR: z.string().default('.data'),
  DEMO: flag.optional(),
  STATEMENT_NAMES: flag.default(true),
  TRUSTED_PROXIES: wholeNumber(0, 100).default(0),
  TRUSTED_DOCUMENTS_ONLY: flag.default(false),
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
  if (faults.length > 0) throw configurationError(faults)

  return {
    port: values.PORT,
    host: values.HOST,
    publicUrl: url,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: resolve(baseFolder, values.DATA_DIR),
    demo: values.DEMO ?? (!values.DATABASE_URL && isLoopback),
    statementNames: values.STATEMENT_NAMES,
    trustedProxyHops: values.TRUSTED_PROXIES,
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
