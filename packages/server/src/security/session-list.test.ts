import { expect, test } from 'vitest'

import { createTestServer, refusalOf } from '../../test/server.ts'
import { SignInMethod } from './session.entity.ts'

const server = await createTestServer()
const list = '{ me { sessions { id current device address place method } } }'

test('a person sees where they are signed in: this session first, then the one used last', async () => {
  const user = await server.build.user()
  const now = server.clock.now().getTime()
  const here = await server.build.session(user, { lastSeenAt: new Date(now - 3_600_000) })
  const phone = await server.build.session(user, {
    device: 'Chrome on Android',
    address: '198.51.100.23',
    place: 'Boston, United States',
    method: SignInMethod.PASSKEY,
    lastSeenAt: new Date(now - 60_000),
  })
  const desk = await server.build.session(user, { lastSeenAt: new Date(now - 1_800_000) })
  // Unused for too long, and somebody else's.
  await server.build.session(user, { lastSeenAt: new Date(now - 13 * 3_600_000) })
  await server.build.session(await server.build.user())

  const { data } = await server.withCookie(here.key).query(list)
  expect(data.me.sessions.map(({ id }: { id: string }) => id)).toEqual([here.id, phone.id, desk.id])
  expect(data.me.sessions[0]).toMatchObject({ current: true, method: 'PASSWORD', place: null })
  expect(data.me.sessions[1]).toEqual({
    id: phone.id,
    current: false,
    device: 'Chrome on Android',
    address: '198.51.100.23',
    place: 'Boston, United States',
    method: 'PASSKEY',
  })
})

test('none of the sessions is that of a token', async () => {
  const { user, accountUser } = await server.build.member()
  const session = await server.build.session(user)
  const { token } = await server.build.token(accountUser)

  const { data } = await server.withToken(token).query('{ me { sessions { id current } } }')
  expect(data.me.sessions).toEqual([{ id: session.id, current: false }])
})

test('one session is ended at once, with its socket, and the others go on', async () => {
  const user = await server.build.user()
  const [here, lost] = [await server.build.session(user), await server.build.session(user)]
  const closed = Promise.withResolvers<number>()
  const socket = server.socketWithCookie(lost.key)
  socket.on('closed', (event) => closed.resolve((event as { code: number }).code))
  const badges = socket.iterate({ query: 'subscription { notificationBadge { unread } }' })
  await badges.next()

  const browser = server.withCookie(here.key)
  const ended = await browser.mutate('revokeSession', { sessionId: lost.id }, 'removedId me { id }')
  expect(ended.data.revokeSession).toEqual({ removedId: lost.id, me: { id: user.id } })
  expect(await closed.promise).toBe(4401)
  expect((await server.withCookie(lost.key).query('{ me { id } }')).data.me).toBeNull()
  const again = await browser.mutate('revokeSession', { sessionId: lost.id }, 'removedId')
  expect(refusalOf(again)).toEqual({ code: 'NOT_FOUND', field: 'sessionId' })
  const { data } = await browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes).toEqual([{ action: 'SESSION_ENDED', subject: 'Firefox on Linux' }])
})

test('ending the session that asks signs this browser out', async () => {
  const user = await server.build.user()
  const { key, id } = await server.build.session(user)
  const answer = await server
    .withCookie(key)
    .mutate('revokeSession', { sessionId: id }, 'removedId me { id }')
  expect(answer.data.revokeSession).toEqual({ removedId: id, me: null })
  expect(answer.headers.getSetCookie().join()).toMatch(/lanyard-4000=;/)
  expect((await server.withCookie(key).query('{ me { id } }')).data.me).toBeNull()
})

test('ending the others leaves this one, and writes down which there were', async () => {
  const user = await server.build.user()
  const [here, one, other] = [
    await server.build.session(user),
    await server.build.session(user, { device: 'Edge on Windows' }),
    await server.build.session(user, { device: 'Chrome on Android' }),
  ]
  const stranger = await server.build.session(await server.build.user())
  const browser = server.withCookie(here.key)
  const ending = 'mutation { signOutOthers { ended me { sessions { id } } } }'
  expect((await browser.query(ending)).data.signOutOthers).toEqual({
    ended: 2,
    me: { sessions: [{ id: here.id }] },
  })
  for (const { key } of [one, other]) {
    expect((await server.withCookie(key).query('{ me { id } }')).data.me).toBeNull()
  }
  expect((await server.withCookie(stranger.key).query('{ me { id } }')).data.me).not.toBeNull()
  expect((await browser.query(ending)).data.signOutOthers.ended).toBe(0)

  const { data } = await browser.query('{ me { activity { nodes { action changes { before } } } } }')
  expect(data.me.activity.nodes).toHaveLength(1)
  const [{ action, changes }] = data.me.activity.nodes
  expect(action).toBe('OTHER_SESSIONS_ENDED')
  expect(changes.map(({ before }: { before: string }) => before).toSorted()).toEqual([
    'Chrome on Android',
    'Edge on Windows',
  ])
})

test('fifty ends of one session at once end it once', async () => {
  const user = await server.build.user()
  const [here, lost] = [await server.build.session(user), await server.build.session(user)]
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      server.withCookie(here.key).mutate('revokeSession', { sessionId: lost.id }, 'removedId'),
    ),
  )
  expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1)
})
