import { randomUUID } from 'node:crypto'

import Fastify from 'fastify'
import { expect, test } from 'vitest'

import { createTestServer } from '../../test/server.ts'
import { newSealingKey, SealingKeys } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'
import { NotificationPreferenceOverride } from './notification-preference.entity.ts'
import { readUnsubscribeId, unsubscribeIdOf, unsubscribeUrlOf } from './unsubscribe-link.ts'
import { serveUnsubscribe } from './unsubscribe-page.ts'

const server = await createTestServer()
const sealing = new SealingKeys([newSealingKey()])
const app = Fastify()
serveUnsubscribe(app, {
  signing: sealing,
  createContext: ({ ip: address, id: requestId }) => ({
    em: server.orm.em.fork(),
    clock: server.clock,
    origin: { requestId, address, device: 'Mail program' },
  }),
})

const publicUrl = new URL('https://lanyard.example.com')

async function member() {
  const { user, account, accountUser } = await server.build.member()
  const browser = await server.as(user)
  const set = (channels: Record<string, string[]>) =>
    browser.mutate(
      'setNotificationPreferences',
      {
        accountUserId: accountUser.id,
        preferences: Object.entries(channels).map(([eventType, list]) => ({ eventType, channels: list })),
      },
      'accountUser { id }',
    )
  const stored = async () => {
    const rows = await server.orm.em
      .fork()
      .find(NotificationPreferenceOverride, { accountUserId: accountUser.id })
    return Object.fromEntries(rows.map(({ eventType, channels }) => [eventType, channels.toSorted()]))
  }
  const urlOf = (eventType: string) =>
    unsubscribeUrlOf(sealing, publicUrl, { userId: user.id, accountUserId: accountUser.id, eventType })
  const path = new URL(urlOf('TICKET_ASSIGNED') ?? '').pathname
  return { user, account, accountUser, set, stored, urlOf, path }
}

