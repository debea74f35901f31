import type { ActivityAction } from '@lanyard/contract/activity-action'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import { deedOf } from '../contacts/owner.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import type { MessageKind } from '../delivery/message.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { checkOwnPassword } from './own-password.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import { revokeAfter } from './revocations.ts'
import { acceptCode } from './second-factor-code.ts'
import { clearAttempts, countCode, forgetCodes } from './sign-in-throttle.ts'
import { bindingOfFactor, type FactorSecrets, lockSetup } from './totp-factor.ts'
import { newTotpSecret, otpauthUrl, readTotpCode, stepOfTotpCode } from './totp.ts'
import type {
  ConfirmTwoFactorSetupInput,
  DisableTwoFactorInput,
  RegenerateRecoveryCodesPayload,
  ResetTwoFactorInput,
  StartTwoFactorSetupPayload,
} from './two-factor.types.ts'

type Change = Pick<
  Context,
  'em' | 'clock' | 'origin' | 'limits' | 'sealing' | 'deliveries' | 'revokers' | 'passwords' | 'cookies'
>

/** What apps show above the codes. */
const issuer = 'Lanyard'

/**
 * Makes a secret and recovery codes, which count once a code of that secret has been typed. A second set-up replaces the
 * first; one that is left alone changes nothing. Source: S-B4.
 * @throws AppError TWO_FACTOR_ON_ALREADY
 */
export async function startTwoFactorSetup(
  { em, clock, limits, sealing }: Change,
  { userId }: Viewer,
): Promise<StartTwoFactorSetupPayload> {
  const secret = newTotpSecret()
  const { shown, key, macs } = newRecoveryCodes()
  const user = await em.findOneOrFail(User, { id: userId })
  await em.transactional(async (tx) => {
    await refuseWhenOn(tx, userId)
    const seal = (text: string, column: 'secret' | 'recovery_key') =>
      sealing.seal(text, bindingOfFactor('totp_setup', userId, column))
    await tx.execute(
      `insert into totp_setup (user_id, secret, recovery_key, recovery_macs, expires_at)
        values (?, ?, ?, array(select decode(mac, 'hex') from string_to_table(?, ',') as mac), ?)
        on conflict (user_id) do update set secret = excluded.secret, recovery_key = excluded.recovery_key,
          recovery_macs = excluded.recovery_macs, expires_at = excluded.expires_at`,
      [
        userId,
        seal(secret, 'secret'),
        seal(key, 'recovery_key'),
        inHex(macs),
        new Date(clock.now().getTime() + limits.secondFactor.setupSeconds * 1000),
      ],
    )
    await forgetCodes(tx, userId)
  })
  return { secret, otpauthUrl: otpauthUrl({ secret, issuer, label: user.username }), recoveryCodes: shown }
}

/**
 * Switches two-factor authentication on. The code that does it is used up, and other sessions, which were opened
 * without one, end.
 * @throws AppError CODE_WRONG, SETUP_EXPIRED, TWO_FACTOR_ON_ALREADY, RATE_LIMITED
 */
export async function confirmTwoFactorSetup(
  ctx: Change,
  viewer: Viewer,
  input: ConfirmTwoFactorSetupInput,
): Promise<void> {
  const { em, clock, limits, origin, sealing } = ctx
  const { userId } = viewer
  const code = readTotpCode(input.code)
  const counted = { userId, address: origin.address, isRecoveryCode: false }
  const counters = await countCode(em, clock, limits, counted)
  await em.transactional(async (tx) => {
    await refuseWhenOn(tx, userId)
    const setup = await lockSetup(tx, sealing, userId, clock.now())
    if (!setup) throw new AppError('SETUP_EXPIRED')
    const step = code === undefined ? undefined : stepOfTotpCode(setup.secret, code, clock.now())
    if (step === undefined) throw new AppError('CODE_WRONG')

    await activate(tx, ctx, userId, setup, step)
    const user = await tx.findOneOrFail(User, { id: userId })
    await settle(tx, ctx, viewer, user, 'TWO_FACTOR_ENABLED')
    await revokeAfter(tx, ctx.revokers, 'TWO_FACTOR_ENABLED', { userId, ...keptSession(viewer) })
    await clearAttempts(tx, counters)
  })
  ctx.deliveries.wake()
}

/**
 * Switches two-factor authentication off, with its recovery codes. It takes both factors, as whoever holds an open
 * browser has neither. Source: S-B7.
 * @throws AppError CREDENTIALS_WRONG, CODE_WRONG, CODE_EXHAUSTED, TWO_FACTOR_OFF, RATE_LIMITED, BAD_USER_INPUT
 */
export async function disableTwoFactor(
  ctx: Change,
  viewer: Viewer,
  { password, code }: DisableTwoFactorInput,
): Promise<void> {
  const { userId } = viewer
  // The password first: a code is used up by being tried.
  await checkOwnPassword(ctx, userId, password)
  await acceptCode(ctx, userId, code)
  await ctx.em.transactional(async (tx) => {
    await deleteFactor(tx, userId)
    const user = await tx.findOneOrFail(User, { id: userId })
    await settle(tx, ctx, viewer, user, 'TWO_FACTOR_DISABLED')
    await revokeAfter(tx, ctx.revokers, 'TWO_FACTOR_DISABLED', { userId, ...keptSession(viewer) })
  })
  ctx.deliveries.wake()
}

