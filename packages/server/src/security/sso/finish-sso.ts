import { Account } from '../../accounts/account.entity.ts'
import { recordActivity } from '../../activity/record-activity.ts'
import { addEmail } from '../../contacts/email.service.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { User } from '../../users/user.entity.ts'
import type { Viewer } from '../../viewer.ts'
import { completeSignIn, type SignInContext } from '../complete-sign-in.ts'
import { findPendingSignIn } from '../pending-sign-in.ts'
import { type RenewedSession, renewSession } from '../renew-session.ts'
import { announceRevocation } from '../revocation.ts'
import { SignInMethod } from '../session.entity.ts'
import { clearSsoStart } from '../sign-in-throttle.ts'
import { beginnerOf, requireCameThrough, requireTester } from './begin-sso.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import { findIdentity, settleIdentity } from './sso-identity.ts'
import { UntrustedAnswer, type VouchedIdentity } from './sso-protocol.ts'
import type { SsoPurpose, SsoRequest } from './sso-request.ts'

type Finishing = SignInContext & Pick<Context, 'sealing' | 'mailDomains'>

/** Where single sign-on ends. */
export type SsoEnd =
  | { kind: 'ARRIVED'; path: string }
  /** Nobody was signed in or linked: an administrator wanted to see what comes back. */
  | { kind: 'TESTED'; viewer: Viewer; connectionName: string; identity: VouchedIdentity }

/** How old a proof may be that the provider was asked to take anew: its clock is not ours. */
const freshMilliseconds = 30_000

/**
 * Does what the browser was sent to the provider for, now that the provider has vouched for somebody. The request was
 * taken, in the browser that it belongs to.
 * @throws AppError SIGN_IN_EXPIRED when the connection is not any more what it was; SSO_REFUSED, and what
 *   `settleIdentity` and `completeSignIn` throw
 */
export async function finishSso(
  ctx: Finishing,
  request: SsoRequest,
  identity: VouchedIdentity,
): Promise<SsoEnd> {
  const connection = await ctx.em.findOne(SsoConnection, {
    accountId: request.accountId,
    id: request.connectionId,
    changedAt: request.connectionChangedAt,
  })
  if (!connection) throw new AppError('SIGN_IN_EXPIRED')
  if (identity.issuer !== connection.settings.issuer) throw new UntrustedAnswer('it is of another issuer')
  // As it stands before anybody is signed in.
  const beginner = await beginnerOf(ctx)
  const end = await ends[request.purpose](ctx, connection, request, identity)
  if (!request.unsolicited) await clearSsoStart(ctx.em, ctx.clock, ctx.limits, beginner)
  return end
}

const ends: Record<SsoPurpose, typeof signIn> = { SIGN_IN: signIn, STEP_UP: stepUp, TEST: test }

async function signIn(
  ctx: Finishing,
  connection: SsoConnection,
  request: SsoRequest,
  identity: VouchedIdentity,
): Promise<SsoEnd> {
  const account = await ctx.em.findOneOrFail(Account, { id: connection.accountId }, { refresh: true })
  if (account.ssoConnectionId !== connection.id) throw new AppError('SIGN_IN_EXPIRED')
  const { unsolicited, nextPath } = request
  const { user, firstEmail } = await settleIdentity(ctx, { account, connection, identity, unsolicited })
  const path = nextPath ?? '/'
  if (ctx.viewer?.userId === user.id) {
    await reachAccount(ctx, ctx.viewer, connection, identity)
    return { kind: 'ARRIVED', path }
  }
  const { viewer } = await completeSignIn(ctx, {
    user,
    method: SignInMethod.SSO,
    isWhole: true,
    remember: await wantedToBeRemembered(ctx, user),
    through: {
      accountId: account.id,
      connectionId: connection.id,
      nameId: identity.nameId,
      sessionIndex: identity.sessionIndex,
    },
  })
  if (viewer && firstEmail !== null) await offerEmail(ctx, viewer, firstEmail)
  return { kind: 'ARRIVED', path }
}

