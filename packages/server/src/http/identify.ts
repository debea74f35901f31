import type { FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { findSession } from '../security/find-session.ts'
import { findToken } from '../tokens/find-token.ts'
import type { Viewer } from '../viewer.ts'
import { type CookieNames, sessionKeyOf } from './cookies.ts'

type Lookup = Pick<Context, 'statements' | 'clock' | 'limits'>

/** The token of a header that reads `Bearer <token>`; an empty string for any other scheme. */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  return /^Bearer ([^\s]{1,200})$/i.exec(authorization)?.[1] ?? ''
}

/** A token that is not known is a refusal; a session that has ended is merely nobody. */
export class InvalidToken extends AppError {
  constructor() {
    super('UNAUTHENTICATED')
  }
}

/**
 * Who sends this request. A token counts in the header only.
 * @throws AppError BAD_REQUEST with both a cookie and a token: neither is silently preferred; InvalidToken
 */
export async function identify(
  ctx: Lookup,
  request: FastifyRequest,
  names: CookieNames,
): Promise<Viewer | null> {
  const token = bearerTokenOf(request.headers.authorization)
  const sessionKey = sessionKeyOf(request, names)
  if (token !== undefined) {
    if (sessionKey !== undefined) throw new AppError('BAD_REQUEST', { field: 'authorization' })
    return requireToken(ctx, token)
  }
  return sessionKey === undefined ? null : findSession(ctx, sessionKey)
}

/** @throws InvalidToken */
export async function requireToken(ctx: Lookup, token: string): Promise<Viewer> {
  const viewer = await findToken(ctx, token)
  if (!viewer) throw new InvalidToken()
  return viewer
}
