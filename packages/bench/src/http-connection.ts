import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Answer {
  status: number
  body: Buffer
}

const endOfHead = Buffer.from('\r\n\r\n')
const nothing: Buffer = Buffer.alloc(0)

/**
 * One kept-alive connection that carries one request at a time. It speaks just enough HTTP for answers with a
 * content-length: a client that shares the machine with the server must not have much to do.
 */
export class HttpConnection implements Disposable {
  readonly #socket: Socket
  #received = nothing
  #settle: PromiseWithResolvers<Answer> | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setTimeout(10_000, () =>
      this.#fail(new Error(`no answer from port ${socket.remotePort} for ten seconds`)),
    )
    const to = `port ${socket.remotePort}`
    socket.on('error', (error) => this.#fail(new Error(`${to} failed: ${error.message}`, { cause: error })))
    socket.on('close', () => this.#fail(new Error(`${to} closed the connection`)))
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new HttpConnection(socket)
  }

  /** @throws Error when there is no answer, or one that this client cannot read */
  exchange(request: Buffer): Promise<Answer> {
    this.#settle = Promise.withResolvers()
    this.#socket.write(request)
    return this.#settle.promise
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    try {
      const answer = readAnswer(this.#received)
      if (!answer) return
      this.#received = nothing
      this.#settle?.resolve(answer)
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#settle?.reject(error)
    this.#socket.destroy()
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }
}

/** The one answer that was received; undefined while a part of it is missing. */
export function readAnswer(received: Buffer): Answer | undefined {
  const headLength = received.indexOf(endOfHead)
  if (headLength < 0) return undefined
  const head = received.toString('latin1', 0, headLength)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer without content-length:\n${head}`)

  const body = received.subarray(headLength + endOfHead.length)
  if (body.length < Number(length)) return undefined
  if (body.length > Number(length)) throw new Error('more than the answer to one request')
  return { status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), body }
}
