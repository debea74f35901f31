import { vi } from 'vitest'
import { DeliveryDesk, type NewDelivery } from '../src/delivery/delivery-desk.ts'
import type { MessageKind } from '../src/delivery/message.ts'

/** What the servers of this file hand in for people, as it is before it is sealed and sent. */
export class QueuedMessages {
  readonly all: NewDelivery[] = []

  constructor() {
    const { all } = this
    // Called with the desk that the spy stands before.
    // oxlint-disable-next-line typescript/unbound-method
    const { queue } = DeliveryDesk.prototype
    vi.spyOn(DeliveryDesk.prototype, 'queue').mockImplementation(async function (
      this: DeliveryDesk,
      tx,
      delivery,
    ) {
      all.push(delivery)
      return queue.call(this, tx, delivery)
    })
  }

  /** The code that went to the address last. */
  codeTo(address: string): string {
    const secrets = this.all.findLast(
      ({ ways, message }) => ways[0].address === address && message.secrets && 'code' in message.secrets,
    )?.message.secrets
    const code = secrets && 'code' in secrets ? secrets.code : undefined
    if (code === undefined) throw new Error(`no code went to ${address}`)
    return code
  }

  /** The token of the link that went to the address last. */
  tokenTo(address: string): string {
    const secrets = this.all.findLast(
      ({ ways, message }) => ways[0].address === address && message.kind === 'PASSWORD_RESET',
    )?.message.secrets
    const token = secrets && 'token' in secrets ? secrets.token : undefined
    if (token === undefined) throw new Error(`no link went to ${address}`)
    return token
  }

  /** Where messages of a kind went, in order. */
  recipientsOf(kind: MessageKind, userId: string): string[] {
    return this.all
      .filter(({ message, userId: recipient }) => message.kind === kind && recipient === userId)
      .map(({ ways }) => ways[0].address)
  }
}

/** Six digits that are not the code. */
export function wrong(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}
