import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

import { createTestServer, refusalOf, type TestServer } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()
const password = 'correct horse battery'
const here = await server.build.account()

/** A member with a session and a token, and a socket that came with each. */
async function member(roles: Parameters<TestServer['build']['member']>[0] = {}) {
  const user = await server.build.user({ password })
  const { accountUser } = await server.build.member({ user, account: here, ...roles })
  const { token } = await server.build.token(accountUser)
  const session = await server.build.session(user)
  return { user, accountUser, token, session }
}

/** A socket that is open, and the code that it will be closed with. */
async function openSocket(
  socket: ReturnType<TestServer['socketWithToken']>,
): Promise<{ closed: Promise<number> }> {
  const closed = Promise.withResolvers<number>()
  socket.on('closed', (event) => closed.resolve((event as { code: number }).code))
  await socket.iterate({ query: 'subscription { notificationBadge { unread } }' }).next()
  return { closed: closed.promise }
}

const remove = (caller: ReturnType<TestServer['withCookie']>, accountUserId: string) =>
  caller.mutate('removeAccountUser', { accountUserId }, 'removedId')

const accountsOf = async (user: User) => {
  const { data } = await (await server.as(user)).query('{ me { accountUsers { account { id } } } }')
  return data.me.accountUsers.map(({ account }: { account: { id: string } }) => account.id)
}

test('who leaves an account has nothing there from the next request on, and keeps the others', async () => {
  const { user, accountUser, token, session } = await member()
  const other = await server.build.member({ user })
  const { token: otherToken } = await server.build.token(other.accountUser)
  const sockets = [
    await openSocket(server.socketWithCookie(session.key)),
    await openSocket(server.socketWithToken(token)),
  ]

  const left = await remove(server.withCookie(session.key), accountUser.id)
  expect(left.data.removeAccountUser).toEqual({ removedId: accountUser.id })
  expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([4401, 4401])
  expect(refusalOf(await server.withToken(token).query('{ me { id } }'))).toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  expect((await server.withToken(otherToken).query('{ me { id } }')).data.me.id).toBe(user.id)
  expect(await accountsOf(user)).toEqual([other.account.id])
  const browser = server.withCookie(session.key)
  const reading = await browser.query('query ($id: ID!) { account(id: $id) { name } }', { id: here.id })
  expect(refusalOf(reading)).toMatchObject({ code: 'NOT_FOUND' })
  const { data } = await browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes[0]).toEqual({ action: 'ACCOUNT_LEFT', subject: here.name })
})

test('an administrator takes a member out; others may not, and nobody the owner', async () => {
  const [admin, colleague, target] = [await member({ roles: ['admin'] }), await member(), await member()]
  const stranger = await server.build.member({ roles: ['admin'] })
  expect(
    refusalOf(await remove(server.withCookie(colleague.session.key), target.accountUser.id)),
  ).toMatchObject({
    code: 'FORBIDDEN',
  })
  expect(refusalOf(await remove(await server.as(stranger.user), target.accountUser.id))).toEqual({
    code: 'NOT_FOUND',
    field: 'accountUserId',
  })
  const owned = await server.build.account({ owner: admin.user })
  const { accountUser: owner } = await server.build.member({ user: admin.user, account: owned })
  expect(refusalOf(await remove(server.withCookie(admin.session.key), owner.id))).toEqual({
    code: 'LAST_ADMINISTRATOR',
    field: 'accountUserId',
  })

  const removed = await remove(server.withCookie(admin.session.key), target.accountUser.id)
  expect(removed.errors).toBeUndefined()
  expect(await accountsOf(target.user)).toEqual([])
  const history = '{ me { activity { nodes { action actor { id } changes { before } } } } }'
  const own = await server.withCookie(target.session.key).query(history)
  expect(own.data.me.activity.nodes[0]).toMatchObject({
    action: 'ACCOUNT_LEFT',
    actor: { id: admin.user.id },
  })
  const others = await server.withCookie(admin.session.key).query(history)
  expect(others.data.me.activity.nodes[0]).toMatchObject({
    action: 'MEMBER_REMOVED',
    changes: [{ before: target.user.name }],
  })
})

