import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { Viewer } from '../viewer.ts'

const hourMilliseconds = 3_600_000

/** One try more, if there is one left; the first one after an hour begins the count anew. */
const countTry = {
  name: 'count_avatar_try',
  text: `insert into avatar_quota as quota (user_id, since, tries) values ($1, $2, 1)
    on conflict (user_id) do update set
      tries = case when quota.since <= $3 then 1 else quota.tries + 1 end,
      since = case when quota.since <= $3 then $2 else quota.since end
    where quota.since <= $3 or quota.tries < $4
    returning tries`,
}

const readSince = { name: 'avatar_quota_since', text: 'select since from avatar_quota where user_id = $1' }

/**
 * Counts a picture before it is taken, and before it is known whether it is one: decoding is what costs.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export async function countAvatarTry(
  { statements, clock, limits }: Pick<Context, 'statements' | 'clock' | 'limits'>,
  { userId }: Viewer,
): Promise<void> {
  const now = clock.now()
  const hourAgo = new Date(now.getTime() - hourMilliseconds)
  const counted = await statements.write(countTry, [userId, now, hourAgo, limits.avatar.perHour])
  if (counted.length > 0) return

  const [quota] = await statements.write<{ since: Date }>(readSince, [userId])
  const waitMilliseconds = (quota?.since ?? now).getTime() - hourAgo.getTime()
  throw new AppError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(waitMilliseconds / 1000)) })
}
