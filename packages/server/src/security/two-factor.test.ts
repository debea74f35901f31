import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { codeAt, wrongCode } from '../../test/authenticator-app.ts'
import { Browser } from '../../test/browser.ts'
import { dumpDatabase } from '../../test/dump.ts'
import { QueuedMessages } from '../../test/queued-messages.ts'
import { testSecretKeys } from '../../test/secret-keys.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { enrol, startSetup } from '../../test/two-factor.ts'
import { decodeBase32 } from '../lib/base32.ts'
import { newSealingKey } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'

const queued = new QueuedMessages()
// Waiting after wrong passwords is tried elsewhere.
const limits = { signIn: { firstWaitSeconds: 0, longestWaitSeconds: 0, addressFreeFailures: 10_000 } }
const server = await createTestServer({ limits })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const password = 'correct horse battery'
const off = { enabled: false, enabledAt: null, recoveryCodesLeft: 0 }

async function browserOf(user: User): Promise<Browser> {
  return new Browser(server, (await server.build.session(user)).key)
}

const twoFactorOf = async (browser: Browser) =>
  (await browser.query('{ me { twoFactor { enabled enabledAt recoveryCodesLeft } } }')).data.me?.twoFactor

const actionsOf = async (browser: Browser) =>
  (await browser.query('{ me { activity { nodes { action subject } } } }')).data.me.activity.nodes

const isSignedIn = async (browser: Browser) => (await browser.query('{ me { id } }')).data.me !== null

test('a set-up shows a secret and sixteen recovery codes once, and changes nothing before its first code', async () => {
  const user = await server.build.user({ password })
  const browser = await browserOf(user)
  const { secret, otpauthUrl, recoveryCodes } = (await startSetup(browser)).data.startTwoFactorSetup
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(otpauthUrl).toBe(
    `otpauth://totp/Lanyard:${user.username}?secret=${secret}&issuer=Lanyard&algorithm=SHA1&digits=6&period=30`,
  )
  expect(new Set(recoveryCodes).size).toBe(16)
  expect(await twoFactorOf(browser)).toEqual(off)
  expect((await new Browser(server).signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
  expect(await actionsOf(browser)).toMatchObject([{ action: 'SIGNED_IN' }])
})

test('the right code switches it on, ends the other sessions, and is told in the history and by mail', async () => {
  const user = await server.build.user({ password })
  const [browser, elsewhere] = [await browserOf(user), await browserOf(user)]
  const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
  const code = codeAt(secret, server.clock.now())
  const selection = 'me { twoFactor { enabled enabledAt recoveryCodesLeft } }'
  const answer = await browser.mutate('confirmTwoFactorSetup', { code }, selection)
  expect(answer.data.confirmTwoFactorSetup.me.twoFactor).toEqual({
    enabled: true,
    enabledAt: server.clock.now().toISOString(),
    recoveryCodesLeft: 16,
  })
  expect(await isSignedIn(elsewhere)).toBe(false)
  expect(await actionsOf(browser)).toEqual([{ action: 'TWO_FACTOR_ENABLED', subject: user.name }])
  expect(queued.recipientsOf('TWO_FACTOR_ENABLED', user.id)).toEqual([`${user.username}@example.com`])

  for (const again of [
    await startSetup(browser),
    await browser.mutate('confirmTwoFactorSetup', { code }, selection),
  ]) {
    expect(refusalOf(again)).toEqual({ code: 'TWO_FACTOR_ON_ALREADY' })
  }
  const signingIn = new Browser(server)
  await signingIn.signIn(user.username, password)
  expect(refusalOf(await signingIn.submit({ code }))).toEqual({ code: 'CODE_WRONG' })
  server.clock.advanceSeconds(30)
  const next = codeAt(secret, server.clock.now())
  expect((await signingIn.submit({ code: next })).data.submitSecondFactor.status).toBe('SIGNED_IN')
})

test('a wrong code leaves the set-up waiting, and after ten minutes it is over', async () => {
  const browser = await browserOf(await server.build.user())
  const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
  const confirm = (code: string) => browser.mutate('confirmTwoFactorSetup', { code }, 'me { id }')
  expect(refusalOf(await confirm(wrongCode(secret, server.clock.now())))).toEqual({ code: 'CODE_WRONG' })
  expect(refusalOf(await confirm('not a code'))).toEqual({ code: 'CODE_WRONG' })
  server.clock.advanceSeconds(600)
  expect(refusalOf(await confirm(codeAt(secret, server.clock.now())))).toEqual({ code: 'SETUP_EXPIRED' })
  expect(await twoFactorOf(browser)).toEqual(off)
})

test('a second set-up replaces the first, and without one there is nothing to confirm', async () => {
  const browser = await browserOf(await server.build.user())
  const confirm = (code: string) => browser.mutate('confirmTwoFactorSetup', { code }, 'me { id }')
  expect(refusalOf(await confirm('000000'))).toEqual({ code: 'SETUP_EXPIRED' })
  const first = (await startSetup(browser)).data.startTwoFactorSetup
  const second = (await startSetup(browser)).data.startTwoFactorSetup
  expect(second.secret).not.toBe(first.secret)
  const now = server.clock.now()
  expect(refusalOf(await confirm(codeAt(first.secret, now)))).toEqual({ code: 'CODE_WRONG' })
  expect((await confirm(codeAt(second.secret, now))).errors).toBeUndefined()
})

test('eleven codes of one set-up within an hour are too many, however right the last one is', async () => {
  const browser = await browserOf(await server.build.user())
  const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
  const confirm = (code: string) => browser.mutate('confirmTwoFactorSetup', { code }, 'me { id }')
  const wrong = wrongCode(secret, server.clock.now())
  for (let attempt = 0; attempt < 10; attempt++) await confirm(wrong)
  expect(refusalOf(await confirm(codeAt(secret, server.clock.now())))).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 3600,
  })
})

