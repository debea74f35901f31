import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, parseEnv } from 'node:util'
import { expect, test } from 'vitest'
import { loadConfig, variableNames } from './config.ts'
import { defaultLimits } from './limits.ts'

function faultsOf(environment: NodeJS.ProcessEnv): string {
  try {
    loadConfig(environment)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'no fault'
}

test('an empty environment is a demonstration on this machine only', () => {
  const config = loadConfig({}, '/srv/lanyard')

  expect(config).toEqual({
    port: 4000,
    host: '127.0.0.1',
    publicUrl: new URL('http://localhost:4000'),
    databaseUrl: null,
    migrationDatabaseUrl: null,
    dataDir: '/srv/lanyard/.data',
    demo: true,
    role: 'all',
    secretKeys: null,
    catcher: true,
    mail: {
      smtpUrl: null,
      from: 'Lanyard <lanyard@localhost>',
      dkim: null,
      bounceDomain: null,
      bounceListener: null,
      sesTopics: [],
      postmarkCredentials: null,
      sendgridPublicKey: null,
      mailgunSigningKey: null,
    },
    twilio: null,
    slack: null,
    vapidSubject: null,
    breachedPasswords: false,
    geoipDatabase: null,
    pushHosts: [],
    allowedOutboundHosts: [],
    phoneCountries: ['US', 'CA', 'GB', 'DE', 'FR', 'ES', 'NL'],
    statementNames: true,
    trustedProxyHops: 0,
    logLevel: 'warn',
    trustedDocumentsOnly: false,
    limits: defaultLimits,
  })
})

test('a variable that is set but empty counts as absent', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '', LIMITS: '' })).toEqual(loadConfig({}))
})

test('the public URL follows the port', () => {
  expect(loadConfig({ PORT: '4321' }).publicUrl.origin).toBe('http://localhost:4321')
})

test.each([
  'postgres://u:p@db.example.com/lanyard',
  'postgresql://db.example.com:6432/lanyard?sslmode=require',
])('with %s nothing is seeded unless asked for', (url) => {
  expect(loadConfig({ DATABASE_URL: url }).databaseUrl?.reveal()).toBe(url)
  expect(loadConfig({ DATABASE_URL: url }).demo).toBe(false)
  expect(loadConfig({ DATABASE_URL: url, DEMO: '1' }).demo).toBe(true)
  expect(loadConfig({ DATABASE_URL: url }).migrationDatabaseUrl).toBeNull()
  const owner = 'postgres://owner:hunter2@localhost/lanyard'
  const { migrationDatabaseUrl } = loadConfig({ DATABASE_URL: url, MIGRATION_DATABASE_URL: owner })
  expect(migrationDatabaseUrl?.reveal()).toBe(owner)
  expect(faultsOf({ MIGRATION_DATABASE_URL: owner })).toContain('DATABASE_URL: is missing')
})

test('a password never reaches a log', () => {
  const config = loadConfig({ DATABASE_URL: 'postgres://u:hunter2@localhost/lanyard' })

  expect(inspect(config, { depth: 5, showHidden: true })).not.toContain('hunter2')
  expect(JSON.stringify(config)).not.toContain('hunter2')
  expect(String(config.databaseUrl)).toBe('[secret]')
  expect(faultsOf({ DATABASE_URL: 'mysql://u:hunter2@localhost/lanyard' })).not.toContain('hunter2')
})

test.each([
  'http://localhost:4000',
  'http://127.0.0.1:4000',
  'http://127.1.2.3',
  'http://[::1]:4000',
  'https://localhost',
])('the demonstration may run at %s', (url) => {
  expect(loadConfig({ PUBLIC_URL: url, DEMO: '1' }).demo).toBe(true)
})

test.each([
  'http://lanyard.example.com',
  'http://192.0.2.7:4000',
  'http://127.0.0.1.example.com',
  'http://0.0.0.0:4000',
])('http is refused at %s', (url) => {
  expect(faultsOf({ PUBLIC_URL: url })).toMatch(/PUBLIC_URL: .* must be https/)
})

test('the demonstration is off on a public URL, and refused when asked for', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://lanyard.example.com' }).demo).toBe(false)
  expect(faultsOf({ PUBLIC_URL: 'https://lanyard.example.com', DEMO: '1' })).toContain('DEMO: ')
})

test('a limit may be set by itself, in a group too', () => {
  const { limits } = loadConfig({ LIMITS: '{"cost": 2000, "signIn": {"addressFreeFailures": 50}}' })

  expect(limits).toEqual({
    ...defaultLimits,
    cost: 2000,
    signIn: { ...defaultLimits.signIn, addressFreeFailures: 50 },
  })
})

