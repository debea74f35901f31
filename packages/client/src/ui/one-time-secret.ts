/**
 * A text that can be forgotten. React keeps the props and closures of an earlier drawing for a while; they
 * hold this and not the text, so that nothing of it is left in the page once the window is closed.
 */
export class OneTimeSecret {
  #text: string

  constructor(text: string) {
    this.#text = text
  }

  read(): string {
    return this.#text
  }

  forget(): void {
    this.#text = ''
  }
}
