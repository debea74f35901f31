import { expect, test } from 'vitest'

import { testSealing } from '../../test/secret-keys.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { referenceOf } from '../delivery/delivery-reference.ts'
import { notMeReferenceOf } from '../delivery/texts/not-me-link.ts'
import { Language } from '../language.ts'
import { newId } from '../lib/ids.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()
const password = 'correct horse battery'
const locking = 'mutation { lockEverything { me { id } } }'

function execute<Row>(text: string, parameters: unknown[]): Promise<Row[]> {
  return server.orm.em.fork().execute<Row[]>(text, parameters)
}

/** Somebody with one of everything that acts for them, and with a known browser. */
async function somebody() {
  const { user, accountUser } = await server.build.member({ user: await server.build.user({ password }) })
  const { token } = await server.build.token(accountUser)
  await server.build.pushDevice(user)
  const session = await server.build.session(user)
  await server.anonymous.mutate('signIn', { login: user.username, password }, 'status')
  return { user, token, session }
}

async function whatIsLeft({ id }: User) {
  const [left] = await execute<Record<string, number>>(
    `select (select count(*) from session where user_id = ?)::int as sessions,
      (select count(*) from known_device where user_id = ?)::int as devices,
      (select count(*) from personal_access_token where user_id = ?)::int as tokens,
      (select count(*) from push_device where user_id = ?)::int as "pushDevices"`,
    [id, id, id, id],
  )
  return left
}

const everything = { sessions: 2, devices: 1, tokens: 1, pushDevices: 1 }
const nothing = { sessions: 0, devices: 0, tokens: 0, pushDevices: 0 }

async function mailsTo({ id }: User): Promise<string[]> {
  const rows = await execute<{ message: string }>(
    'select message from delivery where user_id = ? order by id',
    [id],
  )
  return rows.map(({ message }) => message)
}

async function linkOf(user: User, at = server.clock.now()): Promise<string> {
  const named = { userId: user.id, deliveryId: newId(at) }
  return `${server.url}/not-me/${notMeReferenceOf(testSealing, named)}`
}

const press = (link: string) => fetch(link, { method: 'POST' })

test('the button on the page ends everything that acts for the person, this session and every socket', async () => {
  const { user, token, session } = await somebody()
  const other = await somebody()
  const codes: Promise<number>[] = []
  for (const socket of [server.socketWithCookie(session.key), server.socketWithToken(token)]) {
    const closed = Promise.withResolvers<number>()
    socket.on('closed', (event) => closed.resolve((event as { code: number }).code))
    codes.push(closed.promise)
    await socket.iterate({ query: 'subscription { notificationBadge { unread } }' }).next()
  }
  expect(await whatIsLeft(user)).toEqual(everything)

  const answer = await server.withCookie(session.key).query(locking)
  expect(answer.data.lockEverything).toEqual({ me: null })
  expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
  expect(await Promise.all(codes)).toEqual([4401, 4401])
  expect(await whatIsLeft(user)).toEqual(nothing)
  expect(await whatIsLeft(other.user)).toEqual(everything)
  expect(refusalOf(await server.withToken(token).query('{ me { id } }'))).toMatchObject({
    code: 'UNAUTHENTICATED',
  })
  expect(await mailsTo(user)).toContain('INTRUSION_REPORTED')
})

test('the old password opens nothing any more, and says so only to who has it', async () => {
  const { user, session } = await somebody()
  await server.withCookie(session.key).query(locking)
  const signIn = (given: string) =>
    server.anonymous.mutate('signIn', { login: user.username, password: given }, 'status')
  expect(refusalOf(await signIn(password))).toEqual({ code: 'RECOVERY_REQUIRED' })
  expect(refusalOf(await signIn('another password'))).toEqual({ code: 'CREDENTIALS_WRONG' })
})

test('every proven email hears of it, and the one proven first gets the link for a new password', async () => {
  const { user, session } = await somebody()
  server.clock.advanceSeconds(1)
  await server.build.email(user, { address: `second.${user.username}@example.com` })
  await server.build.email(user, { address: `unproven.${user.username}@example.com`, verifiedAt: null })
  await server.withCookie(session.key).query(locking)
  const told = await execute<{ address: string }>(
    `select address from delivery where user_id = ? and message = 'INTRUSION_REPORTED' order by address`,
    [user.id],
  )
  const first = `${user.username}@example.com`
  expect(told.map(({ address }) => address)).toEqual(
    [first, `second.${user.username}@example.com`].toSorted(),
  )
  const links = await execute<{ address: string }>(
    `select address from delivery where user_id = ? and message = 'PASSWORD_RESET'`,
    [user.id],
  )
  expect(links).toEqual([{ address: first }])
})

