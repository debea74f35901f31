import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { Carrier, Outcome, Parcel } from './carrier.ts'
import { Channel } from './channel.ts'
import type { Destination } from './destination.ts'
import type { RenderedMessage } from './rendered-message.ts'

/** What the columns of `caught_message` take. */
const addressLength = 254
const subjectLength = 500

/** A parcel that is handed over once more after its outcome got lost is the same message. */
const catchStatement = {
  name: 'catch_message',
  text: `insert into caught_message (id, user_id, delivery_id, channel, "to", subject, text, message, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (delivery_id) do nothing`,
}

/**
 * Takes what no carrier is configured for, and keeps it where a person at this machine can read it (`/outbox`).
 * Source: decisions 9 and 29.
 */
export class Catcher implements Carrier {
  readonly name = 'catcher'
  readonly concurrency = 20
  readonly repeatsSafely = true
  readonly #statements: Pick<StatementPool, 'write'>
  readonly #clock: Clock

  constructor(statements: Pick<StatementPool, 'write'>, clock: Clock) {
    this.#statements = statements
    this.#clock = clock
  }

  async send({ userId, deliveryId, to, message }: Parcel): Promise<Outcome> {
    const at = this.#clock.now()
    const id = newId(at)
    await this.#statements.write(catchStatement, [
      id,
      userId,
      deliveryId,
      message.channel,
      addressOf(to).slice(0, addressLength),
      subjectOf(message)?.slice(0, subjectLength) ?? null,
      textOf(message),
      JSON.stringify(message),
      at,
    ])
    return { kind: 'accepted', carrierId: deliveryId, carrierStatus: 'caught', delivered: true }
  }
}

function addressOf(to: Destination): string {
  if (to.channel === Channel.EMAIL) return to.address
  if (to.channel === Channel.PUSH) return to.endpoint
  return to.channel === Channel.SLACK ? `${to.slackUserId} in ${to.teamId}` : to.number
}

function subjectOf(message: RenderedMessage): string | undefined {
  if (message.channel === Channel.EMAIL) return message.subject
  return message.channel === Channel.PUSH ? message.title : undefined
}

/** What a reader, or a listener, gets of it. */
function textOf(message: RenderedMessage): string {
  if (message.channel === Channel.VOICE) return message.sentences.join('\n')
  return message.channel === Channel.PUSH ? message.body : message.text
}
