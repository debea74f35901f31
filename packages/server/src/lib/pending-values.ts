/**
 * What a reader has not taken yet, and at most so much of it: past that the oldest goes. With room for one it is
 * always the newest, so a reader that stops costs one value however much is put in.
 */
export class PendingValues<Value> implements AsyncIterableIterator<Value> {
  readonly #most: number
  readonly #onEnd: () => void
  readonly #values: Value[] = []
  #taker: ((result: IteratorResult<Value, undefined>) => void) | undefined
  #ended = false
  #finished = false

  /** @param onEnd called once, when the reader leaves or `end` is called */
  constructor(most: number, onEnd: () => void) {
    this.#most = most
    this.#onEnd = onEnd
  }

  put(value: Value): void {
    if (this.#ended || this.#finished) return
    const taker = this.#taker
    if (taker) {
      this.#taker = undefined
      taker({ value, done: false })
      return
    }
    this.#values.push(value)
    if (this.#values.length > this.#most) this.#values.shift()
  }

  /** Nothing more comes: it ends once the reader has taken what is there. */
  finish(): void {
    this.#finished = true
    if (this.#taker) this.end()
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#values.length = 0
    this.#taker?.({ value: undefined, done: true })
    this.#onEnd()
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    const value = this.#values.shift()
    if (value !== undefined) return Promise.resolve({ value, done: false })
    if (this.#finished) this.end()
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => {
      this.#taker = resolve
    })
  }

  return(): Promise<IteratorResult<Value, undefined>> {
    this.end()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
