import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Config } from '../config.ts'
import { type Card, vCardOf } from '../lib/vcard.ts'

/** Reserved for examples: in the demonstration nobody is called from them, and nobody else has them. */
const demonstrationNumbers = ['+12025550100', '+12025550101']

type SenderConfig = Pick<Config, 'mail' | 'twilio' | 'catcher'>

/**
 * Serves `/sender-card.vcf`, which a person puts into the phone's contacts: calls and texts from us have a name then,
 * and may ring through Do Not Disturb. For who is signed in; 404 while there is no number to call from. Source: A18.
 */
export function serveSenderCard(
  app: FastifyInstance,
  config: SenderConfig,
  hasSession: (request: FastifyRequest) => Promise<boolean>,
): void {
  const card = senderCard(config)
  app.get('/sender-card.vcf', async (request, reply) => {
    if (!(await hasSession(request))) return reply.code(401).send()
    if (!card) return reply.code(404).send()
    return reply
      .header('content-type', 'text/vcard; charset=utf-8')
      .header('content-disposition', 'attachment; filename="sender-card.vcf"')
      .send(vCardOf(card))
  })
}

function senderCard({ mail, twilio, catcher }: SenderConfig): Card | undefined {
  const own = twilio ? [...twilio.from, ...(twilio.whatsappFrom ? [twilio.whatsappFrom] : [])] : []
  const numbers = own.length === 0 && catcher ? demonstrationNumbers : [...new Set(own)]
  if (numbers.length === 0) return undefined
  const { name, address } = mailboxOf(mail.from)
  return { name, numbers, email: address }
}

/** `Lanyard <lanyard@example.com>`, or the address alone. */
function mailboxOf(from: string): { name: string; address: string } {
  const { name, address = from } = /^(?<name>[^<>]+) <(?<address>[^<>]+)>$/.exec(from)?.groups ?? {}
  return { name: name ?? address, address }
}
