import { randomInt, timingSafeEqual } from 'node:crypto'

import { proof } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'

import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'
import { type CodeChannel, type CodeSending, countSending, recordConversion } from './code-sending.ts'
import { lockOwner } from './owner.ts'

const countedMilliseconds = 24 * 3_600_000

/** A code that was sent, as the database knows it. */
interface PendingCode {
  code_mac: Buffer
  channel: CodeChannel
}

interface Address {
  userId: string
  addressId: string
}

export type Prover = Pick<Context, 'em' | 'clock' | 'limits' | 'sealing'>

/**
 * Makes the code that proves an address, in the transaction that sends it. It replaces the one before, and the wrong
 * tries stay counted: asking anew gives no more guesses. Source: S-J1; NIST SP 800-63B, 3.1.3.2.
 * @returns six digits; a text, as the first may be 0
 * @throws AppError RATE_LIMITED, VERIFICATION_CODE_EXHAUSTED
 */
export async function issueCode(
  tx: EntityManager,
  { clock, limits, sealing }: Prover,
  sending: Omit<CodeSending, 'sentAt'>,
): Promise<string> {
  const now = clock.now()
  const countedSince = new Date(now.getTime() - countedMilliseconds)
  await refuseExhausted(tx, sending, { now, countedSince, mostFailures: limits.codes.failuresPerPersonDay })
  await countSending(tx, limits.codes, { ...sending, sentAt: now })

  const code = newCode()
  const { userId, addressId, channel } = sending
  const expiresAt = new Date(now.getTime() + proof.codeMinutes * 60_000)
  await sql`insert into address_proof
      (user_id, address_id, channel, code_mac, tries, sent_at, expires_at, counted_since)
    values (${userId}, ${addressId}, ${channel}, ${macOf(sealing, sending, code)}, 0, ${now}, ${expiresAt}, ${now})
    on conflict (user_id, address_id) do update set
      channel = excluded.channel, code_mac = excluded.code_mac,
      sent_at = excluded.sent_at, expires_at = excluded.expires_at,
      tries = case when address_proof.counted_since <= ${countedSince} then 0 else address_proof.tries end,
      counted_since = case when address_proof.counted_since <= ${countedSince}
        then excluded.counted_since else address_proof.counted_since end`.execute(tx.getKysely())
  return code
}

/** Uniform over all of them. */
export function newCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0')
}

/**
 * Tries a code. The try is counted and committed before the comparison, so that parallel requests and crashes get none
 * for free, and whoever deletes the row is the one whose code was right. `settle` says in the same transaction what
 * follows from the proof; a refusal that it wants to make although the code is used up is made of its result.
 * @throws AppError BAD_USER_INPUT, VERIFICATION_CODE_WRONG, VERIFICATION_CODE_EXPIRED, VERIFICATION_CODE_EXHAUSTED
 */
export async function proveByCode<Result>(
  ctx: Prover,
  { code: typed, ...address }: Address & { code: string },
  settle: (tx: EntityManager, owner: User, channel: CodeChannel) => Promise<Result>,
): Promise<Result> {
  const code = checkCode(typed)
  const pending = await countTry(ctx, address)
  if (!isCodeOf(ctx.sealing, address, pending, code)) {
    throw new AppError('VERIFICATION_CODE_WRONG', { field: 'code' })
  }
  const settled = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, address.userId)
    // In the order in which tries are counted, so that nobody waits in a circle. A right code is no failure.
    const isUsed = await useUp(tx, address, pending)
    await tx.execute('update proof_failure set failures = greatest(failures - 1, 0) where user_id = ?', [
      address.userId,
    ])
    if (!isUsed) return null
    await recordConversion(tx, { ...address, provenAt: ctx.clock.now() })
    return { result: await settle(tx, owner, pending.channel) }
  })
  // Another request used it a moment ago, or a newer code took its place.
  if (!settled) throw new AppError('VERIFICATION_CODE_EXPIRED', { field: 'code' })
  return settled.result
}

/** An address that is removed leaves no code behind. Its owner's wrong tries stay counted. */
export async function forgetProof(tx: EntityManager, { userId, addressId }: Address): Promise<void> {
  await tx.execute('delete from address_proof where user_id = ? and address_id = ?', [userId, addressId])
}