test('the link in a mail asks first, however often a scanner opens it, and its button locks everything once', async () => {
  const { user } = await somebody()
  const link = await linkOf(user)
  for (let opened = 0; opened < 5; opened++) {
    const page = await fetch(link)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(await page.text()).toContain('Lock everything')
  }
  expect(await whatIsLeft(user)).toEqual(everything)

  const answers = await Promise.all(Array.from({ length: 20 }, () => press(link)))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
  expect(await whatIsLeft(user)).toEqual(nothing)
  expect((await mailsTo(user)).filter((message) => message === 'INTRUSION_REPORTED')).toHaveLength(1)

  // Whoever signs in anew is not thrown out by the same mail again.
  await server.build.session(user)
  await press(link)
  expect(await whatIsLeft(user)).toMatchObject({ sessions: 1 })
})

test('both pages speak the language of their reader', async () => {
  const said: string[] = []
  for (const language of Object.values(Language)) {
    const user = await server.build.user()
    await execute('update "user" set language = ? where id = ? returning id', [language, user.id])
    const link = await linkOf(user)
    for (const answer of [await fetch(link), await press(link)]) {
      const page = await answer.text()
      expect(page).toContain(`<html lang="${language.toLowerCase()}">`)
      for (const [, text = ''] of page.matchAll(/<(?:h1|p|a|button)\b[^>]*>\s*([^<\s][^<]+)</g))
        said.push(text)
    }
  }
  // A title, two paragraphs and a button; a title, a paragraph and a link.
  expect(said).toHaveLength(7 * 5)
  expect(new Set(said).size).toBe(said.length)
})

test('a link that we did not make, that is another of ours, or that is older than a month locks nothing', async () => {
  const { user } = await somebody()
  const made = notMeReferenceOf(testSealing, { userId: user.id, deliveryId: newId() })
  const forged = [
    `${made.startsWith('A') ? 'B' : 'A'}${made.slice(1)}`,
    `${made.slice(0, -2)}AA`,
    made.slice(0, 40),
    referenceOf(testSealing, { userId: user.id, deliveryId: newId() }),
    encodeURIComponent("' or true --"),
  ].map((reference) => `${server.url}/not-me/${reference}`)
  const old = await linkOf(user, new Date(server.clock.now().getTime() - 31 * 86_400_000))
  for (const link of [...forged, old]) {
    expect((await fetch(link)).status).toBe(404)
    expect((await press(link)).status).toBe(404)
  }
  expect(await whatIsLeft(user)).toEqual(everything)
})

test('what was locked is looked through until the person says that it was', async () => {
  const { user } = await somebody()
  await press(await linkOf(user))
  await execute('update recovery set reset_at = now() where user_id = ? returning user_id', [user.id])
  const browser = await server.as(user)
  const reading = '{ me { recovery { startedAt resetAt } } }'
  const { data } = await browser.query(reading)
  expect(data.me.recovery).toEqual({ startedAt: expect.any(String), resetAt: expect.any(String) })
  const finished = await browser.query(
    'mutation { finishRecovery { me { recovery { startedAt } activity { nodes { action } } } } }',
  )
  expect(finished.data.finishRecovery.me.recovery).toBeNull()
  expect(finished.data.finishRecovery.me.activity.nodes[0]).toEqual({ action: 'RECOVERY_FINISHED' })
})

test('the way back in comes also where strangers asked for as many links as there may be', async () => {
  const { user, session } = await somebody()
  const now = server.clock.now()
  await execute(
    `insert into password_reset_count (key, times, is_within, forget_at)
      values (?, array_fill(?::timestamptz, array[3]), true, ?) returning key`,
    [`person:${user.id}`, now, new Date(now.getTime() + 3_600_000)],
  )
  await server.withCookie(session.key).query(locking)
  expect(await mailsTo(user)).toContain('PASSWORD_RESET')
})
