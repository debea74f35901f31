import type { SealingKeys } from '../sealing-keys.ts'
import { bindingOfDelivery } from './delivery-desk.ts'
import type { Message, MessageKind } from './message.ts'

interface StoredMessage {
  id: string
  message: MessageKind
  content: Record<string, unknown>
  secrets: Buffer | null
}

/**
 * The message of a row of `delivery`, as the desk took it in.
 * @throws Error when none of our keys opens its secrets
 */
export function readStoredMessage(
  sealing: SealingKeys,
  { id, message: kind, content: values, secrets }: StoredMessage,
): Message {
  const opened = secrets && { secrets: JSON.parse(sealing.open(secrets, bindingOfDelivery(id))) as unknown }
  // The desk takes kinds with their own values only.
  return { kind, values, ...opened } as Message
}
