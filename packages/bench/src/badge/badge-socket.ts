import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

import { clientFrame, type Frame, FrameReader, opcodes } from './web-socket-frames.ts'

/** How one server is asked for the badge of a person. */
export interface SocketRequest {
  port: number
  path: string
  headers: readonly string[]
  /** What is sent in `graphql-transport-ws`; absent where the path says it all. */
  subscribe?: object
}

/** All sockets read into this, one after the other; nothing in it is kept. */
const received = Buffer.alloc(65_536)
const endOfHead = '\r\n\r\n'
const init = frameOf({ type: 'connection_init' })

/**
 * A reader of one badge, over a bare TCP socket: ten thousand of these must not cost much beside the server that they
 * share the machine with.
 */
export class BadgeSocket implements Disposable {
  /** Takes the text of each `next` message. */
  onText: (text: string) => void = () => {}
  onFailure: (error: Error) => void = () => {}
  readonly #socket: Socket
  readonly #frames = new FrameReader()

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  /** @returns once it is open and, with `subscribe`, has sent that */
  static async open({ port, path, headers, subscribe }: SocketRequest): Promise<BadgeSocket> {
    let take: (chunk: Buffer) => void = readHead
    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      // A stream would copy what comes, and tell of it with an event.
      onread: {
        buffer: received,
        callback: (length, buffer) => {
          take(Buffer.from(buffer.buffer, buffer.byteOffset, length))
          return true
        },
      },
    })
    await once(socket, 'connect')
    const opened = new BadgeSocket(socket)
    const ready = Promise.withResolvers<void>()
    opened.onFailure = ready.reject
    socket.on('error', (error) => opened.onFailure(error))
    socket.on('close', () => opened.onFailure(new Error('the server closed a socket')))

    const protocol = subscribe ? ['Sec-WebSocket-Protocol: graphql-transport-ws'] : []
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      // The example of RFC 6455: it is there to tell a server from a cache, not to keep a secret.
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...protocol,
      ...headers,
    ]
    socket.write(`${head.join('\r\n')}${endOfHead}`)

    let answer = ''
    function readHead(chunk: Buffer): void {
      answer += chunk.toString('latin1')
      const end = answer.indexOf(endOfHead)
      if (end < 0) return
      if (!answer.startsWith('HTTP/1.1 101 ')) return ready.reject(new Error(answer))
      take = (data) => opened.#receive(data)
      if (subscribe) {
        opened.onText = (text) => {
          if (!text.includes('"connection_ack"')) return ready.reject(new Error(text))
          opened.onText = () => {}
          socket.write(frameOf({ id: '1', type: 'subscribe', payload: subscribe }))
          ready.resolve()
        }
        socket.write(init)
      } else {
        ready.resolve()
      }
      opened.#receive(Buffer.from(answer.slice(end + endOfHead.length), 'latin1'))
    }
    await ready.promise
    return opened
  }

  #receive(chunk: Buffer): void {
    try {
      this.#frames.read(chunk, (frame) => this.#take(frame))
    } catch (error) {
      this.onFailure(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #take({ opcode, payload }: Frame): void {
    if (opcode === opcodes.text) this.onText(payload.toString('latin1'))
    else if (opcode === opcodes.ping) this.#socket.write(clientFrame(opcodes.pong, payload))
    else throw new Error(`the server ended a socket: ${payload.toString('latin1', 2)}`)
  }

  /** Without a good-bye, so that the port is free at once. */
  [Symbol.dispose](): void {
    this.onFailure = () => {}
    this.#socket.resetAndDestroy()
  }
}

function frameOf(message: object): Buffer {
  return clientFrame(opcodes.text, Buffer.from(JSON.stringify(message)))
}
