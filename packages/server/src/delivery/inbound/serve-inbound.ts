import type { FastifyInstance } from 'fastify'

import { Callers } from './callers.ts'
import type { InboundParts } from './inbound-parts.ts'
import { serveMailgun } from './mailgun.ts'
import { servePostmark } from './postmark.ts'
import { serveSendGrid } from './sendgrid.ts'
import { serveSes } from './ses.ts'
import { serveSlack } from './slack.ts'
import { serveTwilio } from './twilio.ts'

/**
 * Serves what carriers tell us, for each carrier that is configured. No cookie is read here. Refusals say nothing, and
 * nothing of what was sent gets into the log.
 */
export function serveInbound(app: FastifyInstance, parts: InboundParts): void {
  const { limits, clock } = parts
  const callers = new Callers(limits, clock)
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: limits.bodyBytes },
      (_request, body, parsed) => parsed(null, body),
    )
    routes.addHook('onRequest', (request, reply, next) => {
      const status = callers.enter(request.ip)
      if (status !== undefined) {
        void reply
          .code(status)
          .header('retry-after', status === 429 ? 60 : 1)
          .send()
        return
      }
      reply.raw.once('close', () => callers.leave(request.ip))
      next()
    })
    routes.setErrorHandler((error, request, reply) => {
      const status = statusOf(error)
      if (status >= 500) {
        request.log.error({ err: error, requestId: request.id }, 'unforeseen error at a carrier’s request')
        return reply.code(500).send()
      }
      callers.countRefusal(request.ip)
      return reply.code(status).send()
    })

    serveTwilio(routes, parts)
    serveSes(routes, parts)
    servePostmark(routes, parts)
    serveSendGrid(routes, parts)
    serveMailgun(routes, parts)
    serveSlack(routes, parts)
    done()
  })
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
}
