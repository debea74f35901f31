import { once } from 'node:events'
import { WebSocket } from 'ws'

export type Message = Record<string, unknown>

/** A socket spoken to frame by frame, as an attacker would. */
export class RawSocket {
  readonly #socket: WebSocket
  readonly #messages: Message[] = []
  /** With the code that it is closed by. */
  readonly closed: Promise<number>

  /** @param url of the server, as it is asked over HTTP */
  constructor(url: string, headers: Record<string, string>) {
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    })
    this.#socket.on('message', (data) => {
      this.#messages.push(JSON.parse((data as Buffer).toString()) as Message)
      this.#socket.emit('counted')
    })
    // Two thousand may wait for an answer each.
    this.#socket.setMaxListeners(0)
    // A server that hangs up is what these tests are about.
    this.#socket.on('error', () => {})
    this.closed = new Promise((resolve) => this.#socket.once('close', resolve))
  }

  /** The status that the upgrade is answered with: 101 when it is granted. */
  async upgrade(): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#socket.once('upgrade', ({ statusCode }) => resolve(statusCode))
      this.#socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
    })
  }

  async ready(): Promise<this> {
    if (this.#socket.readyState !== WebSocket.OPEN) await once(this.#socket, 'open')
    return this
  }

  /** Says who it is, and waits to be let in. */
  async init(payload?: object): Promise<this> {
    await this.ready()
    this.send({ type: 'connection_init', payload })
    await this.message(({ type }) => type === 'connection_ack')
    return this
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message))
  }

  ping(): void {
    this.#socket.ping()
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.send(bytes)
  }

  /** Parts of one message, which goes on until the last of them is said to be that. */
  sendFragments(parts: Iterable<string>, isEnd = false): void {
    for (const part of parts) this.#socket.send(part, { fin: false })
    if (isEnd) this.#socket.send('', { fin: true })
  }

  subscribe(id: string, query: string): Promise<Message> {
    this.send({ type: 'subscribe', id, payload: { query } })
    return this.message((message) => message['id'] === id)
  }

  /** Takes the first message that is as wanted, come already or yet to come. */
  async message(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const index = this.#messages.findIndex(isWanted)
      const [found] = index < 0 ? [] : this.#messages.splice(index, 1)
      if (found) return found
      await once(this.#socket, 'counted')
    }
  }

  terminate(): void {
    this.#socket.terminate()
  }
}
