import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { type Config, isLoopbackHost } from '../config.ts'
import type { Statements } from '../database/statements.ts'
import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import { isId } from '../lib/ids.ts'
import { type CaughtMessage, type OutboxFilter, outboxPage, outboxPagePolicy } from './outbox-page.ts'

const carriedChannels: readonly CarriedChannel[] = Object.values(Channel).filter(
  (channel) => channel !== Channel.IN_APP,
)

/** A program gets all that it may want at once, a page what can be looked through. */
const rows = { program: 500, page: 50 }

const listStatement = {
  name: 'caught_messages',
  text: `select id, user_id as "userId", delivery_id as "deliveryId", channel, "to", subject, text, message, at
    from caught_message
    where ($1::text is null or channel = $1)
      and ($2::text = '' or strpos(lower("to"), lower($2)) > 0 or user_id::text = lower($2))
      and ($3::uuid is null or id < $3)
    order by id desc limit $4`,
}
const mailStatement = {
  name: 'caught_mail',
  text: `select message->>'html' as html from caught_message where id = $1 and channel = 'EMAIL'`,
}

/** Mail is somebody else's page: it runs nothing, fetches nothing, and reaches nothing of ours; its links open. */
const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join(';')

/**
 * Shows what the catcher took: `/outbox` to a person, `/outbox.json` to a program. There are codes in it, so it is
 * there on request only, and answers to the names of this machine only: a page elsewhere whose name was made to lead
 * here (DNS rebinding) learns nothing. Source: decisions 9 and 29.
 */
export function serveOutbox(
  app: FastifyInstance,
  statements: Pick<Statements, 'run'>,
  { catcher }: Pick<Config, 'catcher'>,
): void {
  const list = (filter: OutboxFilter, limit: number) =>
    statements.run<CaughtMessage>(listStatement, [filter.channel, filter.to, filter.before, limit])
  const isForUs = ({ hostname }: FastifyRequest) =>
    catcher && (isLoopbackHost(hostname) || hostname === '::1')

  app.get('/outbox.json', async (request, reply) => {
    if (!isForUs(request)) return notFound(reply)
    const messages = await list(filterOf(request), rows.program)
    return messages.map(({ channel, to, subject, text, at, userId, deliveryId, message }) => {
      const html = message.channel === Channel.EMAIL ? { html: message.html } : {}
      return { channel, to, subject, text, at, userId, deliveryId, ...html, message }
    })
  })

  app.get('/outbox', async (request, reply) => {
    if (!isForUs(request)) return notFound(reply)
    const filter = filterOf(request)
    // One more than is shown tells whether there are older ones.
    const messages = await list(filter, rows.page + 1)
    const shown = messages.slice(0, rows.page)
    const older = messages.length > rows.page ? shown.at(-1)?.id : undefined
    return reply
      .header('content-security-policy', outboxPagePolicy)
      .type('text/html; charset=utf-8')
      .send(outboxPage(shown, filter, older))
  })

  app.get<{ Params: { id: string } }>('/outbox/:id/mail', async (request, reply) => {
    if (!isForUs(request) || !isId(request.params.id)) return notFound(reply)
    const [mail] = await statements.run<{ html: string }>(mailStatement, [request.params.id])
    if (!mail) return notFound(reply)
    return reply
      .header('content-security-policy', mailPolicy)
      .header('x-frame-options', 'SAMEORIGIN')
      .type('text/html; charset=utf-8')
      .send(mail.html)
  })
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
}

function filterOf({ query }: FastifyRequest): OutboxFilter {
  const { channel, to, before } = query as Partial<Record<string, unknown>>
  return {
    channel: carriedChannels.find((known) => known === channel) ?? null,
    // PostgreSQL takes no NUL in a text.
    to: typeof to === 'string' ? to.replaceAll('\0', '').trim() : '',
    before: typeof before === 'string' && isId(before) ? before : null,
  }
}
