import { expect, test, vi } from 'vitest'

import { QueuedMessages } from '../../test/queued-messages.ts'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'
import { PasswordHashing } from './password-hashing.ts'

const queued = new QueuedMessages()
const server = await createTestServer()
const password = 'correct horse battery'
const newPassword = 'kq7-vMx2-pLz9wq'

function change(caller: Caller, currentPassword = password, wanted = newPassword) {
  return caller.mutate('changePassword', { currentPassword, newPassword: wanted }, 'me { id }')
}

async function signIn(user: User, given: string) {
  const answer = await server.anonymous.mutate(
    'signIn',
    { login: user.username, password: given },
    'status',
  )
  return answer.data?.signIn?.status ?? refusalOf(answer)?.['code']
}

test('a new password ends every session, this one too, at once, and is told by mail', async () => {
  const user = await server.build.user({ password })
  const [here, there] = [await server.build.session(user), await server.build.session(user)]
  const closed = Promise.withResolvers<unknown>()
  const socket = server.socketWithCookie(there.key)
  socket.on('closed', (event) => closed.resolve((event as { code: number }).code))
  await socket.iterate({ query: 'subscription { notificationBadge { unread } }' }).next()
  const before = await server.withCookie(here.key).query('{ me { passwordChangedAt } }')
  expect(before.data.me).toEqual({ passwordChangedAt: server.clock.now().toISOString() })

  server.clock.advanceSeconds(300)
  const answer = await change(server.withCookie(here.key))
  expect(answer.data.changePassword).toEqual({ me: null })
  expect(answer.headers.getSetCookie().join()).toMatch(/lanyard-4000=; .*Expires=Thu, 01 Jan 1970/)
  const asks = '{ me { id } }'
  expect((await server.withCookie(here.key).query(asks)).data).toEqual({ me: null })
  expect(
    refusalOf(await server.withCookie(there.key).query('mutation { signOutOthers { ended } }')),
  ).toEqual({
    code: 'UNAUTHENTICATED',
  })
  expect(await closed.promise).toBe(4401)
  expect(queued.recipientsOf('PASSWORD_CHANGED', user.id)).toHaveLength(1)

  expect(await signIn(user, password)).toBe('CREDENTIALS_WRONG')
  server.clock.advanceSeconds(2)
  expect(await signIn(user, newPassword)).toBe('SIGNED_IN')
  const { data } = await (
    await server.as(user)
  ).query('{ me { passwordChangedAt activity(first: 2) { nodes { action } } } }')
  expect(data.me.passwordChangedAt).toBe(new Date(server.clock.now().getTime() - 2000).toISOString())
  expect(data.me.activity.nodes).toEqual([{ action: 'SIGNED_IN' }, { action: 'PASSWORD_CHANGED' }])
})

test('tokens go on, and another person notices nothing', async () => {
  const { user, accountUser } = await server.build.member({ user: await server.build.user({ password }) })
  const other = await server.as(await server.build.user({ password }))
  const { token } = await server.build.token(accountUser)
  expect((await change(await server.as(user))).errors).toBeUndefined()
  expect((await server.withToken(token).query('{ me { id } }')).data.me).toEqual({ id: user.id })
  expect((await other.query('{ me { id } }')).data.me).not.toBeNull()
})

test('a wrong current password is counted as any guess is, and nothing changes', async () => {
  const user = await server.build.user({ password })
  const browser = await server.as(user)
  expect(refusalOf(await change(browser, 'wrong password'))).toEqual({
    code: 'CREDENTIALS_WRONG',
    field: 'currentPassword',
  })
  const verify = vi.spyOn(PasswordHashing.prototype, 'verify')
  expect(refusalOf(await change(browser))).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
  const answers = await Promise.all(Array.from({ length: 20 }, () => change(browser, 'wrong password')))
  expect(new Set(answers.map((answer) => refusalOf(answer)?.['code']))).toEqual(new Set(['RATE_LIMITED']))
  expect(verify).not.toHaveBeenCalled()
  verify.mockRestore()
  server.clock.advanceSeconds(1)
  expect(await signIn(user, password)).toBe('SIGNED_IN')
})

test('somebody without a password has no current one to give', async () => {
  const browser = await server.as(await server.build.user())
  expect((await browser.query('{ me { passwordChangedAt } }')).data.me).toEqual({ passwordChangedAt: null })
  expect(refusalOf(await change(browser))).toMatchObject({ code: 'CREDENTIALS_WRONG' })
})

test.each([
  ['a short one', 'short', 'TOO_SHORT'],
  ['one that anybody tries', 'password1234567', 'GUESSABLE'],
  ["the account's name", 'North Quay Fibre Works', 'GUESSABLE'],
  ['the one in use', password, 'UNCHANGED'],
  ['one longer than any', 'p'.repeat(1025), 'TOO_LONG'],
])('%s is refused beside its field, and the old one stays', async (_what, wanted, reason) => {
  const account = await server.build.account({ name: 'North Quay Fibre Works' })
  const { user } = await server.build.member({ account, user: await server.build.user({ password }) })
  const browser = await server.as(user)
  expect(refusalOf(await change(browser, password, wanted))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'newPassword',
    reason,
  })
  expect((await browser.query('{ me { id } }')).data.me).toEqual({ id: user.id })
})

test('a session whose proof is older than ten minutes is asked for a new one first', async () => {
  const browser = await server.as(await server.build.user({ password }))
  server.clock.advanceSeconds(601)
  expect(refusalOf(await change(browser))).toEqual({ code: 'STEP_UP_REQUIRED' })
})

test('of two changes at once one counts', async () => {
  const user = await server.build.user({ password })
  const browsers = [await server.as(user), await server.as(user)]
  const wanted = [`${newPassword}-1`, `${newPassword}-2`]
  const answers = await Promise.all(
    browsers.map((browser, index) => change(browser, password, wanted[index])),
  )
  const done = answers.filter(({ errors }) => !errors)
  expect(done).toHaveLength(1)
  expect(queued.recipientsOf('PASSWORD_CHANGED', user.id)).toHaveLength(1)
})
