import { proof } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'

import { Channel } from '../delivery/channel.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import type { Limits } from '../limits.ts'

export type CodeChannel = Channel.EMAIL | Channel.SMS | Channel.VOICE | Channel.WHATSAPP

/** One code on its way, with everything that codes are counted by. */
export interface CodeSending {
  userId: string
  addressId: string
  channel: CodeChannel
  /** The address as it is compared. */
  addressKey: string
  /** The number without its last four digits; the domain of a mailbox. */
  prefix: string
  /** Null for a mailbox. */
  country: string | null
  /** The network address it was asked for from. */
  source: string
  sentAt: Date
}

/** At most `most` codes in so many seconds, of those with the same value in a column; of all without one. */
interface Rule {
  column?: 'user_id' | 'address_key' | 'prefix' | 'country' | 'source'
  channels: readonly CodeChannel[]
  seconds: number
  most: number
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const phoneChannels = [Channel.SMS, Channel.VOICE, Channel.WHATSAPP] as const

/** Of all codes to phones, and of all to mailboxes: "COD1" and "COD2" as numbers. */
const phoneLock = 0x434f4431
const emailLock = 0x434f4432

/**
 * Counts a code against every limit and writes it down, in the transaction that sends it. One sending after the other:
 * everybody's count is among the limits, so that narrower locks would let no more through, and fifty requests at once
 * get exactly what is left. What is over a limit in any case does not wait for its turn.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countSending(
  tx: EntityManager,
  limits: Limits['codes'],
  sending: CodeSending,
): Promise<void> {
  await refuseOverLimits(tx, limits, sending)
  await tx.execute('select pg_advisory_xact_lock(?)', [isMail(sending) ? emailLock : phoneLock])
  await refuseOverLimits(tx, limits, sending)
  const { userId, addressId, channel, addressKey, prefix, country, source, sentAt } = sending
  await tx.execute(
    `insert into code_sending (id, user_id, address_id, channel, address_key, prefix, country, source, sent_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [newId(sentAt), userId, addressId, channel, addressKey, prefix, country, source, sentAt],
  )
}

/** The codes of the day that were sent there have come back. */
export async function recordConversion(
  tx: EntityManager,
  { userId, addressId, provenAt }: { userId: string; addressId: string; provenAt: Date },
): Promise<void> {
  await tx.execute(
    `update code_sending set proven_at = ?
      where user_id = ? and address_id = ? and proven_at is null and sent_at > ?`,
    [provenAt, userId, addressId, secondsBefore(provenAt, day)],
  )
}

async function refuseOverLimits(
  tx: EntityManager,
  limits: Limits['codes'],
  sending: CodeSending,
): Promise<void> {
  const frees = rulesFor(sending.channel, limits).map((rule) => freeAt(rule, sending))
  if (!isMail(sending)) frees.push(brakeEndsAt(limits.phones, sending))
  const { rows } = await sql<{ free_at: Date | null }>`
    select max(free_at) as free_at from (${sql.join(frees, sql` union all `)}) as limited (free_at)`.execute(
    tx.getKysely(),
  )
  const free = rows[0]?.free_at
  if (!free) return
  const waitMilliseconds = new Date(free).getTime() - sending.sentAt.getTime()
  throw new AppError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(waitMilliseconds / 1000)) })
}

function rulesFor(channel: CodeChannel, limits: Limits['codes']): Rule[] {
  if (channel === Channel.EMAIL) return emailRules(limits.emails)
  const rules = phoneRules(limits.phones)
  if (channel !== Channel.VOICE) return rules
  // A call costs several times what a text does.
  const halves = rules.map((rule) => ({
    ...rule,
    channels: [Channel.VOICE] as const,
    most: Math.max(1, Math.floor(rule.most / 2)),
  }))
  return [...rules, ...halves]
}

function phoneRules(limits: Limits['codes']['phones']): Rule[] {
  const channels = phoneChannels
  return [
    { channels, column: 'address_key', seconds: proof.resendSeconds, most: 1 },
    { channels, column: 'address_key', seconds: 10 * minute, most: limits.perNumberTenMinutes },
    { channels, column: 'address_key', seconds: day, most: limits.perNumberDay },
    { channels, column: 'user_id', seconds: day, most: limits.perPersonDay },
    { channels, column: 'source', seconds: hour, most: limits.perSourceHour },
    { channels, column: 'prefix', seconds: hour, most: limits.perPrefixHour },
    { channels, column: 'country', seconds: hour, most: limits.perCountryHour },
    { channels, seconds: day, most: limits.everybodyDay },
  ]
}

function emailRules(limits: Limits['codes']['emails']): Rule[] {
  const channels = [Channel.EMAIL] as const
  return [
    { channels, column: 'address_key', seconds: proof.resendSeconds, most: 1 },
    { channels, column: 'address_key', seconds: 10 * minute, most: limits.perAddressTenMinutes },
    { channels, column: 'address_key', seconds: day, most: limits.perAddressDay },
    { channels, column: 'user_id', seconds: day, most: limits.perPersonDay },
    { channels, column: 'source', seconds: hour, most: limits.perSourceHour },
    { channels, column: 'prefix', seconds: hour, most: limits.perDomainHour },
    { channels, seconds: day, most: limits.everybodyDay },
  ]
}

/** When the rule lets the next one through; no row when it does now. */
function freeAt({ column, channels, seconds, most }: Rule, sending: CodeSending): RawBuilder<unknown> {
  const values = {
    user_id: sending.userId,
    address_key: sending.addressKey,
    prefix: sending.prefix,
    country: sending.country,
    source: sending.source,
  }
  const same = column ? sql`${sql.ref(column)} = ${values[column]} and` : sql``
  return sql`(select sent_at + make_interval(secs => ${seconds}) from code_sending
    where ${same} sent_at > ${secondsBefore(sending.sentAt, seconds)} and channel = any(${[...channels]}::text[])
    order by sent_at desc offset ${most - 1} limit 1)`
}

/**
 * Whoever pumps codes never types one in. A prefix of whose last codes too few came back gets no more until the oldest
 * of these is a day old; a code that may still come back does not count.
 */
function brakeEndsAt(
  { brakeCodes, brakeShare }: Limits['codes']['phones'],
  { prefix, sentAt }: CodeSending,
): RawBuilder<unknown> {
  return sql`(select min(sent_at) + make_interval(secs => ${day}) from (
      select sent_at, proven_at from code_sending
      where prefix = ${prefix} and sent_at > ${secondsBefore(sentAt, day)} and channel = any(${[...phoneChannels]}::text[])
        and (proven_at is not null or sent_at <= ${secondsBefore(sentAt, proof.codeMinutes * minute)})
      order by sent_at desc limit ${brakeCodes}
    ) as latest having count(*) = ${brakeCodes} and count(proven_at) < ${brakeCodes * brakeShare})`
}

function isMail({ channel }: CodeSending): boolean {
  return channel === Channel.EMAIL
}

function secondsBefore(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() - seconds * 1000)
}