/** A person who is signed in already goes on so, and reaches one account more. */
async function reachAccount(
  ctx: Finishing,
  viewer: Viewer,
  { accountId, id }: SsoConnection,
  { nameId, sessionIndex }: VouchedIdentity,
): Promise<void> {
  const renewed = await ctx.em.transactional(async (tx) => {
    const session = await renewSession(tx, viewer)
    await tx.execute(
      `insert into session_account (user_id, session_id, account_id, connection_id, name_id, session_index, proven_at)
        values (?, ?, ?, ?, ?, ?, ?)
        on conflict (user_id, session_id, account_id) do update set connection_id = excluded.connection_id,
          name_id = excluded.name_id, session_index = excluded.session_index, proven_at = excluded.proven_at`,
      [viewer.userId, session.sessionId, accountId, id, nameId, sessionIndex, ctx.clock.now()],
    )
    // Its sockets were opened when it reached less.
    await announceRevocation(tx, session.sessionId)
    return session
  })
  hand(ctx, renewed)
}

/** As they said when they gave their password, if that is how they came. */
async function wantedToBeRemembered(ctx: Finishing, user: User): Promise<boolean> {
  const pending = await findPendingSignIn(ctx, 'SSO')
  return pending?.userId === user.id && pending.remember
}

/** Adds it as the person would, unproven and with a code on its way; what speaks against it they see when they do. */
async function offerEmail(ctx: Finishing, viewer: Viewer, address: string): Promise<void> {
  await addEmail(ctx, viewer, address).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
  })
}

async function stepUp(
  ctx: Finishing,
  connection: SsoConnection,
  request: SsoRequest,
  identity: VouchedIdentity,
): Promise<SsoEnd> {
  const viewer = requireSameSession(await requireCameThrough(ctx, connection), request)
  const { authenticatedAt } = identity
  if (!authenticatedAt || request.createdAt.getTime() - authenticatedAt.getTime() > freshMilliseconds) {
    throw new UntrustedAnswer('the person did not prove anew who they are')
  }
  const found = await findIdentity(ctx.em, { account: { id: connection.accountId }, identity })
  if (found !== viewer.userId) throw new AppError('SSO_OTHER_PERSON')

  const renewed = await ctx.em.transactional((tx) => renewSession(tx, viewer, ctx.clock.now()))
  hand(ctx, renewed)
  return { kind: 'ARRIVED', path: request.nextPath ?? '/settings/security' }
}

async function test(
  ctx: Finishing,
  connection: SsoConnection,
  request: SsoRequest,
  identity: VouchedIdentity,
): Promise<SsoEnd> {
  const viewer = requireSameSession(await requireTester(ctx, connection), request)
  await ctx.em.transactional(async (tx) => {
    const { accountId, id, changedAt, name } = connection
    const tested = await tx.nativeUpdate(
      SsoConnection,
      { accountId, id, changedAt },
      { testedAt: ctx.clock.now() },
    )
    if (tested === 0) throw new AppError('SIGN_IN_EXPIRED')
    recordActivity(tx, ctx, viewer, { action: 'SSO_CONNECTION_TESTED', subject: name, accountId })
  })
  return { kind: 'TESTED', viewer, connectionName: connection.name, identity }
}

/** @throws AppError SIGN_IN_EXPIRED when somebody else is signed in by now, or the same person anew */
function requireSameSession(viewer: Viewer, { userId, sessionId }: SsoRequest): Viewer {
  const { credential } = viewer
  const isSame =
    viewer.userId === userId && credential.kind === 'session' && credential.sessionId === sessionId
  if (!isSame) throw new AppError('SIGN_IN_EXPIRED')
  return viewer
}

function hand({ cookies }: Finishing, session: RenewedSession): void {
  cookies?.renew(session)
  cookies?.stopWaiting()
}
