import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import type { ErrorScope } from '../errors/translate-errors.ts'
import type { Viewer } from '../viewer.ts'

export function scopeOf({ log }: Pick<FastifyInstance, 'log'>, { origin, viewer }: Context): ErrorScope {
  return scopeOfRequest({ log, id: origin.requestId }, viewer)
}

export function scopeOfRequest(
  { log, id }: Pick<FastifyRequest, 'log' | 'id'>,
  viewer: Viewer | null,
): ErrorScope {
  return {
    requestId: id,
    signedIn: viewer !== null,
    unforeseen: (error) => log.error({ err: error, requestId: id }, 'unforeseen error'),
  }
}
