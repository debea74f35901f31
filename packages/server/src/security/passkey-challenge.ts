import { randomBytes } from 'node:crypto'

import type { Context } from '../context.ts'
import { hashOfSecret } from './secret-keys.ts'

/** What a passkey is asked for: to be made, to sign somebody in, or to prove who somebody is who is known already. */
export type ChallengePurpose = 'REGISTER' | 'SIGN_IN' | 'PROVE'

/** Each new one sweeps up a few old ones, so that strangers who ask for many leave no heap behind. */
const sweptAtOnce = 10

/** Something new to sign. @param userId whose passkey it has to be; null when that shows only with the answer */
export async function newChallenge(
  { em, clock, limits }: Pick<Context, 'em' | 'clock' | 'limits'>,
  purpose: ChallengePurpose,
  userId: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32))
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + limits.secondFactor.challengeSeconds * 1000)
  await em.execute(
    `with swept as (delete from passkey_challenge where hash = any(array(
        select hash from passkey_challenge where expires_at < ? limit ${sweptAtOnce} for update skip locked)))
      insert into passkey_challenge (hash, purpose, user_id, created_at, expires_at) values (?, ?, ?, ?, ?)`,
    [now, hashOfSecret(Buffer.from(challenge).toString('base64url')), purpose, userId, now, expiresAt],
  )
  return challenge
}

/**
 * Uses a challenge up, whether the answer turns out right or not.
 * @param challenge base64url, as it stands in the answer
 * @returns whether there was such a one, for this purpose and person
 */
export async function consumeChallenge(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  purpose: ChallengePurpose,
  userId: string | null,
  challenge: string,
): Promise<boolean> {
  const used = await em.execute<{ isGood: boolean }[]>(
    `delete from passkey_challenge where hash = ?
      returning (purpose = ? and user_id is not distinct from ?::uuid and expires_at > ?) as "isGood"`,
    [hashOfSecret(challenge), purpose, userId, clock.now()],
  )
  return used[0]?.isGood ?? false
}
