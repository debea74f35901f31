import { setTimeout as wait } from 'node:timers/promises'

import type { Person } from '../people.ts'
import { BadgeSocket, type SocketRequest } from './badge-socket.ts'

/** What one socket waits for. */
interface Reader {
  socket: BadgeSocket
  /** The JSON of the badge that comes next; undefined when none is on its way. */
  expected: string | undefined
  onArrival: () => void
}

const openedAtOnce = 50
const patienceMilliseconds = 20_000

/** One socket for each person, all in this process. Counts nothing but the very badge that a socket was to receive. */
export class BadgeReaders implements Disposable {
  /** Badges that came as they were expected. */
  received = 0
  /** The last frame that was counted. */
  lastFrame = ''
  readonly #readers: Reader[] = []
  readonly #failed = Promise.withResolvers<never>()
  readonly #signal: AbortSignal
  readonly #giveUp = () => this.#failed.reject(this.#signal.reason)
  #accepting = false

  private constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.#giveUp)
    // Whoever waits for a badge is told; between two waits nobody is.
    this.#failed.promise.catch(() => {})
  }

  static async open(
    people: readonly Person[],
    requestOf: (person: Person) => SocketRequest,
    signal: AbortSignal,
  ): Promise<BadgeReaders> {
    const readers = new BadgeReaders(signal)
    try {
      let next = 0
      const openSome = async () => {
        for (let index = next++; index < people.length; index = next++) {
          signal.throwIfAborted()
          const person = people[index]
          if (person) readers.#add(index, await BadgeSocket.open(requestOf(person)))
        }
      }
      await Promise.all(Array.from({ length: openedAtOnce }, openSome))
      return readers
    } catch (error) {
      readers[Symbol.dispose]()
      throw error
    }
  }

  #add(index: number, socket: BadgeSocket): void {
    const reader: Reader = { socket, expected: undefined, onArrival: () => {} }
    this.#readers[index] = reader
    socket.onFailure = (error) => this.#failed.reject(error)
    socket.onText = (text) => {
      const { expected } = reader
      if (expected !== undefined && text.includes(expected)) {
        reader.expected = undefined
        this.received++
        this.lastFrame = text
        reader.onArrival()
      } else if (this.#accepting) {
        this.#failed.reject(new Error(`${text} came instead of ${expected ?? 'nothing'}`))
      }
    }
  }

  /** From now on a frame that is not the expected one is a failure. Before, it may be a snapshot. */
  acceptNothingElse(): void {
    this.#accepting = true
  }

  /**
   * Waits until each of these readers has what it was to receive.
   * @param expectedOf the JSON of the badge of one reader
   * @returns how many badges did not come in time
   */
  async expect(
    indexes: readonly number[],
    expectedOf: (index: number) => string,
    milliseconds: number = patienceMilliseconds,
  ): Promise<number> {
    const all = Promise.withResolvers<void>()
    let missing = indexes.length
    const onArrival = () => {
      missing--
      if (missing === 0) all.resolve()
    }
    for (const index of indexes) {
      const reader = this.#readers[index]
      if (!reader) throw new Error(`there is no reader ${index}`)
      reader.expected = expectedOf(index)
      reader.onArrival = onArrival
    }
    const late = new AbortController()
    try {
      const timeout = wait(milliseconds, undefined, { signal: late.signal }).catch(() => {})
      await Promise.race([all.promise, timeout, this.#failed.promise])
      return missing
    } finally {
      late.abort()
    }
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#giveUp)
    // Where opening failed there are gaps.
    for (const { socket } of this.#readers.filter(Boolean)) socket[Symbol.dispose]()
  }
}