/**
 * Replaces the recovery codes; those before are void at the same moment.
 * @throws AppError TWO_FACTOR_OFF
 */
export async function regenerateRecoveryCodes(
  ctx: Change,
  viewer: Viewer,
): Promise<RegenerateRecoveryCodesPayload> {
  const { userId } = viewer
  const { shown, key, macs } = newRecoveryCodes()
  const recoveryKey = ctx.sealing.seal(key, bindingOfFactor('totp_factor', userId, 'recovery_key'))
  await ctx.em.transactional(async (tx) => {
    const changed: unknown[] = await tx.execute(
      'update totp_factor set recovery_key = ? where user_id = ? returning user_id',
      [recoveryKey, userId],
    )
    if (changed.length === 0) throw new AppError('TWO_FACTOR_OFF')
    await tx.execute('delete from recovery_code where user_id = ?', [userId])
    await tx.execute(
      `insert into recovery_code (user_id, mac)
        select ?, decode(mac, 'hex') from string_to_table(?, ',') as mac`,
      [userId, inHex(macs)],
    )
    const user = await tx.findOneOrFail(User, { id: userId })
    await settle(tx, ctx, viewer, user, 'RECOVERY_CODES_REGENERATED')
  })
  ctx.deliveries.wake()
  return { recoveryCodes: shown }
}

/**
 * Switches the two-factor authentication of somebody else off, who has lost the app and the recovery codes. It stands
 * in the history of both, and every session of theirs ends.
 * @throws AppError FORBIDDEN for who is no super admin, and for oneself; NOT_FOUND, TWO_FACTOR_OFF, BAD_USER_INPUT
 */
export async function resetTwoFactor(
  ctx: Change,
  viewer: Viewer,
  input: ResetTwoFactorInput,
): Promise<void> {
  const userId = checkId(input.userId, 'userId')
  if (!viewer.superAdmin || userId === viewer.userId) throw new AppError('FORBIDDEN')
  await ctx.em.transactional(async (tx) => {
    const user = await tx.findOne(User, { id: userId })
    if (!user) throw new AppError('NOT_FOUND', { field: 'userId' })
    await deleteFactor(tx, userId)
    await settle(tx, ctx, viewer, user, 'TWO_FACTOR_RESET')
    recordActivity(tx, ctx, viewer, { action: 'TWO_FACTOR_RESET', subject: user.name })
    await revokeAfter(tx, ctx.revokers, 'TWO_FACTOR_RESET', { userId })
  })
  ctx.deliveries.wake()
}

/** In the history of whose it is, and in a mail to them. */
async function settle(
  tx: EntityManager,
  ctx: Change,
  viewer: Viewer,
  user: User,
  kind: ActivityAction &
    MessageKind &
    ('TWO_FACTOR_ENABLED' | 'TWO_FACTOR_DISABLED' | 'TWO_FACTOR_RESET' | 'RECOVERY_CODES_REGENERATED'),
): Promise<void> {
  recordActivity(tx, ctx, viewer, { action: kind, subject: user.name, userId: user.id })
  await tellPrimaryEmail(tx, ctx, user, { kind, values: deedOf(ctx) })
}

async function activate(
  tx: EntityManager,
  { clock, sealing }: Change,
  userId: string,
  { secret, recoveryKey }: FactorSecrets,
  step: number,
): Promise<void> {
  const seal = (text: string, column: 'secret' | 'recovery_key') =>
    sealing.seal(text, bindingOfFactor('totp_factor', userId, column))
  await tx.execute(
    'insert into totp_factor (user_id, secret, recovery_key, last_step, enabled_at) values (?, ?, ?, ?, ?)',
    [userId, seal(secret, 'secret'), seal(recoveryKey, 'recovery_key'), step, clock.now()],
  )
  await tx.execute(
    `with setup as (delete from totp_setup where user_id = ? returning user_id, recovery_macs)
      insert into recovery_code (user_id, mac) select user_id, unnest(recovery_macs) from setup`,
    [userId],
  )
}

/** @throws AppError TWO_FACTOR_OFF when it is off, or somebody was faster */
async function deleteFactor(tx: EntityManager, userId: string): Promise<void> {
  const deleted: unknown[] = await tx.execute(
    'delete from totp_factor where user_id = ? returning user_id',
    [userId],
  )
  if (deleted.length === 0) throw new AppError('TWO_FACTOR_OFF')
}

/** @throws AppError TWO_FACTOR_ON_ALREADY */
async function refuseWhenOn(tx: EntityManager, userId: string): Promise<void> {
  const on: unknown[] = await tx.execute('select 1 from totp_factor where user_id = ?', [userId])
  if (on.length > 0) throw new AppError('TWO_FACTOR_ON_ALREADY')
}

function keptSession({ credential }: Viewer): { sessionId?: string } {
  return credential.kind === 'session' ? { sessionId: credential.sessionId } : {}
}

function inHex(macs: readonly Buffer[]): string {
  return macs.map((mac) => mac.toString('hex')).join()
}
