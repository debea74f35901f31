import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { createTestServer } from '../../test/server.ts'
import { revokers } from '../revokers.ts'
import type { User } from '../users/user.entity.ts'
import {
  type Extent,
  type Revocable,
  revocables,
  revokeAfter,
  revokedBy,
  securityEvents,
} from './revocations.ts'

const server = await createTestServer()

const extents: Record<Extent, string> = {
  all: 'all',
  others: 'all others',
  account: 'of that account',
  sockets: 'sockets only',
}

const things: Record<Revocable, string> = {
  sessions: 'sessions',
  pendingSignIns: 'half-done sign-ins',
  rememberedDevices: 'known browsers',
  resetLinks: 'links for a new password',
  tokens: 'access tokens',
  pushDevices: 'push devices',
}

/** As it stands in the documentation. */
function table(): string[] {
  return [
    `| event | ${revocables.map((revocable) => things[revocable]).join(' | ')} |`,
    `|---|${revocables.map(() => '---|').join('')}`,
    ...securityEvents.map((event) => {
      const cells = revocables.map((revocable) => {
        const extent = revokedBy[event][revocable]
        return extent ? extents[extent] : '–'
      })
      return `| \`${event}\` | ${cells.join(' | ')} |`
    }),
  ]
}

test('the documentation shows what each event ends', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../../docs/security.md'), 'utf8')
  const shown = page.split('\n').filter((line) => line.startsWith('|'))
  expect(shown).toEqual(expect.arrayContaining(table()))
})

test('there is one way to end each thing that acts for a person', () => {
  expect(revokers.map(({ revokes }) => revokes).toSorted()).toEqual([...revocables].toSorted())
})

/** Somebody with two of everything, in two accounts. */
async function somebody() {
  const user = await server.build.user()
  const [here, there] = [await server.build.member({ user }), await server.build.member({ user })]
  const [tokenHere, tokenThere] = [
    await server.build.token(here.accountUser),
    await server.build.token(there.accountUser),
  ]
  const [session, other] = [await server.build.session(user), await server.build.session(user)]
  await server.build.pushDevice(user)
  const em = server.orm.em.fork()
  const now = server.clock.now()
  const later = new Date(now.getTime() + 600_000)
  const hash = Buffer.from(user.id.replaceAll('-', ''), 'hex')
  await em.execute('insert into known_device (hash, user_id, created_at) values (?, ?, ?)', [
    hash,
    user.id,
    now,
  ])
  await em.execute(
    `insert into password_reset (hash, user_id, proven_emails, created_at, expires_at) values (?, ?, '', ?, ?)`,
    [hash, user.id, now, later],
  )
  await em.execute(
    `insert into pending_sign_in (hash, user_id, stage, method, remember, created_at, expires_at)
      values (?, ?, 'SECOND_FACTOR', 'PASSWORD', false, ?, ?)`,
    [hash, user.id, now, later],
  )
  return { user, account: here.account, session, other, tokenHere, tokenThere }
}

const tables: Record<Revocable, string> = {
  sessions: 'session',
  pendingSignIns: 'pending_sign_in',
  rememberedDevices: 'known_device',
  resetLinks: 'password_reset',
  tokens: 'personal_access_token',
  pushDevices: 'push_device',
}
const all: Record<Revocable, number> = {
  sessions: 2,
  pendingSignIns: 1,
  rememberedDevices: 1,
  resetLinks: 1,
  tokens: 2,
  pushDevices: 1,
}
const leftOf: Record<Extent, number> = { all: 0, others: 1, account: 1, sockets: 2 }

async function left({ id }: User, revocable: Revocable): Promise<number> {
  const rows = await server.orm.em
    .fork()
    .execute<unknown[]>(`select 1 from ${tables[revocable]} where user_id = ?`, [id])
  return rows.length
}

test.each(securityEvents)('%s ends what the table says, and nothing of anybody else', async (event) => {
  const { user, account, session, tokenHere } = await somebody()
  const stranger = await somebody()
  await server.orm.em
    .fork()
    .transactional((tx) =>
      revokeAfter(tx, revokers, event, { userId: user.id, accountId: account.id, sessionId: session.id }),
    )
  for (const revocable of revocables) {
    const extent = revokedBy[event][revocable]
    const what = `${event}: ${revocable}`
    expect([what, await left(user, revocable)]).toEqual([what, extent ? leftOf[extent] : all[revocable]])
    expect([what, await left(stranger.user, revocable)]).toEqual([what, all[revocable]])
  }
  const keeps = (await server.withCookie(session.key).query('{ me { id } }')).data.me !== null
  expect(keeps).toBe(revokedBy[event].sessions !== 'all')
  const works = (await server.withToken(tokenHere.token).query('{ me { id } }')).errors === undefined
  expect(works).toBe(revokedBy[event].tokens === undefined)
})
