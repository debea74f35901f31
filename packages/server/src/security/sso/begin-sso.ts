import { Account } from '../../accounts/account.entity.ts'
import { checkSameOriginPath } from '../../accounts/landing.service.ts'
import type { Context } from '../../context.ts'
import { AppError } from '../../errors/app-error.ts'
import { isId } from '../../lib/ids.ts'
import type { Viewer } from '../../viewer.ts'
import { hashOfSecret, newSecretKey } from '../secret-keys.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import { requireManaged } from './sso-connection.service.ts'
import { type SsoBeginner, countSsoStart } from '../sign-in-throttle.ts'
import type { SsoContext } from './sso-protocol.ts'
import { signOnProtocols } from './sso-protocols.ts'
import { browserKeyOf, keepRequest, requestSeconds, type SsoPurpose } from './sso-request.ts'

type Beginning = SsoContext & Pick<Context, 'cookies' | 'viewer' | 'limits' | 'origin'>

interface Wish {
  purpose: SsoPurpose
  /** Where the person wants to be afterwards; not followed when it leads elsewhere. */
  next: string | null
}

/**
 * Sends a browser to the provider of a connection.
 * @returns where it goes
 * @throws AppError NOT_FOUND for a connection that members do not come through; RATE_LIMITED, SSO_UNAVAILABLE; and what
 *   the purpose asks for: to try a connection one manages its account, to prove again who one is one came through it
 */
export async function beginSso(
  ctx: Beginning,
  connectionId: string,
  { purpose, next }: Wish,
): Promise<string> {
  const connection = isId(connectionId) ? await ctx.em.findOne(SsoConnection, { id: connectionId }) : null
  if (!connection || !ctx.cookies) throw new AppError('NOT_FOUND')
  const viewer = await requireRight(ctx, connection, purpose)
  await countSsoStart(ctx.em, ctx.clock, ctx.limits, await beginnerOf(ctx))

  const state = newSecretKey()
  const browserKey = browserKeyOf(ctx)
  const protocol = signOnProtocols[connection.protocol]
  const { url, details } = await protocol.begin(ctx, connection, {
    state,
    forceLogin: purpose === 'STEP_UP',
  })
  const request = {
    accountId: connection.accountId,
    connectionId: connection.id,
    connectionChangedAt: connection.changedAt,
    purpose,
    unsolicited: false,
    userId: viewer?.userId ?? null,
    sessionId: viewer?.credential.kind === 'session' ? viewer.credential.sessionId : null,
    nextPath: next === null ? null : pathOfOurs(next),
    browserHash: hashOfSecret(browserKey),
    createdAt: ctx.clock.now(),
  }
  await keepRequest(ctx, state, request, details)
  ctx.cookies.beginSso(browserKey, requestSeconds)
  return url
}

/** Whose going to a provider it is, to count it: known by the session, by the browser, or by the address alone. */
export async function beginnerOf({
  em,
  viewer,
  cookies,
  origin,
}: Pick<Context, 'em' | 'viewer' | 'cookies' | 'origin'>): Promise<SsoBeginner> {
  const { address } = origin
  const deviceKey = cookies?.deviceKey
  if (viewer || deviceKey === undefined) {
    return { userId: viewer?.userId, knownDevice: undefined, address }
  }
  const known: unknown[] = await em.execute('select 1 from known_device where hash = ?', [
    hashOfSecret(deviceKey),
  ])
  return { userId: undefined, knownDevice: known.length > 0 ? deviceKey : undefined, address }
}

/** The connection that members of an account begin with under its name. @throws AppError NOT_FOUND */
export async function findByName({ em }: Pick<Context, 'em'>, signInName: string): Promise<string> {
  const account = await em.findOne(Account, { signInName: signInName.toLowerCase() })
  if (!account?.ssoConnectionId) throw new AppError('NOT_FOUND')
  return account.ssoConnectionId
}

/** @returns who asks, where only they may come back */
async function requireRight(
  { em, viewer }: Beginning,
  connection: SsoConnection,
  purpose: SsoPurpose,
): Promise<Viewer | null> {
  if (purpose === 'STEP_UP') return requireCameThrough({ em, viewer }, connection)
  if (purpose === 'TEST') return requireTester({ em, viewer }, connection)
  const isActive = await em.count(Account, { id: connection.accountId, ssoConnectionId: connection.id })
  if (isActive === 0) throw new AppError('NOT_FOUND')
  return null
}

/** @throws AppError UNAUTHENTICATED; NOT_FOUND in a session that did not come through the connection */
export async function requireCameThrough(
  { em, viewer }: Pick<Context, 'em' | 'viewer'>,
  { id }: SsoConnection,
): Promise<Viewer> {
  if (viewer?.credential.kind !== 'session') throw new AppError('UNAUTHENTICATED')
  const came: unknown[] = await em.execute(
    'select 1 from session_account where user_id = ? and session_id = ? and connection_id = ?',
    [viewer.userId, viewer.credential.sessionId, id],
  )
  if (came.length === 0) throw new AppError('NOT_FOUND')
  return viewer
}

/** @throws AppError UNAUTHENTICATED, NOT_FOUND, FORBIDDEN */
export async function requireTester(
  { em, viewer }: Pick<Context, 'em' | 'viewer'>,
  { accountId }: SsoConnection,
): Promise<Viewer> {
  if (viewer?.credential.kind !== 'session') throw new AppError('UNAUTHENTICATED')
  await requireManaged(em, viewer, accountId)
  return viewer
}

function pathOfOurs(next: string): string | null {
  try {
    return checkSameOriginPath(next, 'next')
  } catch {
    return null
  }
}
