/** Remembers values by text, the oldest forgotten when the texts together grow too long. */
export class BoundedCache<Value> {
  readonly #mostCharacters: number
  readonly #values = new Map<string, Value>()
  #characters = 0

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  get(text: string): Value | undefined {
    return this.#values.get(text)
  }

  set(text: string, value: Value): void {
    this.#forget(text)
    this.#values.set(text, value)
    this.#characters += text.length
    for (const oldest of this.#values.keys()) {
      if (this.#characters <= this.#mostCharacters) return
      this.#forget(oldest)
    }
  }

  #forget(text: string): void {
    if (this.#values.delete(text)) this.#characters -= text.length
  }
}