/** Blanks are no part of it: people type it as it is read, in two groups. */
function checkCode(typed: string): string {
  const code = typed.slice(0, 20).replaceAll(/\s/g, '')
  if (code === '') throw badInput('code', 'EMPTY')
  if (!/^[0-9]{6}$/.test(code)) throw badInput('code', 'FORMAT')
  return code
}

/** In a transaction of its own. */
async function countTry({ em, clock, limits }: Prover, address: Address): Promise<PendingCode> {
  const { userId, addressId } = address
  const now = clock.now()
  const countedSince = new Date(now.getTime() - countedMilliseconds)
  const mostFailures = limits.codes.failuresPerPersonDay
  return em.fork().transactional(async (tx) => {
    const kysely = tx.getKysely()
    const pending = await sql<PendingCode>`update address_proof set
        tries = case when counted_since <= ${countedSince} then 1 else tries + 1 end,
        counted_since = case when counted_since <= ${countedSince} then ${now} else counted_since end
      where user_id = ${userId} and address_id = ${addressId} and expires_at > ${now}
        and (tries < ${proof.tries} or counted_since <= ${countedSince})
      returning code_mac, channel`.execute(kysely)
    const failure =
      await sql`insert into proof_failure (user_id, failures, since) values (${userId}, 1, ${now})
      on conflict (user_id) do update set
        failures = case when proof_failure.since <= ${countedSince} then 1 else proof_failure.failures + 1 end,
        since = case when proof_failure.since <= ${countedSince} then excluded.since else proof_failure.since end
      where proof_failure.failures < ${mostFailures} or proof_failure.since <= ${countedSince}
      returning failures`.execute(kysely)

    const [code] = pending.rows
    if (code && failure.rows.length > 0) return code
    await refuseExhausted(tx, address, { now, countedSince, mostFailures })
    throw new AppError('VERIFICATION_CODE_EXPIRED', { field: 'code' })
  })
}

/** @throws AppError VERIFICATION_CODE_EXHAUSTED with `retryAfterSeconds` */
async function refuseExhausted(
  tx: EntityManager,
  { userId, addressId }: Address,
  { now, countedSince, mostFailures }: { now: Date; countedSince: Date; mostFailures: number },
): Promise<void> {
  const { rows } = await sql<{ since: Date | null }>`select max(since) as since from (
      select counted_since from address_proof
      where user_id = ${userId} and address_id = ${addressId}
        and tries >= ${proof.tries} and counted_since > ${countedSince}
      union all
      select since from proof_failure
      where user_id = ${userId} and failures >= ${mostFailures} and since > ${countedSince}
    ) as exhausted (since)`.execute(tx.getKysely())
  const since = rows[0]?.since
  if (!since) return
  const waitMilliseconds = new Date(since).getTime() + countedMilliseconds - now.getTime()
  throw new AppError('VERIFICATION_CODE_EXHAUSTED', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMilliseconds / 1000)),
  })
}

async function useUp(
  tx: EntityManager,
  { userId, addressId }: Address,
  { code_mac: mac }: PendingCode,
): Promise<boolean> {
  const { rows } = await sql`delete from address_proof
    where user_id = ${userId} and address_id = ${addressId} and code_mac = ${mac}
    returning 1`.execute(tx.getKysely())
  return rows.length > 0
}

const purpose = 'proof'

/** Bound to the person, the row and the channel: it proves nothing else. */
function textOf({ userId, addressId }: Address, channel: CodeChannel, code: string): string {
  return `${userId}:${addressId}:${channel}:${code}`
}

function macOf(
  sealing: SealingKeys,
  { channel, ...address }: Omit<CodeSending, 'sentAt'>,
  code: string,
): Buffer {
  return sealing.sign(purpose, textOf(address, channel, code))
}

function isCodeOf(sealing: SealingKeys, address: Address, pending: PendingCode, code: string): boolean {
  return sealing
    .signatures(purpose, textOf(address, pending.channel, code))
    .some((mac) => timingSafeEqual(mac, pending.code_mac))
}
