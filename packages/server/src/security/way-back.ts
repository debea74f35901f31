import { removedEmailDays } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'

import type { Email } from '../contacts/email.entity.ts'
import type { Mailbox } from '../contacts/owner.ts'
import { type Row, rowAs } from '../lib/read-model.ts'

type Expression = RawBuilder<unknown>

/** A mailbox in the line of those that a link for a new password may go to. */
export interface WayBack {
  id: string
  address: string
  provenAt: Date
  isRemoved: boolean
}

const dayMilliseconds = 86_400_000

/**
 * How long a link "It wasn't me" in a mail locks everything. A mailbox is kept for longer, and may be read by others
 * then.
 */
export const notMeDays = 30

const graceOfRemoved = sql`make_interval(days => ${sql.lit(removedEmailDays)})`

/**
 * The emails that a person has proven, those among them that were removed lately, the first proven first. That one was
 * theirs before any stranger came, who can neither get before it nor take it away.
 */
export async function findWaysBack(tx: EntityManager, userId: string, now: Date): Promise<WayBack[]> {
  const { rows } = await sql<WayBack>`select id, address, proven_at as "provenAt", is_removed as "isRemoved"
    from ${lineOf(sql`${userId}::uuid`, sql`${now}::timestamptz`)}
    order by proven_at, id`.execute(tx.getKysely())
  return rows.map((row) => ({ ...row, provenAt: new Date(row.provenAt) }))
}

/**
 * Begins the taking back of a user. Where it is under way, it began with the first report: what was removed lately then,
 * still is.
 */
export async function startRecovery(tx: EntityManager, userId: string, at: Date): Promise<void> {
  await sql`insert into recovery (user_id, started_at) values (${userId}, ${at})
    on conflict (user_id) do update set reset_at = null,
      started_at = case when ${isUnderWay(sql`${at}::timestamptz`)} then recovery.started_at else excluded.started_at end`.execute(
    tx.getKysely(),
  )
}

/**
 * Whether a link for a new password goes to a proven email when it is asked for. It does, but while a user is being
 * taken back: then somebody else may have proven it to come back in. The first in line may ask, and one that was proven
 * days before, unless an older one was removed lately.
 */
export async function mayAskForLink(tx: EntityManager, { userId, id }: Email, now: Date): Promise<boolean> {
  const { rows } = await sql<{ since: Date | string | null }>`select ${takingBackSince(
    sql`${userId}::uuid`,
    sql`${now}::timestamptz`,
  )} as since`.execute(tx.getKysely())
  const since = rows[0]?.since
  if (!since) return true

  const line = await findWaysBack(tx, userId, now)
  const place = line.findIndex((way) => way.id === id)
  const before = line.slice(0, place)
  const trustedUntil = new Date(since).getTime() - removedEmailDays * dayMilliseconds
  return (
    before.length === 0 ||
    (Number(line[place]?.provenAt) <= trustedUntil && !before.some(({ isRemoved }) => isRemoved))
  )
}

/** One that was removed is nobody's address any more. */
export function mailboxOf({ id, address, isRemoved }: WayBack): Mailbox {
  return { id: isRemoved ? null : id, address }
}

/** The same as rows `id`, `address`, `proven_at`, `is_removed`. */
export function lineOf(userId: Expression, now: Expression): Expression {
  const kept = rowAs('kept')
  return sql`(select id, address, verified_at as proven_at, false as is_removed
      from email where user_id = ${userId} and verified_at is not null
    union all
    select id, address, proven_at, true
      from removed_email as kept where user_id = ${userId} and ${stillCounts(kept, now)}) as line`
}

/**
 * Whether a row of `removed_email` still takes its person back. While a user is being taken back it counts as on the
 * day on which that began. An address that was proven since is its owner's, whoever that is.
 */
export function stillCounts(removed: Row, now: Expression): Expression {
  return sql`${removed.column('removed_at')} > coalesce(
      ${takingBackSince(removed.column('user_id'), now)}, ${now}) - ${graceOfRemoved}
    and not exists (select from proven_email as p where p.address_key = ${removed.column('address_key')})`
}

/** Until when, if nothing happens meanwhile. */
export function usableUntil(removed: Row, now: Expression): Expression {
  return sql`greatest(${removed.column('removed_at')}, (select coalesce(reset_at, ${now}) from recovery
    where user_id = ${removed.column('user_id')} and ${isUnderWay(now)})) + ${graceOfRemoved}`
}

/**
 * Whether a row of `removed_email` may go before its time. Not where an email would come first that was proven lately: a
 * stranger who removes the person's emails would forget them next. One is old enough once the link "It wasn't me" of
 * the mail that told of it has had its time.
 */
export function isForgettable(removed: Row, now: Expression): Expression {
  return sql`coalesce((select proven_at from ${lineOf(removed.column('user_id'), now)}
    where id <> ${removed.column('id')} order by proven_at, id limit 1)
      <= ${now} - make_interval(days => ${sql.lit(notMeDays)}), false)`
}

/**
 * Since when a user is being taken back; null when they are not. It ends when the person says that they have looked at
 * everything, or some days after the new password, in which they could.
 */
function takingBackSince(userId: Expression, now: Expression): Expression {
  return sql`(select started_at from recovery where user_id = ${userId} and ${isUnderWay(now)})`
}

function isUnderWay(now: Expression): Expression {
  return sql`(recovery.reset_at is null or recovery.reset_at > ${now} - ${graceOfRemoved})`
}