/** As a mail program sends it: without cookies, Origin or anything else of ours. */
function click(path: string, payload = 'List-Unsubscribe=One-Click') {
  return app.inject({
    method: 'POST',
    url: path,
    payload,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
}

const open = (path: string) => app.inject({ url: path, headers: { accept: 'text/html' } })

function historyOf({ id }: User) {
  return server.orm.em
    .fork()
    .execute<{ action: string; subject: string; changes: unknown; actor_id: string | null }[]>(
      "select action, subject, changes, actor_id from activity where user_id = ? and action <> 'NOTIFICATION_PREFERENCES_SET'",
      [id],
    )
}

test('one click ends mail about the category in that account, and nothing else', async () => {
  const { user, account, set, stored, path } = await member()
  const elsewhere = await server.build.member({ user })
  await set({
    TICKET_ASSIGNED: ['IN_APP', 'EMAIL'],
    TICKET_REPLIED: ['EMAIL', 'SMS'],
    TICKET_COMMENTED: [],
    TASK_ASSIGNED: ['EMAIL'],
  })
  await server.orm.em.fork().execute(
    `insert into notification_preference (user_id, account_user_id, event_type, channels)
      values (?, ?, 'TICKET_ASSIGNED', '{EMAIL}')`,
    [user.id, elsewhere.accountUser.id],
  )
  const answer = await click(path)
  expect(answer.statusCode).toBe(200)
  expect(answer.body).toContain('You get no more mail about Tickets in Sample Account.')
  expect(answer.headers['set-cookie']).toBeUndefined()

  const rows = await server.orm.em
    .fork()
    .find(NotificationPreferenceOverride, { accountUserId: elsewhere.accountUser.id })
  expect(rows).toMatchObject([{ eventType: 'TICKET_ASSIGNED', channels: ['EMAIL'] }])
  expect(await historyOf(user)).toEqual([
    {
      action: 'EMAIL_UNSUBSCRIBED',
      subject: account.name,
      actor_id: null,
      changes: expect.arrayContaining([
        { field: 'TICKET_ASSIGNED', before: 'EMAIL, IN_APP', after: 'IN_APP' },
        { field: 'TICKET_REPLIED', before: 'EMAIL, SMS', after: 'SMS' },
      ]),
    },
  ])
  // What equals the usual is no row any more.
  expect(await stored()).toEqual({
    TICKET_REPLIED: ['SMS'],
    TICKET_COMMENTED: [],
    TASK_ASSIGNED: ['EMAIL'],
  })
})

test('mail that came without having been chosen ends as well', async () => {
  const { user, set, stored, urlOf } = await member()
  const { pathname } = new URL(urlOf('TOKEN_EXPIRING') ?? '')
  expect((await click(pathname)).body).toContain('You get no more mail about Security in Sample Account.')
  expect(await stored()).toEqual({ TOKEN_EXPIRING: ['IN_APP'] })
  expect(await historyOf(user)).toMatchObject([
    { changes: [{ field: 'TOKEN_EXPIRING', before: 'EMAIL, IN_APP', after: 'IN_APP' }] },
  ])
  await set({ TOKEN_EXPIRING: ['EMAIL', 'IN_APP'] })
  expect(await stored()).toEqual({})
})

test('a second click changes nothing, and is not told twice', async () => {
  const { user, set, path } = await member()
  await set({ TICKET_ASSIGNED: ['EMAIL'] })
  for (let time = 0; time < 3; time++) expect((await click(path)).statusCode).toBe(200)
  expect(await historyOf(user)).toHaveLength(1)
})

test('looking at the page changes nothing, however often a scanner does', async () => {
  const { user, set, stored, path } = await member()
  await set({ TICKET_ASSIGNED: ['EMAIL'] })
  for (let time = 0; time < 5; time++) {
    const page = await open(path)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('<form method="post">')
    await app.inject({ method: 'HEAD', url: path })
  }
  expect(await stored()).toEqual({ TICKET_ASSIGNED: ['EMAIL'] })
  expect(await historyOf(user)).toEqual([])
})

test('what mail programs send as a form of parts is understood, and a POST that says something else is not', async () => {
  const { set, stored, path } = await member()
  await set({ TICKET_ASSIGNED: ['EMAIL'] })
  for (const payload of ['', 'List-Unsubscribe=No', '{}', 'One-Click'])
    expect((await click(path, payload)).statusCode).toBe(400)
  expect(await stored()).toEqual({ TICKET_ASSIGNED: ['EMAIL'] })
  const parts =
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
  const answer = await app.inject({
    method: 'POST',
    url: path,
    payload: parts,
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  })
  expect(answer.statusCode).toBe(200)
  expect(await stored()).toEqual({ TICKET_ASSIGNED: [] })
})

test('mail about alerts has no such link, and stays when its category is ended', async () => {
  const { set, stored, urlOf, user, accountUser } = await member()
  expect(urlOf('NETWORK_ALERT')).toBeUndefined()
  expect(urlOf('NO_SUCH_TYPE')).toBeUndefined()
  await set({ NETWORK_ALERT: ['EMAIL'] })
  const id = unsubscribeIdOf(sealing, {
    userId: user.id,
    accountUserId: accountUser.id,
    category: 'monitoring',
  })
  expect((await click(`/unsubscribe/${id}`)).statusCode).toBe(200)
  expect(await stored()).toEqual({ NETWORK_ALERT: ['EMAIL'] })
})

test('the link of somebody else cannot be made of one’s own', async () => {
  const [own, other] = [await member(), await member()]
  await other.set({ TICKET_ASSIGNED: ['EMAIL'] })
  const mine = own.path.slice('/unsubscribe/'.length)
  const theirs = other.path.slice('/unsubscribe/'.length)
  const bytes = Buffer.from(mine, 'base64url')
  const named = Buffer.from(theirs, 'base64url').subarray(16)
  const forgeries = [
    Buffer.concat([bytes.subarray(0, 16), named]).toString('base64url'),
    Buffer.concat([Buffer.alloc(16), named]).toString('base64url'),
    unsubscribeIdOf(new SealingKeys([newSealingKey()]), {
      userId: other.user.id,
      accountUserId: other.accountUser.id,
      category: 'tickets',
    }),
    `${theirs}A`,
    theirs.slice(0, -1),
    `${theirs}=`,
    'a',
    randomUUID(),
    'x'.repeat(90),
  ]
  for (const id of forgeries) {
    expect(readUnsubscribeId(sealing, id)).toBeUndefined()
    expect((await click(`/unsubscribe/${id}`)).statusCode).toBe(404)
    expect((await open(`/unsubscribe/${id}`)).statusCode).toBe(404)
  }
  expect(await other.stored()).toEqual({ TICKET_ASSIGNED: ['EMAIL'] })
})

test('the page speaks the person’s language, and an account’s name becomes no markup', async () => {
  const { user, account, path } = await member()
  const em = server.orm.em.fork()
  await em.execute('update "user" set language = ? where id = ?', ['DE', user.id])
  await em.execute('update account set name = ? where id = ?', [
    '<script>alert("1")</script> & Söhne',
    account.id,
  ])
  const { body } = await open(path)
  expect(body).toContain('<html lang="de">')
  expect(body).toContain('E-Mails zu Tickets beenden')
  expect(body).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; Söhne')
  expect(body).not.toContain('<script')
})

test('whoever left the account reads that there is nothing to end', async () => {
  const { accountUser, path } = await member()
  await server.orm.em.fork().execute('delete from account_user where id = ?', [accountUser.id])
  for (const page of [await open(path), await click(path)]) {
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('you do not belong to this account any more')
    expect(page.body).not.toContain('<form')
  }
})
