import type { EntityManager } from '@mikro-orm/postgresql'

import { recordOwnActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { Channel } from '../delivery/channel.ts'
import type { Way } from '../delivery/delivery.entity.ts'
import { type Clock, timeForDatabase } from '../lib/clock.ts'
import type { Language } from '../language.ts'
import { BlockedReason } from './blocked-reason.ts'

/** An address on one channel, whoever holds it: mail in lower case, a phone as E.164. */
interface ChannelAddress {
  channel: Channel
  addressKey: string
}

interface Block extends ChannelAddress {
  reason: BlockedReason
  /** The carrier's own words. */
  detail: string | null
}

type Scene = Pick<Context, 'clock' | 'origin' | 'deliveries'>

/** Mail that expired so often, in so many days, and the address is blocked. Source: S-K1. */
const mostTroubles = 3
const troubleDays = 7

/**
 * Has nothing more sent to an address but codes to prove it, for everybody who holds it. What a person wants weighs
 * more than what a server said.
 * @returns whether that is news: it was not blocked, or only because it did not work
 */
export async function blockAddress(
  tx: EntityManager,
  clock: Clock,
  { channel, addressKey, reason, detail }: Block,
): Promise<boolean> {
  const rows = await tx.execute(
    `insert into blocked_address as blocked (channel, address_key, reason, detail, blocked_at)
      values (?, ?, ?, ?, coalesce(?::timestamptz, clock_timestamp()))
      on conflict (channel, address_key) do update
        set reason = excluded.reason, detail = excluded.detail, blocked_at = excluded.blocked_at
        where excluded.reason in ('COMPLAINT', 'OPTED_OUT') and blocked.reason in ('BOUNCE', 'UNDELIVERABLE')
      returning 1`,
    [channel, addressKey, reason, detail?.slice(0, 500) ?? null, timeForDatabase(clock)],
  )
  return rows.length > 0
}

export async function isBlocked(
  tx: EntityManager,
  { channel, addressKey }: ChannelAddress,
): Promise<boolean> {
  const rows = await tx.execute<object[]>(
    'select 1 from blocked_address where channel = ? and address_key = ?',
    [channel, addressKey],
  )
  return rows.length > 0
}

/**
 * Has messages sent to an address again; without a reason, forgets as well what went wrong before.
 * @param reason lifts a block of this reason only
 * @returns whether it was blocked
 */
export async function liftBlock(
  tx: EntityManager,
  { channel, addressKey }: ChannelAddress,
  reason: BlockedReason | null = null,
): Promise<boolean> {
  const rows = await tx.execute(
    `delete from blocked_address where channel = ? and address_key = ? and reason = coalesce(?, reason) returning 1`,
    [channel, addressKey, reason],
  )
  // Whoever proves it again shows that it works; START shows nothing.
  if (reason === null) {
    await tx.execute('delete from address_trouble where channel = ? and address_key = ?', [
      channel,
      addressKey,
    ])
  }
  return rows.length > 0
}

/**
 * Blocks an address and tells whoever proved it, in their history and over their other emails.
 * @param userId whose message showed it; told as well, though they may not have proven it
 */
export async function blockAndTell(
  scene: Scene,
  tx: EntityManager,
  block: Block & { userId?: string },
): Promise<void> {
  if (!(await blockAddress(tx, scene.clock, block))) return
  const { channel, reason } = block
  const action = channel === Channel.EMAIL ? 'EMAIL_BLOCKED' : 'PHONE_OPTED_OUT'
  for (const holder of await holdersOf(tx, block, block.userId ?? null)) {
    const changes = [{ field: channel.toLowerCase(), before: null, after: reason }]
    recordOwnActivity(tx, scene, { action, userId: holder.user_id, subject: holder.address, changes })
    for (const way of await otherEmails(tx, holder.user_id, block)) {
      await scene.deliveries.queue(tx, {
        userId: holder.user_id,
        message: { kind: 'ADDRESS_BLOCKED', values: { address: holder.address, reason } },
        recipient: { language: holder.language, timeZone: holder.time_zone },
        ways: [way],
      })
    }
  }
}

/** Lifts what STOP did, and nothing else, and writes it into the history of whoever proved the number. */
export async function optIn(
  scene: Pick<Context, 'clock' | 'origin'>,
  tx: EntityManager,
  phone: ChannelAddress,
): Promise<void> {
  if (!(await liftBlock(tx, phone, BlockedReason.OPTED_OUT))) return
  for (const { user_id: userId, address: subject } of await holdersOf(tx, phone, null)) {
    const changes = [{ field: phone.channel.toLowerCase(), before: BlockedReason.OPTED_OUT, after: null }]
    recordOwnActivity(tx, scene, { action: 'PHONE_OPTED_IN', userId, subject, changes })
  }
}

/** Mail that expired on its way; the third within a week blocks the address. */
export async function countTrouble(
  scene: Scene,
  tx: EntityManager,
  {
    channel,
    addressKey,
    detail,
    userId,
    deliveryId,
  }: ChannelAddress & {
    detail: string
    userId: string
    deliveryId: string
  },
): Promise<void> {
  // One after the other, or two at once would each see two.
  await tx.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${channel}:${addressKey}`])
  const at = timeForDatabase(scene.clock)
  await tx.execute(
    `insert into address_trouble (channel, address_key, key, detail, at)
      values (?, ?, ?, ?, coalesce(?::timestamptz, clock_timestamp())) on conflict do nothing`,
    [channel, addressKey, deliveryId, detail.slice(0, 500), at],
  )
  const [row] = await tx.execute<{ troubles: number }[]>(
    `select count(*)::int as troubles from address_trouble where channel = ? and address_key = ?
      and at > coalesce(?::timestamptz, clock_timestamp()) - make_interval(days => ?)`,
    [channel, addressKey, at, troubleDays],
  )
  if ((row?.troubles ?? 0) < mostTroubles) return
  await blockAndTell(scene, tx, {
    channel,
    addressKey,
    reason: BlockedReason.UNDELIVERABLE,
    detail,
    userId,
  })
}

/** The language of whoever proved a number first; undefined when nobody did. */
export async function languageOfNumber(tx: EntityManager, number: string): Promise<Language | undefined> {
  const [row] = await tx.execute<{ language: Language }[]>(
    `select language from phone join "user" on "user".id = phone.user_id
      where number = ? and verified_at is not null order by verified_at limit 1`,
    [number],
  )
  return row?.language
}

interface Holder {
  user_id: string
  /** As it was typed. */
  address: string
  language: string
  time_zone: string
}

function holdersOf(
  tx: EntityManager,
  { channel, addressKey }: ChannelAddress,
  userId: string | null,
): Promise<Holder[]> {
  return channel === Channel.EMAIL
    ? tx.execute<Holder[]>(
        `select email.user_id, email.address, language, time_zone
          from email join "user" on "user".id = email.user_id
          where address_key = ? and email.user_id in
            (select user_id from proven_email where address_key = ? union select ?::uuid)
          order by email.user_id`,
        [addressKey, addressKey, userId],
      )
    : tx.execute<Holder[]>(
        `select phone.user_id, number as address, language, time_zone
          from phone join "user" on "user".id = phone.user_id
          where number = ? and (verified_at is not null or phone.user_id = ?::uuid)
          order by phone.user_id`,
        [addressKey, userId],
      )
}

/** The proven emails of a person that work, the primary first, without the address at fault. */
async function otherEmails(
  tx: EntityManager,
  userId: string,
  { channel, addressKey }: ChannelAddress,
): Promise<Way[]> {
  const rows = await tx.execute<{ id: string; address: string }[]>(
    `select id, address from email where user_id = ? and verified_at is not null
      and not (? = 'EMAIL' and address_key = ?)
      and not exists (select from blocked_address blocked
        where blocked.channel = 'EMAIL' and blocked.address_key = email.address_key)
      order by "primary" desc, created_at`,
    [userId, channel, addressKey],
  )
  return rows.map(({ id, address }) => ({ channel: Channel.EMAIL, addressId: id, address }))
}