test('nine confirmations at once switch it on once, with sixteen recovery codes', async () => {
  const browser = await browserOf(await server.build.user())
  const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
  const code = codeAt(secret, server.clock.now())
  const answers = await Promise.all(
    Array.from({ length: 9 }, () => browser.mutate('confirmTwoFactorSetup', { code }, 'me { id }')),
  )
  expect(answers.filter(({ errors }) => !errors)).toHaveLength(1)
  const refusals = answers.flatMap((answer) => refusalOf(answer)?.['code'] ?? [])
  expect(
    refusals.filter((refusal) => refusal !== 'TWO_FACTOR_ON_ALREADY' && refusal !== 'SETUP_EXPIRED'),
  ).toEqual([])
  expect(await twoFactorOf(browser)).toMatchObject({ enabled: true, recoveryCodesLeft: 16 })
})

test('whoever reads the database finds no secret and no recovery code there, set up or waiting', async () => {
  const { secret, recoveryCodes } = await enrol(server, await server.build.user())
  const waiting = (await startSetup(await browserOf(await server.build.user()))).data.startTwoFactorSetup
  const everything = (await dumpDatabase(client)).toLowerCase()
  const written = [secret, waiting.secret, ...recoveryCodes, ...waiting.recoveryCodes].flatMap(
    (text: string) => [
      text,
      text.replaceAll('-', ''),
      Buffer.from(text).toString('hex'),
      Buffer.from(text).toString('base64'),
    ],
  )
  const bytes = [secret, waiting.secret].map((text) => decodeBase32(text).toString('hex'))
  expect([...written, ...bytes].filter((text) => everything.includes(text.toLowerCase()))).toEqual([])
})

