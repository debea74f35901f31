import { randomUUID } from 'node:crypto'

import type { EntityManager } from '@mikro-orm/postgresql'
import { expect, test } from 'vitest'

import { createInboundBench } from '../../test/inbound-bench.ts'
import { Channel } from '../delivery/channel.ts'
import { blockAddress, blockAndTell, countTrouble, liftBlock } from './blocked-address.ts'
import { BlockedReason } from './blocked-reason.ts'

const bench = await createInboundBench({ environment: {} })
const scene = bench.createScene('192.0.2.7', 'Postmark')
const { clock } = bench
const detail = '550 5.1.1 no such user'

const inTransaction = <Result>(work: (tx: EntityManager) => Promise<Result>) =>
  bench.orm.em.fork().transactional(work)

function anEmail(): string {
  return `person.${randomUUID().slice(0, 13)}@example.com`
}

const bounced = (addressKey: string) => ({
  channel: Channel.EMAIL,
  addressKey,
  reason: BlockedReason.BOUNCE,
  detail,
})

async function addEmail(userId: string, address: string, proven: boolean): Promise<void> {
  await bench.execute(
    `insert into email (user_id, id, address, address_key, verified_at, created_at)
      values (?, ?, ?, lower(?), case when ? then now() end, now())`,
    [userId, randomUUID(), address, address, proven],
  )
}

test('a block belongs to the address and keeps its first reason, unless the person asks for it', async () => {
  const addressKey = anEmail()
  const block = (reason: BlockedReason) =>
    inTransaction((tx) => blockAddress(tx, clock, { ...bounced(addressKey), reason, detail: reason }))
  expect(await block(BlockedReason.BOUNCE)).toBe(true)
  expect(await block(BlockedReason.UNDELIVERABLE)).toBe(false)
  expect(await bench.blockOf('EMAIL', addressKey)).toEqual({ reason: 'BOUNCE', detail: 'BOUNCE' })
  expect(await block(BlockedReason.COMPLAINT)).toBe(true)
  expect(await block(BlockedReason.OPTED_OUT)).toBe(false)
  expect(await bench.blockOf('EMAIL', addressKey)).toEqual({ reason: 'COMPLAINT', detail: 'COMPLAINT' })
})

test('whoever proved it, and whoever the message was for, are told once, over emails of theirs that work', async () => {
  const address = anEmail()
  const owner = await bench.build.user({ email: address })
  const [working, broken] = [anEmail(), anEmail()]
  for (const email of [working, broken]) await addEmail(owner.id, email, true)
  await addEmail(owner.id, anEmail(), false)
  const sender = await bench.build.user()
  await addEmail(sender.id, address, false)
  const bystander = await bench.build.user()
  await addEmail(bystander.id, address, false)
  await inTransaction((tx) => blockAddress(tx, clock, bounced(broken)))

  for (let time = 0; time < 2; time++)
    await inTransaction((tx) => blockAndTell(scene, tx, { ...bounced(address), userId: sender.id }))
  expect((await bench.notices(owner.id)).map((notice) => notice.address)).toEqual([working])
  expect((await bench.notices(sender.id)).map(({ content }) => content)).toEqual([
    { address, reason: 'BOUNCE' },
  ])
  for (const { id } of [owner, sender]) {
    expect(await bench.historyOf(id)).toEqual([
      {
        action: 'EMAIL_BLOCKED',
        subject: address,
        changes: [{ field: 'email', before: null, after: 'BOUNCE' }],
        device: 'Postmark',
        actor_id: null,
      },
    ])
  }
  expect(await bench.historyOf(bystander.id)).toEqual([])
  expect(await bench.notices(bystander.id)).toEqual([])
})

test('a person without another email has it in their history only', async () => {
  const address = anEmail()
  const user = await bench.build.user({ email: address })
  await inTransaction((tx) => blockAndTell(scene, tx, bounced(address)))
  expect(await bench.notices(user.id)).toEqual([])
  expect(await bench.historyOf(user.id)).toHaveLength(1)
})

test('a lifted block leaves nothing behind that would bring it back', async () => {
  const addressKey = anEmail()
  const fail = () =>
    inTransaction((tx) =>
      countTrouble(scene, tx, {
        channel: Channel.EMAIL,
        addressKey,
        detail: '452 4.2.2 mailbox full',
        userId: randomUUID(),
        deliveryId: randomUUID(),
      }),
    )
  for (let time = 0; time < 3; time++) await fail()
  expect(await bench.blockOf('EMAIL', addressKey)).toMatchObject({ reason: 'UNDELIVERABLE' })
  const lift = () => inTransaction((tx) => liftBlock(tx, { channel: Channel.EMAIL, addressKey }))
  expect(await lift()).toBe(true)
  expect(await lift()).toBe(false)
  await fail()
  expect(await bench.blockOf('EMAIL', addressKey)).toBeUndefined()
})

test('three failures at once are three', async () => {
  const addressKey = anEmail()
  await Promise.all(
    Array.from({ length: 3 }, () =>
      inTransaction((tx) =>
        countTrouble(scene, tx, {
          channel: Channel.EMAIL,
          addressKey,
          detail,
          userId: randomUUID(),
          deliveryId: randomUUID(),
        }),
      ),
    ),
  )
  expect(await bench.blockOf('EMAIL', addressKey)).toMatchObject({ reason: 'UNDELIVERABLE' })
})