test.each([
  ['{"cots": 1}', 'LIMITS.cots: there is no such limit'],
  ['{"session": {"idle": 1}}', 'LIMITS.session.idle: there is no such limit'],
  ['{"session": {"idleSeconds": "1h"}}', 'LIMITS.session.idleSeconds: '],
  ['{"depth": 0}', 'LIMITS.depth: '],
  ['{"depth": 2.5}', 'LIMITS.depth: '],
  ['[]', 'LIMITS: '],
  ['{', 'LIMITS: is not JSON'],
])('LIMITS %s is refused with its path', (json, fault) => {
  expect(faultsOf({ LIMITS: json })).toContain(fault)
})

test.each(['-1', '65536', '80a', '1e3', ' 80', '4000.5'])('PORT %j is refused', (port) => {
  expect(faultsOf({ PORT: port })).toContain('PORT: must be a whole number from 0 to 65535')
})

test('everything wrong is named at once, with exit code 78', () => {
  const environment = {
    PORT: 'x',
    PUBLIC_URL: 'ftp://x',
    DEMO: 'maybe',
    TRUSTED_PROXIES: 'all',
    LIMITS: '{"a": 1, "b": 2}',
  }

  expect(faultsOf(environment).split('\n').slice(1)).toEqual([
    '  - PORT: must be a whole number from 0 to 65535',
    '  - PUBLIC_URL: must be an http or https URL without a path, as https://lanyard.example.com',
    '  - DEMO: must be on or off',
    '  - TRUSTED_PROXIES: must be a whole number from 0 to 100',
    '  - LIMITS.a: there is no such limit',
    '  - LIMITS.b: there is no such limit',
  ])
  expect(() => loadConfig(environment)).toThrow(expect.objectContaining({ exitCode: 78 }))
})

test.each([
  [{ TWILIO_ACCOUNT_SID: 'AC1' }, ['TWILIO_AUTH_TOKEN', 'TWILIO_FROM']],
  [{ TWILIO_FROM: '+12025550100' }, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']],
  [{ SLACK_CLIENT_ID: '1.2', SLACK_CLIENT_SECRET: 'x' }, ['SLACK_SIGNING_SECRET']],
  [{ MAIL_DKIM_DOMAIN: 'example.com' }, ['MAIL_DKIM_SELECTOR', 'MAIL_DKIM_PRIVATE_KEY']],
  [{ MAIL_BOUNCE_LISTEN: '0.0.0.0:25' }, ['MAIL_BOUNCE_DOMAIN']],
])('%j is half a carrier, and %j is missing', (environment, missing) => {
  const named = [...faultsOf(environment).matchAll(/- (\w+): is missing/g)].map(([, name]) => name)
  expect(named).toEqual(missing)
})

test.each([
  ['SECRET_KEYS', 'short,'.padEnd(40, 'x')],
  ['SMTP_URL', 'http://mail.example.com'],
  ['MAIL_FROM', 'Lanyard'],
  ['MAIL_BOUNCE_LISTEN', '25'],
  ['TWILIO_FROM', '555 0100'],
  ['TWILIO_CONTENT_SIDS', '{"code.en": 1}'],
  ['TWILIO_BASE_URL', 'api.twilio.com'],
  ['VAPID_SUBJECT', 'ops@example.com'],
  ['BREACHED_PASSWORDS', 'perhaps'],
  ['PHONE_COUNTRIES', 'USA'],
  ['ROLE', 'web'],
])('%s cannot be %j', (name, value) => {
  expect(faultsOf({ [name]: value })).toContain(`- ${name}`)
})

test('the catcher shows codes, so it stays on this machine', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://lanyard.example.com' }).catcher).toBe(false)
  expect(faultsOf({ PUBLIC_URL: 'https://lanyard.example.com', CATCHER: 'on' })).toContain('CATCHER: ')
})

test('no secret of a carrier reaches a log', () => {
  const config = loadConfig({
    SECRET_KEYS: 'hunter2'.padEnd(32, '2'),
    SMTP_URL: 'smtp://u:hunter2@mail.example.com',
    TWILIO_ACCOUNT_SID: 'AC1',
    TWILIO_AUTH_TOKEN: 'hunter2',
    TWILIO_FROM: '+12025550100',
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'hunter2',
    SLACK_SIGNING_SECRET: 'hunter2',
    POSTMARK_CREDENTIALS: 'u:hunter2',
    MAILGUN_SIGNING_KEY: 'hunter2',
    MAIL_DKIM_DOMAIN: 'example.com',
    MAIL_DKIM_SELECTOR: 's',
    MAIL_DKIM_PRIVATE_KEY: 'hunter2',
  })
  expect(inspect(config, { depth: 5, showHidden: true })).not.toContain('hunter2')
  expect(JSON.stringify(config)).not.toContain('hunter2')
})

test.each(variableNames)('%s is explained to the operator', (name) => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')

  expect(read('.env.example')).toMatch(new RegExp(`^${name}=`, 'm'))
  expect(read('docs/operations.md')).toContain(`\`${name}\``)
})

test('.env.example changes nothing', () => {
  const example = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')
  expect(loadConfig(parseEnv(example))).toEqual(loadConfig({}))
})
