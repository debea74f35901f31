import type { FastifyRequest } from 'fastify'

import type { Context, RequestOrigin } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { findSession, type SessionUses } from '../security/find-session.ts'
import { findToken, type TokenUses } from '../tokens/find-token.ts'
import type { Viewer } from '../viewer.ts'
import { type CookieNames, sessionKeyOf } from './cookies.ts'

/** What finding out who asks needs of the process. */
export interface IdentificationContext extends Pick<Context, 'statements' | 'clock' | 'limits'> {
  sessionUses: SessionUses
  tokenUses: TokenUses
  /** What a request of that origin carries, as long as nobody knows whose it is. */
  sceneOf(origin: RequestOrigin): Context
}

/** What a request shows of who sends it. */
export type Credential = { kind: 'session'; key: string } | { kind: 'token'; token: string }

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
 * The cookie or token of a request. A token counts in the header only.
 * @throws AppError BAD_REQUEST with both, or with two headers: none is silently preferred
 */
export function credentialOf(request: FastifyRequest, names: CookieNames): Credential | null {
  const token = bearerTokenOf(request.headers.authorization)
  const key = sessionKeyOf(request.cookies, names)
  if (token !== undefined) {
    if (key !== undefined || isRepeated(request, 'authorization')) {
      throw new AppError('BAD_REQUEST', { field: 'authorization' })
    }
    return { kind: 'token', token }
  }
  return key === undefined ? null : { kind: 'session', key }
}

/** Node keeps the first of two such headers, and a proxy before us may have looked at the other. */
function isRepeated({ raw }: FastifyRequest, header: string): boolean {
  return (raw.headersDistinct[header]?.length ?? 0) > 1
}

/** @throws InvalidToken */
export async function identify(
  ctx: IdentificationContext,
  credential: Credential | null,
  originOf: () => RequestOrigin,
): Promise<Viewer | null> {
  if (!credential) return null
  return credential.kind === 'token'
    ? requireToken(ctx, credential.token, originOf)
    : findSession(ctx, credential.key, () => ctx.sceneOf(originOf()))
}

/** @throws InvalidToken */
export async function requireToken(
  ctx: IdentificationContext,
  token: string,
  originOf: () => RequestOrigin,
): Promise<Viewer> {
  const viewer = await findToken(ctx, token, originOf)
  if (!viewer) throw new InvalidToken()
  return viewer
}
