import type { StatementPool } from '../database/statements.ts'
import { AppError } from '../errors/app-error.ts'
import { PendingValues } from '../lib/pending-values.ts'
import type { Channel } from './channel.ts'
import { isDecided } from './channels.ts'
import type { DeliveryState } from './delivery.entity.ts'
import type { DeliveryChanged } from './delivery-topic.ts'

interface Reader {
  userId: string
  id: string
  /** What the reader was told of last. */
  seen: string
  /** The delivery's id, once however often it changed meanwhile: whoever takes it reads the row as it then is. */
  pending: PendingValues<string>
}

interface DeliveryRow {
  userId: string
  id: string
  accountId: string | null
  channel: Channel
  state: DeliveryState
  attempts: number
}

const readStatement = {
  name: 'read_followed_deliveries',
  text: `select d.user_id as "userId", d.id, d.account_id as "accountId", d.channel, d.state, d.attempts
    from unnest($1::uuid[], $2::uuid[]) as f (user_id, id)
      join delivery d on d.user_id = f.user_id and d.id = f.id`,
}

/**
 * The sockets of this process that wait for what becomes of a delivery. What comes over NOTIFY is a hint: each reader
 * gets the present state first, then each change, and after a gap in the hints all are read again.
 */
export class DeliveryFeed {
  readonly #statements: StatementPool
  readonly #onError: (error: unknown) => void
  /** By the delivery. */
  readonly #readers = new Map<string, Set<Reader>>()

  constructor(statements: StatementPool, onError: (error: unknown) => void) {
    this.#statements = statements
    this.#onError = onError
  }

  /**
   * The delivery's id at once, then each time it changed; ends once it is decided, or thrown away.
   * @param reach whose it must be, and of which accounts it may be; null is what belongs to none
   * @throws AppError NOT_FOUND
   */
  async follow(
    id: string,
    reach: { userId: string; reaches: (accountId: string | null) => boolean },
  ): Promise<AsyncIterableIterator<string>> {
    const { userId } = reach
    const pending = new PendingValues<string>(1, () => this.#remove(reader))
    const reader: Reader = { userId, id, seen: '', pending }
    // Listening begins before the row is read, so that no change falls between the two.
    this.#add(reader)
    try {
      const [row] = await this.#read([reader])
      if (!row || !reach.reaches(row.accountId)) throw new AppError('NOT_FOUND', { field: 'id' })
      this.#tell(row)
    } catch (error) {
      pending.end()
      throw error
    }
    return pending
  }

  /** Takes a message of the `delivery_changed` channel. */
  receive(payload: string): void {
    // Written by whatever changes a delivery, in this very shape.
    const changed = JSON.parse(payload) as DeliveryChanged
    if (this.#readers.has(changed.id)) this.#readAgain([changed]).catch(this.#onError)
  }

  /** Reads all that somebody waits for: messages may have been missed. */
  readAllAgain(): void {
    const followed = [...this.#readers.values()].flatMap((readers) => [...readers])
    if (followed.length > 0) this.#readAgain(followed).catch(this.#onError)
  }

  async #readAgain(followed: readonly DeliveryChanged[]): Promise<void> {
    const rows = await this.#read(followed)
    for (const row of rows) this.#tell(row)
    const there = new Set(rows.map(({ id }) => id))
    for (const { id } of followed) {
      if (there.has(id)) continue
      for (const { pending } of this.#readers.get(id) ?? []) pending.finish()
    }
  }

  #read(followed: readonly DeliveryChanged[]): Promise<DeliveryRow[]> {
    return this.#statements.run<DeliveryRow>(readStatement, [
      followed.map(({ userId }) => userId),
      followed.map(({ id }) => id),
    ])
  }

  #tell({ userId, id, channel, state, attempts }: DeliveryRow): void {
    const now = `${state} ${attempts}`
    for (const reader of this.#readers.get(id) ?? []) {
      if (reader.userId !== userId) continue
      if (reader.seen !== now) reader.pending.put(id)
      reader.seen = now
      if (isDecided({ channel, state })) reader.pending.finish()
    }
  }

  #add(reader: Reader): void {
    const others = this.#readers.get(reader.id)
    if (others) others.add(reader)
    else this.#readers.set(reader.id, new Set([reader]))
  }

  #remove(reader: Reader): void {
    const others = this.#readers.get(reader.id)
    others?.delete(reader)
    if (others?.size === 0) this.#readers.delete(reader.id)
  }
}
