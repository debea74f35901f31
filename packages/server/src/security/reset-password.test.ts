import { beforeEach, expect, test } from 'vitest'

import { QueuedMessages } from '../../test/queued-messages.ts'
import { RawConnection } from '../../test/raw-http.ts'
import { type Answer, createTestServer, refusalOf } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'
import { hashOfSecret } from './secret-keys.ts'

const queued = new QueuedMessages()
const server = await createTestServer({ environment: { TRUSTED_PROXIES: '1', CATCHER: 'on' } })
const password = 'correct horse battery'
const newPassword = 'kq7-vMx2-pLz9wq'
// Each test has hours of its own, so that no count of another reaches into it.
beforeEach(() => server.clock.advanceSeconds(2 * 86_400))

let addresses = 0
const newSource = () => `2001:db8::${(++addresses).toString(16)}`

function send(name: string, input: object, headers: Record<string, string> = {}) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { me { id } } }`
  return server.anonymous.send(
    { query, variables: { input } },
    { 'x-forwarded-for': newSource(), ...headers },
  )
}

const forget = (email: string, headers?: Record<string, string>) =>
  send('requestPasswordReset', { email }, headers)

const reset = (token: string, wanted = newPassword, headers?: Record<string, string>) =>
  send('resetPassword', { token, newPassword: wanted }, headers)

async function execute<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
  return server.orm.em.fork().execute<Row[]>(text, parameters)
}

/** Until everything that was asked for has been worked off. */
async function workedOff(): Promise<void> {
  const waiting = async () => (await execute('select 1 from password_reset_request')).length
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
}

async function emailOf({ id }: User): Promise<{ id: string; address: string }> {
  const [email] = await execute<{ id: string; address: string }>(
    'select id, address from email where user_id = ? and "primary"',
    [id],
  )
  if (!email) throw new Error('they have none')
  return email
}

/** The token of the link that a person gets who has forgotten their password. */
async function linkFor(user: User): Promise<string> {
  const { address } = await emailOf(user)
  const before = queued.recipientsOf('PASSWORD_RESET', user.id).length
  expect((await forget(address.toUpperCase())).data).toEqual({ requestPasswordReset: { me: null } })
  await workedOff()
  expect(queued.recipientsOf('PASSWORD_RESET', user.id)).toHaveLength(before + 1)
  return queued.tokenTo(address)
}

async function signIn(user: User, given: string): Promise<unknown> {
  const input = { login: user.username, password: given }
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }'
  const headers = { 'x-forwarded-for': newSource() }
  const answer = await server.anonymous.send({ query, variables: { input } }, headers)
  server.clock.advanceSeconds(2)
  return answer.data?.signIn?.status ?? refusalOf(answer)?.['code']
}

const invalid = { code: 'RESET_LINK_INVALID' }

test('the link sets a new password once, ends every session and opens none', async () => {
  const user = await server.build.user({ password })
  const session = await server.build.session(user)
  const token = await linkFor(user)
  expect(await signIn(user, password)).toBe('SIGNED_IN')

  const answer = await reset(token)
  expect(answer.data).toEqual({ resetPassword: { me: null } })
  expect(answer.headers.getSetCookie()).toEqual([])
  expect((await server.withCookie(session.key).query('{ me { id } }')).data).toEqual({ me: null })
  expect(refusalOf(await reset(token, 'another-kq7-vMx2'))).toEqual(invalid)
  expect(await signIn(user, password)).toBe('CREDENTIALS_WRONG')
  expect(await signIn(user, newPassword)).toBe('SIGNED_IN')
  expect(queued.recipientsOf('PASSWORD_CHANGED', user.id)).toHaveLength(1)
  const { data } = await (
    await server.as(user)
  ).query('{ me { activity(first: 4) { nodes { action actor { id } address } } } }')
  expect(data.me.activity.nodes).toMatchObject([
    { action: 'SIGNED_IN' },
    { action: 'PASSWORD_RESET', actor: null },
    { action: 'SIGNED_IN' },
    { action: 'PASSWORD_RESET_REQUESTED', actor: null, address: expect.stringContaining('2001:db8::') },
  ])
})

test('the browser of the very person is signed out with it', async () => {
  const user = await server.build.user({ password })
  const { key } = await server.build.session(user)
  const answer = await reset(await linkFor(user), newPassword, { cookie: `lanyard-4000=${key}` })
  expect(answer.data).toEqual({ resetPassword: { me: null } })
  expect(answer.headers.getSetCookie().join()).toMatch(/lanyard-4000=; /)
})

test('a password that is refused leaves the link as it is', async () => {
  const user = await server.build.user({ password })
  const token = await linkFor(user)
  const reasonOf = async (wanted: string) => refusalOf(await reset(token, wanted))
  const field = { code: 'BAD_USER_INPUT', field: 'newPassword' }
  expect(await reasonOf('short')).toEqual({ ...field, reason: 'TOO_SHORT' })
  expect(await reasonOf(`${user.username}@example.com`)).toEqual({ ...field, reason: 'GUESSABLE' })
  expect(await reasonOf(password)).toEqual({ ...field, reason: 'UNCHANGED' })
  expect((await reset(token)).errors).toBeUndefined()
})

test('of fifty at once one sets the password', async () => {
  const user = await server.build.user({ password })
  const token = await linkFor(user)
  const answers = await Promise.all(Array.from({ length: 50 }, () => reset(token)))
  expect(answers.filter(({ errors }) => !errors)).toHaveLength(1)
  const codes = new Set(answers.map((answer) => refusalOf(answer)?.['code']))
  codes.delete(undefined)
  expect([...codes].filter((code) => code !== 'RESET_LINK_INVALID' && code !== 'RATE_LIMITED')).toEqual([])
  expect(queued.recipientsOf('PASSWORD_CHANGED', user.id)).toHaveLength(1)
}, 60_000)

test('a link that is old, used, replaced, of no use or no link at all gets one answer', async () => {
  const user = await server.build.user({ password })
  const replaced = await linkFor(user)
  const old = await linkFor(user)
  const refusals = [await reset(replaced)]
  server.clock.advanceSeconds(61 * 60)
  refusals.push(await reset(old))
  const disabled = await server.build.user({ password })
  const ofDisabled = await linkFor(disabled)
  await execute('update "user" set disabled_at = now() where id = ?', [disabled.id])
  refusals.push(await reset(ofDisabled))
  for (const token of ['A'.repeat(43), '', 'x', `${replaced} `, '%_']) refusals.push(await reset(token))
  const shown = ({ status, text, headers }: Answer) => ({ status, text, headers: [...headers.keys()] })
  for (const refusal of refusals) expect(shown(refusal)).toEqual(shown(refusals[0] as Answer))
  expect(refusalOf(refusals[0] as Answer)).toEqual(invalid)
  expect(await signIn(user, password)).toBe('SIGNED_IN')
})

test('a link is void once an email of the person was proven, removed, or made primary', async () => {
  const changes: ((user: User, spareId: string) => Promise<unknown>)[] = [
    (user) => server.build.email(user, { address: `third.${user.username}@example.com` }),
    (user, spareId) => execute('delete from email where user_id = ? and id = ?', [user.id, spareId]),
    (user, spareId) =>
      execute('update email set "primary" = (id = ?) where user_id = ?', [spareId, user.id]),
  ]
  for (const change of changes) {
    const user = await server.build.user({ password })
    const spare = await server.build.email(user, { address: `spare.${user.username}@example.com` })
    const token = await linkFor(user)
    await change(user, spare.id)
    expect(refusalOf(await reset(token))).toEqual(invalid)
  }
}, 30_000)

test('who prefetches the link, as mail scanners do, spends nothing', async () => {
  const user = await server.build.user({ password })
  const token = await linkFor(user)
  for (let time = 0; time < 5; time++) {
    await server.anonymous.get('/reset-password')
    const query = `query { resetPassword(input: { token: "${token}", newPassword: "${newPassword}" }) { me { id } } }`
    await server.anonymous.get(`/graphql?query=${encodeURIComponent(query)}`)
  }
  expect((await reset(token)).errors).toBeUndefined()
})

test('guessing at links has to wait after a while', async () => {
  const source = { 'x-forwarded-for': newSource() }
  const answers = []
  for (let time = 0; time < 22; time++) answers.push(await reset('A'.repeat(43), newPassword, source))
  const codes = answers.map((answer) => refusalOf(answer)?.['code'])
  expect(codes.slice(0, 21)).toEqual(Array(21).fill('RESET_LINK_INVALID'))
  expect(codes[21]).toBe('RATE_LIMITED')
})

test('nothing goes to an address that is unknown, unproven, of somebody disabled or of an organisation’s own sign-in', async () => {
  const [disabled, unproven, passwordless] = [
    await server.build.user({ password }),
    await server.build.user({ password }),
    await server.build.user(),
  ]
  const { user: ofSso, account } = await server.build.member({
    user: await server.build.user({ password }),
  })
  await execute('update "user" set disabled_at = now() where id = ?', [disabled.id])
  await server.build.email(unproven, { address: 'waiting@example.com', verifiedAt: null })
  await execute(
    `insert into sso_connection (account_id, id, name, protocol, settings, create_just_in_time, created_at, changed_at)
        values (?, gen_random_uuid(), 'Sample', 'OIDC', '{}', false, now(), now()) returning id`,
    [account.id],
  )
  await execute(
    'update account set sso_connection_id = (select id from sso_connection where account_id = ?) where id = ?',
    [account.id, account.id],
  )
  const silent = [
    (await emailOf(disabled)).address,
    'waiting@example.com',
    'nobody@example.com',
    (await emailOf(ofSso)).address,
  ]
  const answers: Answer[] = []
  for (const email of [...silent, (await emailOf(passwordless)).address]) answers.push(await forget(email))
  await workedOff()
  for (const answer of answers) expect(answer.text).toBe('{"data":{"requestPasswordReset":{"me":null}}}')
  const recipients = queued.all
    .filter(({ message }) => message.kind === 'PASSWORD_RESET')
    .map(({ userId }) => userId)
  for (const user of [disabled, unproven, ofSso]) expect(recipients).not.toContain(user.id)
  expect(recipients).toContain(passwordless.id)

  expect((await reset(queued.tokenTo((await emailOf(passwordless)).address))).errors).toBeUndefined()
  expect(await signIn(passwordless, newPassword)).toBe('SIGNED_IN')
})

test('five hundred requests for one address come to three mails an hour, and are answered alike', async () => {
  const user = await server.build.user({ password })
  const { address } = await emailOf(user)
  const texts = new Set<string>()
  for (let wave = 0; wave < 10; wave++) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => forget(address)))
    for (const { text } of answers) texts.add(text)
    await workedOff()
    server.clock.advanceSeconds(300)
  }
  expect(texts.size).toBe(1)
  expect(queued.recipientsOf('PASSWORD_RESET', user.id)).toHaveLength(3)
  server.clock.advanceSeconds(3601)
  await linkFor(user)
}, 60_000)

test('one source asks twenty times an hour, and does not use up the requests of others’ addresses', async () => {
  const source = { 'x-forwarded-for': newSource() }
  const user = await server.build.user({ password })
  for (let time = 0; time < 20; time++) await forget(`nobody.${time}@example.com`, source)
  const { address } = await emailOf(user)
  for (let time = 0; time < 5; time++) await forget(address, source)
  await workedOff()
  expect(queued.recipientsOf('PASSWORD_RESET', user.id)).toEqual([])
  await linkFor(user)
})

test('several emails of one person are no more links than one', async () => {
  const user = await server.build.user({ password })
  const others = ['b', 'c', 'd'].map((letter) => `${letter}.${user.username}@example.com`)
  for (const address of others) await server.build.email(user, { address })
  for (const address of [(await emailOf(user)).address, ...others]) {
    await forget(address)
    await forget(address)
  }
  await workedOff()
  expect(queued.recipientsOf('PASSWORD_RESET', user.id)).toHaveLength(3)
})

test('a new password finishes what "It wasn’t me" began', async () => {
  const user = await server.build.user({ password })
  await (await server.as(user)).query('mutation { lockEverything { me { id } } }')
  expect(await signIn(user, password)).toBe('RECOVERY_REQUIRED')
  expect((await reset(await linkFor(user))).errors).toBeUndefined()
  expect(await signIn(user, newPassword)).toBe('SIGNED_IN')
})

test('what a request says of its host changes nothing in the link', async () => {
  const user = await server.build.user({ password })
  const { address } = await emailOf(user)
  const query = `mutation { requestPasswordReset(input: { email: "${address}" }) { me { id } } }`
  const body = JSON.stringify({ query })
  const connection = await RawConnection.open(server.url)
  const head = [
    'POST /graphql HTTP/1.1',
    'host: evil.example',
    'x-forwarded-host: evil.example',
    'forwarded: host=evil.example;proto=http',
    `x-forwarded-for: ${newSource()}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  connection.write([...head, '', body].join('\r\n'))
  await expect.poll(() => connection.received).toContain('{"requestPasswordReset":{"me":null}}')
  connection.destroy()
  const caught = async () =>
    JSON.stringify(await execute('select * from caught_message where "to" = ?', [address]))
  await expect.poll(caught, { timeout: 10_000 }).toContain('http://localhost:4000/reset-password#')
  expect(await caught()).not.toContain('evil.example')
}, 30_000)

test('the database keeps no token, and whoever reads it cannot use a link', async () => {
  const token = await linkFor(await server.build.user({ password }))
  const rows = await execute<{ hash: Buffer }>('select hash from password_reset')
  expect(rows.map(({ hash }) => hash.toString('hex'))).toContain(hashOfSecret(token).toString('hex'))
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
})
