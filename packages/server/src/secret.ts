import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/** A value that must not reach a log: however it is printed, it reads "[secret]". */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
