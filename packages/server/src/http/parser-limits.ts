import type { ServerOptions } from 'node:http'

import type { FastifyInstance } from 'fastify'

import type { Limits } from '../limits.ts'

/** A head that only drips is noticed when the connections are looked through. */
const lookMilliseconds = 1000

/** What Node's parser takes, said here rather than left to its defaults. Source: S-P6. */
export function parserLimits({ request }: Limits): { http: ServerOptions; requestTimeout: number } {
  const requestTimeout = request.seconds * 1000
  return {
    http: {
      headersTimeout: request.headSeconds * 1000,
      requestTimeout,
      connectionsCheckingInterval: lookMilliseconds,
      maxHeaderSize: request.headBytes,
      insecureHTTPParser: false,
    },
    requestTimeout,
  }
}

/** Refuses a request of too many headers; Node's own bound would drop some without a word, and an Origin among them. */
export function refuseManyHeaders(app: FastifyInstance, { request: { headers } }: Limits): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.rawHeaders.length > headers * 2) void reply.code(431).send()
    else done()
  })
}
