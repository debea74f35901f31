import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, expect, test, vi } from 'vitest'
import { createTestServer } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import type { AddressQuery } from '../delivery/destination.ts'
import { addressBook } from './address-book.ts'
import { emailBook } from './email-book.ts'
import { phoneBook } from './phone-book.ts'
import type { ChannelBook } from './channel-book.ts'

const server = await createTestServer()
const kysely = () => server.orm.em.fork().getKysely()
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const book = addressBook([emailBook(statements), phoneBook(statements)])

const number = '+12025550142'
const user = await server.build.user({ email: 'Pat@example.com', phone: { number, country: 'US' } })
const { data } = await (await server.as(user)).query('{ me { emails { id } phones { id } } }')
const emailId = String(data.me.emails[0].id)
const phoneId = String(data.me.phones[0].id)

function asked(channel: CarriedChannel, given: Partial<AddressQuery> = {}): AddressQuery {
  const isMail = channel === Channel.EMAIL
  return {
    userId: user.id,
    channel,
    addressId: isMail ? emailId : phoneId,
    address: isMail ? 'Pat@example.com' : number,
    forProof: false,
    ...given,
  }
}

async function unproven(table: 'email' | 'phone', address: string): Promise<string> {
  const id = randomUUID()
  const columns = table === 'email' ? sql`address, address_key` : sql`number, country`
  const values = table === 'email' ? sql`${address}, ${address}` : sql`${address}, 'US'`
  await sql`insert into ${sql.table(table)} (user_id, id, created_at, ${columns})
    values (${user.id}, ${id}, now(), ${values})`.execute(kysely())
  return id
}

async function block(channel: string, key: string, reason: string): Promise<void> {
  await sql`insert into blocked_address (channel, address_key, reason, blocked_at)
    values (${channel}, ${key}, ${reason}, now())`.execute(kysely())
}

const unprovenYet = { usable: false, reason: 'ADDRESS_UNPROVEN' }
const gone = { usable: false, reason: 'ADDRESS_GONE' }

test('proven addresses are told as their carriers need them, in the order of the questions', async () => {
  const phone = (channel: string) => ({ usable: true, to: { channel, number, country: 'US' } })
  const email = { usable: true, to: { channel: 'EMAIL', address: 'Pat@example.com' } }
  const run = vi.spyOn(statements, 'run')
  const questions = [
    asked(Channel.VOICE),
    asked(Channel.EMAIL),
    asked(Channel.SMS),
    asked(Channel.EMAIL),
    asked(Channel.WHATSAPP),
  ]
  expect(await book.look(questions)).toEqual([
    phone('VOICE'),
    email,
    phone('SMS'),
    email,
    phone('WHATSAPP'),
  ])
  expect(run).toHaveBeenCalledTimes(2)
  run.mockRestore()
  expect(await book.look([])).toEqual([])
})

test('an address that is unproven, or somebody else’s, or not there takes nothing', async () => {
  const stranger = await server.build.user()
  const newEmail = await unproven('email', 'new@example.com')
  const newPhone = await unproven('phone', '+12125550107')
  expect(
    await book.look([
      asked(Channel.EMAIL, { addressId: newEmail }),
      asked(Channel.SMS, { addressId: newPhone }),
      asked(Channel.EMAIL, { userId: stranger.id }),
      asked(Channel.SMS, { userId: stranger.id }),
      asked(Channel.EMAIL, { addressId: randomUUID() }),
      asked(Channel.VOICE, { addressId: randomUUID() }),
      asked(Channel.SMS, { addressId: null }),
      asked(Channel.PUSH),
    ]),
  ).toEqual([unprovenYet, unprovenYet, gone, gone, gone, gone, gone, gone])
  // Its code is what proves it.
  expect(
    await book.look([
      asked(Channel.EMAIL, { addressId: newEmail, forProof: true }),
      asked(Channel.VOICE, { addressId: newPhone, forProof: true }),
      asked(Channel.SMS, { addressId: randomUUID(), forProof: true }),
    ]),
  ).toEqual([
    { usable: true, to: { channel: 'EMAIL', address: 'new@example.com' } },
    { usable: true, to: { channel: 'VOICE', number: '+12125550107', country: 'US' } },
    gone,
  ])
})

test('a removed mailbox is told so, unless it is blocked', async () => {
  const removed = (address: string) => asked(Channel.EMAIL, { addressId: null, address })
  await block('EMAIL', 'bounced@example.com', 'BOUNCE')
  expect(await book.look([removed('Was@example.com'), removed('Bounced@example.com')])).toEqual([
    { usable: true, to: { channel: 'EMAIL', address: 'Was@example.com' } },
    { usable: false, reason: 'ADDRESS_BLOCKED' },
  ])
})

test('a blocked address takes codes only, for whoever holds it and on that channel alone', async () => {
  await block('EMAIL', 'pat@example.com', 'COMPLAINT')
  await block('SMS', number, 'OPTED_OUT')
  expect(
    await book.look([
      asked(Channel.EMAIL),
      asked(Channel.SMS),
      asked(Channel.VOICE),
      asked(Channel.EMAIL, { forProof: true }),
      asked(Channel.SMS, { forProof: true }),
    ]),
  ).toEqual([
    { usable: false, reason: 'ADDRESS_BLOCKED' },
    { usable: false, reason: 'OPTED_OUT' },
    expect.objectContaining({ usable: true }),
    expect.objectContaining({ usable: true }),
    expect.objectContaining({ usable: true }),
  ])
})

test('a book of another channel is asked beside them, and forgets its own', async () => {
  const forgotten: AddressQuery[] = []
  const to = { channel: Channel.SLACK, token: 'xoxb-sample', slackUserId: 'U1', teamId: 'T1' } as const
  const slackBook: ChannelBook = {
    channels: [Channel.SLACK],
    look: async (queries) => queries.map(() => ({ usable: true, to })),
    forget: async (query) => void forgotten.push(query),
  }
  const whole = addressBook([slackBook])
  expect(await whole.look([asked(Channel.SLACK), asked(Channel.EMAIL)])).toEqual([
    { usable: true, to },
    gone,
  ])
  await whole.forget(asked(Channel.SLACK))
  await whole.forget(asked(Channel.EMAIL))
  expect(forgotten).toEqual([asked(Channel.SLACK)])
})