test('an owner who has handed the account over, as the page for operators says, may leave it', async () => {
  const [before, next] = [await server.build.user(), await server.build.user()]
  const account = await server.build.account({ owner: before })
  const { accountUser } = await server.build.member({ user: before, account })
  const browser = await server.as(before)
  expect(refusalOf(await remove(browser, accountUser.id))).toMatchObject({ code: 'LAST_ADMINISTRATOR' })

  const documents = new URL('../../../../docs/operations.md', import.meta.url)
  const [, statement = ''] =
    /```sql\n(update account [^`]+)```/.exec(await readFile(documents, 'utf8')) ?? []
  const handOver = statement
    .replace('kim.tallis', next.username)
    .replace(/(?<=a\.id = ')[\w-]+/, account.id)
  const em = server.orm.em.fork()
  await expect(em.execute(handOver)).rejects.toThrow('null value in column "owner_id"')
  await server.build.member({ user: next, account })
  await em.execute(handOver)
  expect((await remove(browser, accountUser.id)).errors).toBeUndefined()
})

test('a disabled person is out everywhere at once, and is told; enabled again they sign in anew', async () => {
  const { user, token, session } = await member()
  const superAdmin = await server.build.user({ superAdmin: true })
  const sockets = [
    await openSocket(server.socketWithCookie(session.key)),
    await openSocket(server.socketWithToken(token)),
  ]
  const browser = await server.as(superAdmin)
  const set = (enabled: boolean) =>
    browser.mutate('setUserEnabled', { userId: user.id, enabled }, '__typename')
  expect((await set(false)).errors).toBeUndefined()
  expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([4401, 4401])
  expect((await server.withCookie(session.key).query('{ me { id } }')).data.me).toBeNull()
  const withToken = await server.withToken(token).query('{ me { id } }')
  expect(refusalOf(withToken)).toMatchObject({ code: 'UNAUTHENTICATED' })
  const signIn = () => server.anonymous.mutate('signIn', { login: user.username, password }, 'status')
  expect(refusalOf(await signIn())).toEqual({ code: 'CREDENTIALS_WRONG' })
  const told = await server.orm.em
    .fork()
    .execute<{ message: string }[]>('select message from delivery where user_id = ?', [user.id])
  expect(told).toEqual([{ message: 'USER_DISABLED' }])

  await set(true)
  server.clock.advanceSeconds(60)
  expect((await signIn()).data.signIn.status).toBe('SIGNED_IN')
  const { data } = await browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes.slice(0, 2)).toEqual([
    { action: 'USER_ENABLED', subject: user.name },
    { action: 'USER_DISABLED', subject: user.name },
  ])
})

test('a session that appears while its person is being disabled is none', async () => {
  const { user } = await member()
  const superAdmin = await server.as(await server.build.user({ superAdmin: true }))
  await superAdmin.mutate('setUserEnabled', { userId: user.id, enabled: false }, '__typename')
  const late = await server.build.session(user)
  expect((await server.withCookie(late.key).query('{ me { id } }')).data.me).toBeNull()
})

test('only a super admin disables, nobody themselves, and only after a fresh proof', async () => {
  const { user } = await member()
  const admin = await server.as((await member({ roles: ['admin'] })).user)
  const disable = { userId: user.id, enabled: false }
  expect(refusalOf(await admin.mutate('setUserEnabled', disable, '__typename'))).toEqual({
    code: 'FORBIDDEN',
  })
  const superAdmin = await server.build.user({ superAdmin: true })
  const browser = await server.as(superAdmin)
  const oneself = await browser.mutate(
    'setUserEnabled',
    { userId: superAdmin.id, enabled: false },
    '__typename',
  )
  expect(refusalOf(oneself)).toEqual({ code: 'FORBIDDEN', field: 'userId' })
  server.clock.advanceSeconds(601)
  expect(refusalOf(await browser.mutate('setUserEnabled', disable, '__typename'))).toEqual({
    code: 'STEP_UP_REQUIRED',
  })
})
