import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { finishSlackLink } from '../contacts/slack-link.service.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import type { OutboundHttp } from '../lib/outbound-http.ts'

interface SlackCallbackParts {
  http: Pick<OutboundHttp, 'request'>
  /** With the person whose session cookie the request carries, if it carries one. */
  createContext: (request: FastifyRequest) => Promise<Context>
}

/** With a code when the person agreed, with an error when not. */
const querySchema = z.object({
  state: z.string().max(100),
  code: z.string().min(1).max(1000).optional(),
})

/**
 * Serves `/slack/callback`, where Slack leads a browser back to. It changes something although it is a GET, so it asks
 * for what only this very session was given.
 */
export function serveSlackCallback(
  app: FastifyInstance,
  { http, createContext }: SlackCallbackParts,
): void {
  app.get('/slack/callback', async (request, reply) => {
    const outcome = await finish(request).catch((error: unknown) => {
      if (!(error instanceof AppError)) request.log.error(error)
      return 'failed'
    })
    return reply.redirect(`/settings/contacts?slack=${outcome}`, 303)
  })

  async function finish(request: FastifyRequest): Promise<'linked' | 'failed'> {
    const query = querySchema.safeParse(request.query)
    const ctx = await createContext(request)
    if (!query.success || !ctx.viewer) return 'failed'
    const { state, code = null } = query.data
    await finishSlackLink(ctx, ctx.viewer, { state, code }, http)
    return 'linked'
  }
}
