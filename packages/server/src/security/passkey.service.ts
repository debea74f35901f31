import { lengths, passkeysPerUser } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'

import { recordActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { checkId, checkText, present } from '../lib/text-input.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { completeSignIn, type SignInContext, type SignInOutcome } from './complete-sign-in.ts'
import { newChallenge, consumeChallenge } from './passkey-challenge.ts'
import { acceptPasskey, refuseUnverified } from './passkey-proof.ts'
import { passkeyProviders } from './passkey-providers.ts'
import { challengeOf, readRegistration } from './passkey-response.ts'
import type {
  AddPasskeyInput,
  RemovePasskeyInput,
  RenamePasskeyInput,
  SignInWithPasskeyInput,
} from './passkey.types.ts'
import { findPendingSignIn } from './pending-sign-in.ts'
import { relyingPartyOf, userHandleOf } from './relying-party.ts'
import { revokeAfter } from './revocations.ts'
import { SignInMethod } from './session.entity.ts'

type Change = Pick<
  Context,
  'em' | 'clock' | 'origin' | 'limits' | 'config' | 'deliveries' | 'revokers' | 'cookies' | 'viewer'
>

/** EdDSA, ES256 and RS256: every authenticator has one of them. */
const algorithms = [-8, -7, -257]

/**
 * What a browser makes a passkey of. It has to be one that finds its person by itself and verifies them.
 * @throws AppError PASSKEY_LIMIT_REACHED
 */
export async function startPasskeyRegistration(ctx: Change, { userId }: Viewer): Promise<object> {
  const { em, config, limits } = ctx
  const relyingParty = relyingPartyOf(config)
  const user = await em.findOneOrFail(User, { id: userId })
  const existing = await credentialsOf(em, userId)
  if (existing.length >= passkeysPerUser) throw new AppError('PASSKEY_LIMIT_REACHED')
  return generateRegistrationOptions({
    rpName: relyingParty.name,
    rpID: relyingParty.id,
    userID: userHandleOf(userId),
    userName: user.username,
    userDisplayName: user.name,
    challenge: await newChallenge(ctx, 'REGISTER', userId),
    timeout: limits.secondFactor.challengeSeconds * 1000,
    attestationType: 'none',
    excludeCredentials: existing,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  })
}

/**
 * Adds the passkey that was made for the viewer.
 * @returns its id
 * @throws AppError PASSKEY_REFUSED, PASSKEY_LIMIT_REACHED, BAD_USER_INPUT
 */
export async function addPasskey(ctx: Change, viewer: Viewer, input: AddPasskeyInput): Promise<string> {
  const { userId } = viewer
  const givenName = present(input.name) ? checkName(input.name) : undefined
  const response = readRegistration(input.response)
  const challenge = challengeOf(response)
  if (!(await consumeChallenge(ctx, 'REGISTER', userId, challenge))) throw new AppError('PASSKEY_REFUSED')

  const relyingParty = relyingPartyOf(ctx.config)
  const { registrationInfo } = await refuseUnverified(
    verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origins,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    }),
  )
  if (!registrationInfo) throw new AppError('PASSKEY_REFUSED')

  const aaguid = /^[0-]+$/.test(registrationInfo.aaguid) ? null : registrationInfo.aaguid
  const name = givenName ?? usualName(aaguid, ctx.origin.device)
  const createdAt = ctx.clock.now()
  const id = newId(createdAt)
  const { credential, credentialBackedUp } = registrationInfo
  const credentialId = Buffer.from(credential.id, 'base64url')
  await ctx.em.transactional(async (tx) => {
    const user = await lockUser(tx, userId)
    if ((await credentialsOf(tx, userId)).length >= passkeysPerUser) {
      throw new AppError('PASSKEY_LIMIT_REACHED')
    }
    await tx.execute(
      `insert into passkey (user_id, id, name, credential_id, public_key, counter, transports, aaguid, synced, created_at)
        values (?, ?, ?, ?, ?, ?, string_to_array(?, ','), ?, ?, ?)`,
      [
        userId,
        id,
        name,
        credentialId,
        Buffer.from(credential.publicKey),
        credential.counter,
        (credential.transports ?? []).join(),
        aaguid,
        credentialBackedUp,
        createdAt,
      ],
    )
    // One that is known already is somebody's, and answers for them.
    const keys: unknown[] = await tx.execute(
      `insert into passkey_key (credential_id, user_id, passkey_id) values (?, ?, ?)
        on conflict (credential_id) do nothing returning passkey_id`,
      [credentialId, userId, id],
    )
    if (keys.length === 0) throw new AppError('PASSKEY_REFUSED')
    recordActivity(tx, ctx, viewer, { action: 'PASSKEY_ADDED', subject: name })
    await tellPrimaryEmail(tx, ctx, user, { kind: 'PASSKEY_ADDED', values: { ...deedOf(ctx), name } })
  })
  ctx.deliveries.wake()
  return id
}

/**
 * @returns the passkey's id
 * @throws AppError NOT_FOUND, BAD_USER_INPUT
 */
