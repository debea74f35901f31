import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Longer than any answer takes; a connection that is still open then was not closed by the server. */
const patienceMilliseconds = 10_000

/** A connection over which a test says what no HTTP client would. */
export class RawConnection {
  readonly #socket: Socket
  #received = ''
  readonly #closed: Promise<unknown>

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => (this.#received += chunk.toString('latin1')))
    // A server that hangs up while it is written to is what these tests are about.
    socket.on('error', () => {})
    this.#closed = once(socket, 'close')
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  write(bytes: string): void {
    if (this.#socket.writable) this.#socket.write(bytes, 'latin1')
  }

  /** What was answered until now. */
  get received(): string {
    return this.#received
  }

  /** The status of each answer until now. */
  get statuses(): number[] {
    return [...this.#received.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
  }

  /** Resolves once the server has closed the connection. */
  async closed(milliseconds = patienceMilliseconds): Promise<void> {
    const timer = setTimeout(() => this.#socket.destroy(new Error('still open')), milliseconds)
    await this.#closed
    clearTimeout(timer)
    if (this.#socket.errored?.message === 'still open') {
      throw new Error(`the server kept the connection, after ${JSON.stringify(this.#received)}`)
    }
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
