import { createHmac } from 'node:crypto'

import type { FastifyInstance } from 'fastify'

import { statementsOf } from '../../database/statements-of-transaction.ts'
import type { InboundParts } from './inbound-parts.ts'
import { listIn, textIn } from './json-value.ts'
import { areEqual, bytesOf, headerOf, isRecent, jsonOf, Refused } from './raw-request.ts'
import { takeEvents } from './reports.ts'
import { inTransaction } from './scene.ts'

const carrier = 'slack'

/** What Slack tells of workspaces that threw us out, and of members who did. Source: S-L4. */
export function serveSlack(routes: FastifyInstance, parts: InboundParts): void {
  const { slack } = parts.config
  if (!slack) return

  routes.post('/carriers/slack', async (request, reply) => {
    const body = bytesOf(request).toString('utf8')
    const timestamp = headerOf(request, 'x-slack-request-timestamp')
    const expected = slackSignature(slack.signingSecret.reveal(), timestamp, body)
    const isSigned = areEqual(headerOf(request, 'x-slack-signature'), expected)
    if (!isSigned || !isRecent(timestamp, parts.clock.now())) throw new Refused(401)

    const told = jsonOf(body)
    if (textIn(told, 'type') === 'url_verification')
      return reply.type('text/plain; charset=utf-8').send(textIn(told, 'challenge'))

    const gone = goneMembers(told)
    const eventId = textIn(told, 'event_id')
    const teamId = textIn(told, 'team_id')
    if (gone && eventId !== '' && teamId !== '') {
      const scene = parts.createScene(request, 'Slack')
      await inTransaction(scene, async (tx) => {
        const fresh = await takeEvents(statementsOf(tx), scene.clock, carrier, [eventId])
        if (fresh.size > 0) await parts.addresses.endSlackLinks(scene, tx, { teamId, ...gone })
      })
      scene.deliveries.wake()
    }
    return reply.code(200).send()
  })
}

/** `v0=` and the HMAC of the time and the very bytes of the body. */
export function slackSignature(signingSecret: string, timestamp: string, body: string): string {
  const text = `v0:${timestamp}:${body}`
  return `v0=${createHmac('sha256', signingSecret).update(text).digest('hex')}`
}

/** @returns undefined for other events; no members: the whole workspace, as it lost the token we send with */
function goneMembers(told: unknown): { slackUserIds?: string[] } | undefined {
  const type = textIn(told, 'event', 'type')
  if (type === 'app_uninstalled') return {}
  if (type !== 'tokens_revoked') return undefined
  if (listIn(told, 'event', 'tokens', 'bot').length > 0) return {}
  return { slackUserIds: listIn(told, 'event', 'tokens', 'oauth').map(String) }
}
