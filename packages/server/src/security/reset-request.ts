import type { EntityManager } from '@mikro-orm/postgresql'

import { checkEmailAddress } from '../contacts/email-address.ts'
import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { hashOfSecret } from './secret-keys.ts'

const hourMilliseconds = 3_600_000

/**
 * Takes down that somebody forgot the password of an address. Here nothing is asked about the address, so that the
 * answer and its time are the same for every one: `ResetLinkWorker` finds out whose it is. Past the limits it is
 * answered alike, and forgotten. Source: S-C1, S-C4.
 * @throws AppError BAD_USER_INPUT for what is no address
 */
export async function requestPasswordReset(
  { em, clock, limits, origin }: Pick<Context, 'em' | 'clock' | 'limits' | 'origin'>,
  email: string,
): Promise<void> {
  const { addressKey } = checkEmailAddress(email, 'email')
  const now = clock.now()
  const { perSourceHour, perAddressHour } = limits.passwordReset
  await em.transactional(async (tx) => {
    // The source first: one that asks too much does not use up the requests of others' addresses.
    const isTaken =
      (await countWithinHour(tx, `source:${digest(origin.address)}`, perSourceHour, now)) &&
      (await countWithinHour(tx, `address:${digest(addressKey)}`, perAddressHour, now))
    if (!isTaken) return
    await tx.execute(
      `insert into password_reset_request (id, address_key, source, device, requested_at, due_at)
        values (?, ?, ?, ?, ?, ?)`,
      [newId(now), addressKey, origin.address, origin.device, now, now],
    )
  })
}

/**
 * Counts one of the few that there may be in any hour, in a single statement, so that of many at once no more get
 * through. What is refused is not counted.
 * @returns whether it is within the limit
 */
export async function countWithinHour(
  tx: EntityManager,
  key: string,
  limit: number,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - hourMilliseconds)
  const forgetAt = new Date(now.getTime() + hourMilliseconds)
  const [row] = await tx.execute<{ is_within: boolean }[]>(
    `insert into password_reset_count as c (key, times, is_within, forget_at) values (?, array[?::timestamptz], true, ?)
      on conflict (key) do update set
        times = (array(select t from unnest(c.times) as t where t > ? order by t) || excluded.times)[1:?],
        is_within = (select count(*) from unnest(c.times) as t where t > ?) < ?,
        forget_at = excluded.forget_at
      returning is_within`,
    [key, now, forgetAt, since, limit, since, limit],
  )
  return row?.is_within ?? false
}

function digest(text: string): string {
  return hashOfSecret(text).toString('hex')
}
