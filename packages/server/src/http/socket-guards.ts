import type { WebSocket } from 'ws'

/**
 * Sends frames one after the other's flush: graphql-ws waits for the promise before it asks for the next value, so a
 * reader that stops taking keeps one frame waiting here and one value behind it. After a while it is closed.
 */
export class StallGuard {
  readonly #socket: WebSocket
  readonly #milliseconds: number
  #unflushed = 0
  #timer: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, seconds: number) {
    this.#socket = socket
    this.#milliseconds = seconds * 1000
  }

  send(data: string): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    this.#unflushed++
    this.#timer ??= setTimeout(() => socket.terminate(), this.#milliseconds)
    return new Promise((resolve) => {
      socket.send(data, () => {
        this.#unflushed--
        if (this.#unflushed === 0) this.stop()
        // A frame that could not be sent belongs to a socket that is closing: there is nobody to tell.
        resolve()
      })
    })
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** At most so many messages in any one second. */
export class MessageRate {
  readonly #perSecond: number
  #second = 0
  #count = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  admits(): boolean {
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#count = 0
    }
    this.#count++
    return this.#count <= this.#perSecond
  }
}

const heartbeatMilliseconds = 12_000

/** Ends a socket whose other side is gone without a word. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout
  #answered = true

  constructor(socket: WebSocket) {
    socket.on('pong', () => {
      this.#answered = true
    })
    this.#timer = setInterval(() => {
      if (!this.#answered) return socket.terminate()
      this.#answered = false
      socket.ping()
    }, heartbeatMilliseconds)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
