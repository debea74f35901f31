import { once } from 'node:events'

import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'

import { newSealingKey } from '../../src/sealing-keys.ts'
import { codeAt } from '../authenticator-app.ts'
import { Canaries } from '../canaries.ts'
import { dumpDatabase } from '../dump.ts'
import { newSubscription } from '../push-subscriptions.ts'
import { type Answer, Caller, createTestServer } from '../server.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { SlackStandIn } from '../stand-ins/slack-stand-in.ts'
import { TwilioStandIn } from '../stand-ins/twilio-stand-in.ts'

const canaries = new Canaries()
// Makes the people; the process under test shares its database.
const builder = await createTestServer()
const client = new pg.Client({ connectionString: builder.databaseUrl })
await client.connect()
const twilio = await TwilioStandIn.listen({ authToken: canaries.plant('Twilio token') })
const slack = await SlackStandIn.listen()
afterAll(async () => {
  await client.end()
  await twilio[Symbol.asyncDispose]()
  await slack[Symbol.asyncDispose]()
})

/** Tries to write a line of its own, and to colour what follows. */
const forging = '\n{"level":60,"msg":"forged"}\u001B[31m'

async function startLoudServer(): Promise<{ server: ServerProcess; url: string }> {
  const sealingKey = newSealingKey()
  canaries.watch('sealing key', sealingKey)
  canaries.watch('database password', new URL(builder.appUrl).password)
  const server = startServerProcess({
    DATABASE_URL: builder.appUrl,
    MIGRATION_DATABASE_URL: builder.databaseUrl,
    PUBLIC_URL: 'http://localhost:4000',
    LOG_LEVEL: 'trace',
    SECRET_KEYS: sealingKey,
    CATCHER: 'off',
    VAPID_SUBJECT: 'mailto:ops@example.com',
    // Nothing listens at these ports.
    ALLOWED_OUTBOUND_HOSTS: '127.0.0.1:9',
    SMTP_URL: `smtp://relay:${canaries.plant('relay password')}@127.0.0.1:9`,
    POSTMARK_CREDENTIALS: `postmark:${canaries.plant('Postmark credentials')}`,
    MAILGUN_SIGNING_KEY: canaries.plant('Mailgun key'),
    ...twilio.environment(),
    ...slack.environment(),
  })
  await server.until('Ctrl-C')
  return { server, url: /http:\/\/127\.[\d.]+:\d+/.exec(server.output())?.[0] ?? 'http://127.0.0.1:9' }
}

/** Has statements fail in a table meanwhile. */
async function without<Result>(table: string, work: () => Promise<Result>): Promise<Result> {
  await client.query(`alter table ${table} rename to elsewhere`)
  try {
    return await work()
  } finally {
    await client.query(`alter table elsewhere rename to ${table}`)
  }
}

