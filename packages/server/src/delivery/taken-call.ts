import type { Statements } from '../database/statements.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { languageOf } from '../language.ts'
import { Channel } from './channel.ts'
import { type DeliveryKey, referenceOf } from './delivery-reference.ts'
import type { Message, MessageKind } from './message.ts'
import type { RenderedCall } from './rendered-message.ts'
import { readStoredMessage } from './stored-message.ts'
import { renderMessage } from './texts/render-message.ts'

/** A call that somebody has just taken: what it is about, and for whom. */
export interface TakenCall {
  message: Message
  language: string
  timeZone: string
}

interface CallRow {
  message: MessageKind
  content: Record<string, unknown>
  secrets: Buffer | null
  language: string
  timeZone: string
}

interface SpeakingParts {
  statements: Pick<Statements, 'run'>
  sealing: SealingKeys
  publicUrl: URL
}

/** A code that was spoken to its end is emptied with the report that says so. */
const statement = {
  name: 'find_taken_call',
  text: `select message, content, secrets, language, time_zone as "timeZone" from delivery
    where user_id = $1 and id = $2 and channel = 'VOICE' and state in ('SENDING', 'SENT')`,
}

/** @returns null when there is no such call, or it is over */
export async function findTakenCall(
  statements: Pick<Statements, 'run'>,
  sealing: SealingKeys,
  { userId, deliveryId }: DeliveryKey,
): Promise<TakenCall | null> {
  const [row] = await statements.run<CallRow>(statement, [userId, deliveryId])
  if (!row) return null
  const { message, content, secrets, language, timeZone } = row
  return {
    message: readStoredMessage(sealing, { id: deliveryId, message, content, secrets }),
    language,
    timeZone,
  }
}

/** What a call says, put into words when the phone is picked up; null when there is no such call, or it is over. */
export async function speakTakenCall(
  { statements, sealing, publicUrl }: SpeakingParts,
  key: DeliveryKey,
): Promise<RenderedCall | null> {
  const call = await findTakenCall(statements, sealing, key)
  if (!call) return null
  const rendered = await renderMessage(Channel.VOICE, call.message, {
    language: languageOf(call.language),
    timeZone: call.timeZone,
    publicUrl,
    reference: referenceOf(sealing, key),
    deliveryId: key.deliveryId,
  })
  return rendered.channel === Channel.VOICE ? rendered : null
}
