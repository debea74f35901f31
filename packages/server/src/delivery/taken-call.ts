import type { Statements } from '../database/statements.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { bindingOfDelivery } from './delivery-desk.ts'
import type { DeliveryKey } from './delivery-reference.ts'
import { isMessageKind, type Message } from './message.ts'

/** A call that somebody has just taken: what it is about, and for whom. */
export interface TakenCall {
  message: Message
  language: string
  timeZone: string
}

interface CallRow {
  message: string
  content: object
  secrets: Buffer | null
  language: string
  timeZone: string
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
  if (!row || !isMessageKind(row.message)) return null
  const { message: kind, content: values, secrets: sealed, language, timeZone } = row
  const secrets = sealed ? JSON.parse(sealing.open(sealed, bindingOfDelivery(deliveryId))) : undefined
  // A row holds what `queue` wrote: a message taken apart.
  return { message: { kind, values, secrets } as Message, language, timeZone }
}
