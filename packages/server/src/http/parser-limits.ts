import type { ServerOptions } from 'node:http'

import type { FastifyInstance } from 'fastify'

/** So long the head of a request may take; the whole of it, `requestMilliseconds`. */
const headMilliseconds = 10_000
export const requestMilliseconds = 30_000
/** A head that only drips is noticed when the connections are looked through. */
const lookMilliseconds = 1000

const headBytes = 16_384
const mostHeaders = 100

/** What Node's parser takes, said here rather than left to its defaults. Source: S-P6. */
export const parserLimits: ServerOptions = {
  headersTimeout: headMilliseconds,
  requestTimeout: requestMilliseconds,
  connectionsCheckingInterval: lookMilliseconds,
  maxHeaderSize: headBytes,
  insecureHTTPParser: false,
}

/** Refuses a request of too many headers; Node's own bound would drop some without a word, and an Origin among them. */
export function refuseManyHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.raw.rawHeaders.length > mostHeaders * 2) void reply.code(431).send()
    else done()
  })
}