export async function renamePasskey(
  ctx: Change,
  viewer: Viewer,
  input: RenamePasskeyInput,
): Promise<string> {
  const id = checkId(input.passkeyId, 'passkeyId')
  const name = checkName(input.name)
  await ctx.em.transactional(async (tx) => {
    const [passkey] = await tx.execute<{ name: string }[]>(
      'select name from passkey where user_id = ? and id = ? for update',
      [viewer.userId, id],
    )
    if (!passkey) throw new AppError('NOT_FOUND', { field: 'passkeyId' })
    if (passkey.name === name) return
    await tx.execute('update passkey set name = ? where user_id = ? and id = ?', [name, viewer.userId, id])
    recordActivity(tx, ctx, viewer, {
      action: 'PASSKEY_RENAMED',
      subject: name,
      changes: [{ field: 'name', before: passkey.name, after: name }],
    })
  })
  return id
}

/**
 * Ends a passkey, and every other session, as one of them may have been opened with it.
 * @returns the passkey's id
 * @throws AppError NOT_FOUND, BAD_USER_INPUT
 */
export async function removePasskey(
  ctx: Change,
  viewer: Viewer,
  input: RemovePasskeyInput,
): Promise<string> {
  const id = checkId(input.passkeyId, 'passkeyId')
  const { userId, credential } = viewer
  await ctx.em.transactional(async (tx) => {
    const [passkey] = await tx.execute<{ name: string }[]>(
      'delete from passkey where user_id = ? and id = ? returning name',
      [userId, id],
    )
    if (!passkey) throw new AppError('NOT_FOUND', { field: 'passkeyId' })
    const user = await tx.findOneOrFail(User, { id: userId })
    const { name } = passkey
    recordActivity(tx, ctx, viewer, { action: 'PASSKEY_REMOVED', subject: name })
    await tellPrimaryEmail(tx, ctx, user, { kind: 'PASSKEY_REMOVED', values: { ...deedOf(ctx), name } })
    const kept = credential.kind === 'session' ? { sessionId: credential.sessionId } : {}
    await revokeAfter(tx, ctx.revokers, 'PASSKEY_REMOVED', { userId, ...kept })
  })
  ctx.deliveries.wake()
  return id
}

/** What a browser asks a passkey for whose person is not known yet. */
export async function startPasskeySignIn(ctx: Change): Promise<object> {
  return requestOptions(ctx, await newChallenge(ctx, 'SIGN_IN', null), [])
}

/**
 * The way in by a passkey alone: it is something one has, and it has verified its person.
 * @throws AppError PASSKEY_REFUSED, RATE_LIMITED, CREDENTIALS_WRONG for a disabled person, RECOVERY_REQUIRED
 */
export async function signInWithPasskey(
  ctx: SignInContext & Pick<Context, 'config'>,
  { response, rememberMe }: SignInWithPasskeyInput,
): Promise<SignInOutcome> {
  if (!ctx.cookies) throw new AppError('FORBIDDEN')
  const userId = await acceptPasskey(ctx, null, response)
  const user = await ctx.em.findOneOrFail(User, { id: userId })
  return completeSignIn(ctx, {
    user,
    method: SignInMethod.PASSKEY,
    isWhole: true,
    remember: rememberMe ?? false,
  })
}

/**
 * What a browser asks the passkeys of somebody for who is known already: by the sign-in they are at, or by their session.
 * @throws AppError SIGN_IN_EXPIRED when nobody is; PASSKEY_REFUSED when they have none
 */
export async function startPasskeyProof(ctx: Change): Promise<object> {
  const pending = await findPendingSignIn(ctx, 'SECOND_FACTOR')
  const { viewer } = ctx
  const userId = pending?.userId ?? (viewer?.credential.kind === 'session' ? viewer.userId : undefined)
  if (userId === undefined) throw new AppError('SIGN_IN_EXPIRED')
  const allowed = await credentialsOf(ctx.em, userId)
  if (allowed.length === 0) throw new AppError('PASSKEY_REFUSED')
  return requestOptions(ctx, await newChallenge(ctx, 'PROVE', userId), allowed)
}

interface CredentialName {
  id: string
  transports: string[]
}

function requestOptions(
  { config, limits }: Change,
  challenge: Uint8Array<ArrayBuffer>,
  allowCredentials: CredentialName[],
): Promise<object> {
  return generateAuthenticationOptions({
    rpID: relyingPartyOf(config).id,
    challenge,
    timeout: limits.secondFactor.challengeSeconds * 1000,
    userVerification: 'required',
    allowCredentials,
  })
}

/** As browsers name them. */
async function credentialsOf(em: EntityManager, userId: string): Promise<CredentialName[]> {
  const rows = await em.execute<{ credential_id: Buffer; transports: string }[]>(
    `select credential_id, array_to_string(transports, ',') as transports
      from passkey where user_id = ? order by id`,
    [userId],
  )
  return rows.map(({ credential_id: id, transports }) => ({
    id: id.toString('base64url'),
    transports: transports.split(',').filter((transport) => transport !== ''),
  }))
}

/** Passkeys of one person are added one after the other, so that their number holds. */
function lockUser(tx: EntityManager, id: string): Promise<User> {
  return tx.findOneOrFail(User, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE })
}

function checkName(name: string): string {
  return checkText(name, 'name', { max: lengths.passkeyName })
}

function usualName(aaguid: string | null, device: string): string {
  const provider = aaguid === null ? undefined : passkeyProviders[aaguid]
  return (provider === undefined ? device : `${provider}, ${device}`).slice(0, lengths.passkeyName)
}
