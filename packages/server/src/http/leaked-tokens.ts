import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { revokeLeakedToken } from '../tokens/token.service.ts'

/** A token in its JSON is 60 bytes. */
const bodyBytes = 1000

/** No answer comes sooner: ending a token takes some 5 ms more than not finding one, which nobody shall see. */
const leastMilliseconds = 50

/**
 * Serves `POST /tokens/revoke` with `{ "token": "lanyard_…" }`, for secret scanners and for whoever finds a token. The
 * token is all it asks for: no cookie is read here, so a page of another site gains nothing, and a program has no
 * Origin. The answer is 204 whether there was such a token or not.
 */
export function serveLeakedTokens(
  app: FastifyInstance,
  createContext: (request: FastifyRequest) => Context,
): void {
  app.post('/tokens/revoke', { bodyLimit: bodyBytes, errorHandler: refuse }, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    const token = tokenIn(request.body)
    if (token === undefined) return reply.code(400).send()
    await Promise.all([revokeLeakedToken(createContext(request), token), sleep(leastMilliseconds)])
    return reply.code(204).send()
  })
}

function tokenIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('token' in body)) return undefined
  return typeof body.token === 'string' ? body.token : undefined
}

/** In HTTP's own words, as a scanner speaks no GraphQL; what nobody foresaw goes on to the handler of them all. */
function refuse(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof AppError && error.code === 'RATE_LIMITED') {
    const { retryAfterSeconds = 1 } = error.details
    void reply.code(429).header('retry-after', retryAfterSeconds).send()
    return
  }
  const { statusCode = 500 } = error
  if (statusCode < 400 || statusCode >= 500) throw error
  void reply.code(statusCode).send()
}
