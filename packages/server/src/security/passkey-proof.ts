import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { challengeOf, readAuthentication } from './passkey-response.ts'
import { consumeChallenge } from './passkey-challenge.ts'
import { relyingPartyOf, userHandleOf } from './relying-party.ts'
import { clearAttempts, countStranger } from './sign-in-throttle.ts'

type ProofContext = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'config'>

interface StoredPasskey {
  userId: string
  id: string
  publicKey: Buffer
  /** A bigint comes as text. */
  counter: string
}

/**
 * Accepts what a passkey has signed: our newest challenge, on our own page, after it has verified its person. Whatever
 * is wrong with it, the answer is one.
 * @param userId whose it has to be; null when it is to tell who signs in
 * @returns whose it is
 * @throws AppError PASSKEY_REFUSED, RATE_LIMITED
 */
export async function acceptPasskey(
  ctx: ProofContext,
  userId: string | null,
  given: unknown,
): Promise<string> {
  const { em, clock, limits, origin } = ctx
  const counters = await countStranger(em, clock, limits.signIn, origin.address)
  const response = readAuthentication(given)
  const challenge = challengeOf(response)
  const isOurs = await consumeChallenge(ctx, userId === null ? 'SIGN_IN' : 'PROVE', userId, challenge)
  const passkey = isOurs ? await findPasskey(em, response.id) : undefined
  if (!passkey || (userId !== null && passkey.userId !== userId)) throw new AppError('PASSKEY_REFUSED')

  const { userHandle } = response.response
  // One that signs in alone has to say whose it is; of one that was asked by its id, that may be absent.
  const isNamed = userHandle === Buffer.from(userHandleOf(passkey.userId)).toString('base64url')
  if (!isNamed && (userId === null || userHandle !== undefined)) throw new AppError('PASSKEY_REFUSED')

  const relyingParty = relyingPartyOf(ctx.config)
  const { authenticationInfo } = await refuseUnverified(
    verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    }),
  )
  await noteUse(ctx, passkey, authenticationInfo)
  await clearAttempts(em, counters)
  return passkey.userId
}

/** The library throws an Error for each thing that it finds wrong. @throws AppError PASSKEY_REFUSED */
export async function refuseUnverified<Verified extends { verified: boolean }>(
  verification: Promise<Verified>,
): Promise<Verified> {
  const result = await verification.catch(() => undefined)
  if (!result?.verified) throw new AppError('PASSKEY_REFUSED')
  return result
}

async function findPasskey(em: EntityManager, credentialId: string): Promise<StoredPasskey | undefined> {
  const [passkey] = await em.execute<StoredPasskey[]>(
    `select p.user_id as "userId", p.id, p.public_key as "publicKey", p.counter
      from passkey_key k join passkey p on p.user_id = k.user_id and p.id = k.passkey_id
      where k.credential_id = ?`,
    [Buffer.from(credentialId, 'base64url')],
  )
  return passkey
}

/**
 * A counter that does not go on tells of a copy of the key, or of an answer that was held back: it is refused, and
 * nothing more is made of it, as the person could not tell either. Passkeys that are synced stay at 0.
 */
async function noteUse(
  { em, clock }: ProofContext,
  { userId, id }: StoredPasskey,
  { newCounter, credentialBackedUp }: { newCounter: number; credentialBackedUp: boolean },
): Promise<void> {
  const noted: unknown[] = await em.execute(
    `update passkey set counter = ?, synced = ?, last_used_at = ?
      where user_id = ? and id = ? and (counter < ? or (counter = 0 and ? = 0)) returning id`,
    [newCounter, credentialBackedUp, clock.now(), userId, id, newCounter, newCounter],
  )
  if (noted.length === 0) throw new AppError('PASSKEY_REFUSED')
}