test('switching it off takes the password and a code, which an open browser has not', async () => {
  const user = await server.build.user({ password })
  const { browser, secret, code } = await enrol(server, user)
  const elsewhere = await browserOf(user)
  const disable = (input: { password: string; code: string }) =>
    browser.mutate('disableTwoFactor', input, 'me { twoFactor { enabled enabledAt recoveryCodesLeft } }')

  expect(refusalOf(await disable({ password: 'wrong password', code: code() }))).toEqual({
    code: 'CREDENTIALS_WRONG',
  })
  expect(refusalOf(await disable({ password, code: wrongCode(secret, server.clock.now()) }))).toEqual({
    code: 'CODE_WRONG',
  })
  expect(refusalOf(await disable({ password: '', code: code() }))).toMatchObject({
    field: 'password',
    reason: 'EMPTY',
  })
  expect(refusalOf(await disable({ password, code: ' ' }))).toMatchObject({
    field: 'code',
    reason: 'EMPTY',
  })
  expect(await twoFactorOf(browser)).toMatchObject({ enabled: true })

  // The code was not used up by the wrong password beside it.
  const { data } = await disable({ password, code: code() })
  expect(data.disableTwoFactor.me.twoFactor).toEqual(off)
  expect(await isSignedIn(elsewhere)).toBe(false)
  expect(queued.recipientsOf('TWO_FACTOR_DISABLED', user.id)).toHaveLength(1)
  expect((await actionsOf(browser))[0]).toEqual({ action: 'TWO_FACTOR_DISABLED', subject: user.name })
  expect((await new Browser(server).signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
  expect(refusalOf(await disable({ password, code: code(1) }))).toEqual({ code: 'TWO_FACTOR_OFF' })
})

test('a recovery code switches it off as well', async () => {
  const { browser, recoveryCodes } = await enrol(server, await server.build.user({ password }))
  const answer = await browser.mutate('disableTwoFactor', { password, code: recoveryCodes[3] }, 'me { id }')
  expect(answer.errors).toBeUndefined()
  expect(await twoFactorOf(browser)).toEqual(off)
})

test('new recovery codes void those before at once', async () => {
  const user = await server.build.user({ password })
  const { browser, recoveryCodes, code } = await enrol(server, user)
  const regenerate = () =>
    browser.query(
      'mutation { regenerateRecoveryCodes { recoveryCodes me { twoFactor { recoveryCodesLeft } } } }',
    )
  const submit = async (given: string) => {
    const signingIn = new Browser(server)
    await signingIn.signIn(user.username, password)
    return signingIn.submit({ code: given })
  }
  expect((await submit(recoveryCodes[0] ?? '')).data.submitSecondFactor.status).toBe('SIGNED_IN')
  const { recoveryCodes: fresh, me } = (await regenerate()).data.regenerateRecoveryCodes
  expect(me.twoFactor.recoveryCodesLeft).toBe(16)
  expect(fresh.filter((one: string) => recoveryCodes.includes(one))).toEqual([])
  expect(refusalOf(await submit(recoveryCodes[1] ?? ''))).toEqual({ code: 'CODE_WRONG' })
  expect((await submit(fresh[1])).data.submitSecondFactor.status).toBe('SIGNED_IN')
  expect((await submit(code())).data.submitSecondFactor.status).toBe('SIGNED_IN')
  expect(queued.recipientsOf('RECOVERY_CODES_REGENERATED', user.id)).toHaveLength(1)

  const without = await browserOf(await server.build.user())
  expect(refusalOf(await without.query('mutation { regenerateRecoveryCodes { recoveryCodes } }'))).toEqual({
    code: 'TWO_FACTOR_OFF',
  })
})

test('app and recovery codes outlive a new key of the server', async () => {
  const user = await server.build.user({ password })
  const { recoveryCodes, code } = await enrol(server, user)
  const rotated = await createTestServer({
    limits,
    databaseUrl: server.databaseUrl,
    clock: server.clock,
    environment: { SECRET_KEYS: `${newSealingKey()},${testSecretKeys}` },
  })
  for (const given of [recoveryCodes[0] ?? '', code()]) {
    const browser = new Browser(rotated)
    await browser.signIn(user.username, password)
    expect((await browser.submit({ code: given })).data.submitSecondFactor.status).toBe('SIGNED_IN')
  }
  await rotated.stop()
})

test('a super admin resets it for somebody else, which both find in their history and the person in a mail', async () => {
  const user = await server.build.user({ password, name: 'Locked Out' })
  const { browser: theirs, secret, recoveryCodes } = await enrol(server, user)
  const admin = await browserOf(await server.build.user({ superAdmin: true, name: 'Helpful Admin' }))
  const reset = (by: Browser, userId: string) => by.mutate('resetTwoFactor', { userId }, 'me { id }')

  const answer = await reset(admin, user.id)
  expect(answer.errors).toBeUndefined()
  for (const text of [secret, ...recoveryCodes]) expect(answer.text).not.toContain(text)
  expect(await isSignedIn(theirs)).toBe(false)
  expect(queued.recipientsOf('TWO_FACTOR_RESET', user.id)).toEqual([`${user.username}@example.com`])
  expect(await actionsOf(admin)).toEqual([{ action: 'TWO_FACTOR_RESET', subject: 'Locked Out' }])
  const again = new Browser(server)
  expect((await again.signIn(user.username, password)).data.signIn.status).toBe('SIGNED_IN')
  expect(await actionsOf(again)).toContainEqual({ action: 'TWO_FACTOR_RESET', subject: 'Locked Out' })
  expect(refusalOf(await reset(admin, user.id))).toEqual({ code: 'TWO_FACTOR_OFF' })
})

test('nobody resets their own, and only super admins anybody else’s, there or not', async () => {
  const { browser: adminWithFactor } = await enrol(server, await server.build.user({ superAdmin: true }))
  const me = (await adminWithFactor.query('{ me { id } }')).data.me.id
  const { browser } = await enrol(server, await server.build.user())
  const nobody = '0199aaaa-0000-7000-8000-000000000000'
  const reset = (by: Browser, userId: string) => by.mutate('resetTwoFactor', { userId }, 'me { id }')
  expect(refusalOf(await reset(adminWithFactor, me))).toEqual({ code: 'FORBIDDEN' })
  expect(refusalOf(await reset(adminWithFactor, nobody))).toEqual({ code: 'NOT_FOUND', field: 'userId' })
  expect(refusalOf(await reset(adminWithFactor, 'x'))).toMatchObject({
    code: 'BAD_USER_INPUT',
    field: 'userId',
  })
  expect(refusalOf(await reset(browser, me))).toEqual({ code: 'FORBIDDEN' })
  expect(refusalOf(await reset(browser, nobody))).toEqual({ code: 'FORBIDDEN' })
  expect(await twoFactorOf(adminWithFactor)).toMatchObject({ enabled: true })
})

test('a person reads which of their accounts ask for it, and reaches them once it is on', async () => {
  const user = await server.build.user()
  const strict = await server.build.account({ name: 'Strict' })
  await server.build.member({ user, account: strict })
  await server.build.member({ user })
  await client.query('update account set require_two_factor = true where id = $1', [strict.id])
  const browser = await browserOf(user)
  const requiredBy = await browser.query('{ me { twoFactor { requiredBy { id name } } } }')
  expect(requiredBy.data.me.twoFactor.requiredBy).toEqual([{ id: strict.id, name: 'Strict' }])
  const reach = () => browser.query('query ($id: ID!) { account(id: $id) { name } }', { id: strict.id })
  expect(refusalOf(await reach())).toMatchObject({ code: 'TWO_FACTOR_REQUIRED' })

  const { secret } = (await startSetup(browser)).data.startTwoFactorSetup
  await browser.mutate('confirmTwoFactorSetup', { code: codeAt(secret, server.clock.now()) }, 'me { id }')
  expect((await reach()).data.account).toEqual({ name: 'Strict' })
})