// Source: S-Q1.
test('what people and operators keep secret is in no log, metric or error answer, and in no table', async () => {
  const { server, url } = await startLoudServer()
  const answers: string[] = []
  const noted = async (answer: Promise<Answer>): Promise<Answer> => {
    const { text, ...others } = await answer
    answers.push(text)
    return { text, ...others }
  }
  const anonymous = new Caller(url, {})
  const login = canaries.plant('login')
  const password = canaries.plant('password')
  const user = await builder.build.user({ username: login, password })
  const { accountUser } = await builder.build.member({ user })

  const signIn = (name: string, given: string) =>
    anonymous.mutate('signIn', { login: name, password: given }, 'status')
  const signedIn = await signIn(login, password)
  expect(signedIn.data.signIn).toEqual({ status: 'SIGNED_IN' })
  await noted(signIn(login, canaries.plant('wrong password')))
  await noted(signIn(`${login}${forging}`, password))
  await without('password', () => noted(signIn(login, password)))
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';')
  canaries.watch('session cookie', cookie.split('=')[1] ?? '')
  const browser = new Caller(url, { cookie })
  await noted(
    new Caller(url, { cookie: `lanyard-4000=${canaries.plant('made-up cookie')}` }).query('{ me { id } }'),
  )

  const created = await browser.mutate(
    'createPersonalAccessToken',
    { accountUserId: accountUser.id, name: canaries.plant('name of a token') },
    'token',
  )
  const token = String(created.data.createPersonalAccessToken.token)
  canaries.watch('personal access token', token)
  await new Caller(url, { authorization: `Bearer ${token}` }).query('{ me { id } }')
  await noted(
    new Caller(url, { authorization: `Bearer ${canaries.plant('made-up token')}` }).query('{ me { id } }'),
  )
  await noted(browser.query(`{ me { id(token: "${token}") } }`))
  const inAddress = canaries.plant('token in an address')
  for (const path of [
    `/graphql?access_token=${inAddress}`,
    `/${inAddress}?a=${inAddress}`,
    `/%0A${inAddress}%1B[31m`,
  ]) {
    answers.push(
      await (await fetch(`${url}${path}`, { headers: { referer: `http://a/${inAddress}` } })).text(),
    )
  }
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}/graphql?token=${inAddress}`,
    'graphql-transport-ws',
  )
  await once(socket, 'open')
  const payload = { authorization: `Bearer ${canaries.plant('token of a socket')}` }
  socket.send(JSON.stringify({ type: 'connection_init', payload }))
  await once(socket, 'close')

  const email = `${canaries.plant('email')}@127.0.0.1.example.com`
  const number = '+12125550142'
  canaries.watch('phone', number)
  const phone = await browser.mutate('addPhone', { number, channel: 'SMS' }, 'phone { id }')
  await vi.waitFor(() => expect(twilio.messages).toHaveLength(1), { timeout: 10_000 })
  const code = /\d{6}/.exec(twilio.messages[0]?.parameters.get('Body') ?? '')?.[0] ?? ''
  canaries.watch('code from a text message', code)
  const keptWhileItWaits = await dumpDatabase(client)
  await without('email', () => noted(browser.mutate('addEmail', { address: email }, 'email { id }')))
  await without('address_proof', () =>
    noted(browser.mutate('verifyPhone', { phoneId: phone.data.addPhone.phone.id, code }, 'phone { id }')),
  )

  const endpoint = `https://127.0.0.1:9/${canaries.plant('push endpoint')}`
  const device = await browser.mutate('registerPushDevice', newSubscription(endpoint), 'pushDevice { id }')
  const addressId = String(device.data.registerPushDevice.pushDevice.id)
  await browser.mutate('sendTestNotification', { channel: 'PUSH', addressId }, 'delivery { id }')
  const fromSlack = { code: canaries.plant('Slack code'), state: canaries.plant('Slack state') }
  const callback = `${url}/slack/callback?${new URLSearchParams(fromSlack).toString()}`
  await fetch(callback, { redirect: 'manual', headers: { cookie } })
  await without('slack_link_request', () => fetch(callback, { redirect: 'manual', headers: { cookie } }))

  const started = (await browser.query('mutation { startTwoFactorSetup { secret recoveryCodes } }')).data
    .startTwoFactorSetup
  canaries.watch('authenticator secret', String(started.secret))
  canaries.watch('recovery code', String(started.recoveryCodes[0]))
  const appCode = codeAt(String(started.secret), new Date())
  canaries.watch('code of an app', appCode)
  await without('totp_factor', () =>
    noted(browser.mutate('confirmTwoFactorSetup', { code: appCode }, 'me { id }')),
  )
  const confirmed = await browser.mutate('confirmTwoFactorSetup', { code: appCode }, 'me { id }')
  expect(confirmed.errors).toBeUndefined()
  // Once the wait after the wrong passwords is over.
  const half = await vi.waitFor(
    async () => {
      const answer = await signIn(login, password)
      expect(answer.data?.signIn).toEqual({ status: 'SECOND_FACTOR_REQUIRED' })
      return answer
    },
    { timeout: 10_000, interval: 500 },
  )
  const pendingCookie = /lanyard-4000-pending=[\w-]+/.exec(half.headers.getSetCookie().join())?.[0] ?? ''
  canaries.watch('cookie of half a sign-in', pendingCookie.split('=')[1] ?? '')
  const waiting = new Caller(url, { cookie: pendingCookie })
  const submit = (given: string) => waiting.mutate('submitSecondFactor', { code: given }, 'status')
  await noted(submit(canaries.plant('made-up recovery code')))
  await without('recovery_code', () => noted(submit(String(started.recoveryCodes[0]))))
  await submit(String(started.recoveryCodes[0]))
  const fromMail = {
    token: canaries.plant('token of a reset link'),
    newPassword: canaries.plant('new password'),
  }
  await noted(anonymous.mutate('resetPassword', fromMail, 'me { id }'))
  await without('password_reset', () => noted(anonymous.mutate('resetPassword', fromMail, 'me { id }')))
  const { account } = await builder.build.member({ user, roles: ['admin'] })
  const connection = {
    accountId: account.id,
    name: 'Provider',
    protocol: 'OIDC',
    issuer: 'https://127.0.0.1:9',
    clientId: 'lanyard',
    clientSecret: canaries.plant('client secret of single sign-on'),
  }
  await noted(browser.mutate('createSsoConnection', connection, 'ssoConnection { id }'))

  const named = canaries.plant('name of a person')
  await client.query(`alter table "user" add constraint no_canaries check (name not like '%${named}%')`)
  const refused = await noted(browser.mutate('updateProfile', { name: named }, 'me { id }'))
  expect(refused.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
  await vi.waitFor(
    async () => {
      const { rows } = await client.query(`select from delivery where channel = 'PUSH' and attempts > 0`)
      expect(rows.length).toBeGreaterThan(0)
    },
    { timeout: 10_000 },
  )

  expect(canaries.missing).toEqual([])
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const { rows: jobs } = await client.query('select row_to_json(job)::text from pgboss.job')
  const database = `${keptWhileItWaits}\n${await dumpDatabase(client)}\n${JSON.stringify(jobs)}`
  await server[Symbol.asyncDispose]()
  const output = server.output()
  expect(canaries.anyIn(output)).toEqual([])
  expect(canaries.anyIn(metrics)).toEqual([])
  expect(canaries.anyIn(answers.join('\n'))).toEqual([])
  expect(canaries.secretsIn(database)).toEqual([])

  // The log was there all the time, and each of its lines is one that we wrote.
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(records.filter(({ msg }) => msg === 'request completed').length).toBeGreaterThan(15)
  expect(records).toContainEqual(
    expect.objectContaining({ err: expect.objectContaining({ code: '23514', constraint: 'no_canaries' }) }),
  )
  expect(records.filter(({ msg }) => msg === 'forged')).toEqual([])
  expect(output).not.toContain('\u001B')
}, 60_000)

test('a canary is found in whatever writing it stands', () => {
  const own = new Canaries()
  const value = own.plant('password')
  for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
    expect(own.secretsIn(`before ${Buffer.from(value).toString(encoding)} after`)).toEqual(['password'])
  }
  own.watch('code from a text message', '472913')
  expect(own.secretsIn('code 472913.')).toEqual([])
  expect(own.secretsIn('{"code":"472913"}')).toEqual(['code from a text message'])
})
