import type { StatementPool } from '../database/statements.ts'
import { languageOf } from '../language.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { Channel } from './channel.ts'
import { type DeliveryKey, referenceOf } from './delivery-reference.ts'
import type { MessageKind } from './message.ts'
import type { RenderedCall } from './rendered-message.ts'
import { readStoredMessage } from './stored-message.ts'
import { renderMessage } from './texts/render-message.ts'

interface CallRow {
  id: string
  message: MessageKind
  content: Record<string, unknown>
  secrets: Buffer | null
  language: string
  timeZone: string
}

/** A call that has been handed over and has not ended. */
const findStatement = {
  name: 'find_call',
  text: `select id, message, content, secrets, language, time_zone as "timeZone" from delivery
    where user_id = $1 and id = $2 and channel = '${Channel.VOICE}' and state in ('SENDING', 'SENT')`,
}

interface Parts {
  statements: StatementPool
  sealing: SealingKeys
  publicUrl: URL
}

/** What a call says, put into words when the phone is picked up; null when there is no such call, or it is over. */
export async function spokenMessage(
  { statements, sealing, publicUrl }: Parts,
  key: DeliveryKey,
): Promise<RenderedCall | null> {
  const [row] = await statements.run<CallRow>(findStatement, [key.userId, key.deliveryId])
  if (!row) return null
  const reference = referenceOf(sealing, key)
  const scene = {
    language: languageOf(row.language),
    timeZone: row.timeZone,
    publicUrl,
    reference,
    deliveryId: row.id,
  }
  const rendered = await renderMessage(Channel.VOICE, readStoredMessage(sealing, row), scene)
  return rendered.channel === Channel.VOICE ? rendered : null
}
