import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ReceivedRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

export interface PlainAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/**
 * What goes wrong with an answer. All but a plain answer come after the request was taken in, as when a carrier has
 * the message and its answer is lost:
 * - `silence`: none comes;
 * - `reset`: the connection breaks off once the request is read;
 * - `drip`: the head, then a byte now and then, for ever;
 * - `gibberish`: 200 with half of a JSON document.
 */
export type Answer = PlainAnswer | 'silence' | 'reset' | 'drip' | 'gibberish'

const dripMilliseconds = 50

/** A real HTTP server in a carrier's place, on this machine, that can be asked what it received. */
export abstract class HttpStandIn implements AsyncDisposable {
  readonly requests: ReceivedRequest[] = []
  readonly #server: Server
  readonly #nextAnswers: Answer[] = []
  #everyAnswer: Answer | undefined
  #delayMilliseconds = 0
  #connections = 0

  protected constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response))
    this.#server.on('connection', () => this.#connections++)
  }

  /** As `http://127.0.0.1:4711`. */
  get url(): string {
    return `http://${this.host}`
  }

  /** As `127.0.0.1:4711`, for ALLOWED_OUTBOUND_HOSTS. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get connections(): number {
    return this.#connections
  }

  /** The next requests are answered so, one each; those after them as usual. */
  answerNext(...answers: Answer[]): void {
    this.#nextAnswers.push(...answers)
  }

  /** All are answered so, until `answerAsUsual`. */
  answerAlways(answer: Answer): void {
    this.#everyAnswer = answer
  }

  answerAsUsual(): void {
    this.#everyAnswer = undefined
    this.#nextAnswers.length = 0
    this.#delayMilliseconds = 0
  }

  /** Each takes so long. */
  delayEach(milliseconds: number): void {
    this.#delayMilliseconds = milliseconds
  }

  /** @param port any that is free when 0 */
  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Takes it in and says how it is answered when nothing else is asked for. */
  protected abstract accept(request: ReceivedRequest): PlainAnswer | Promise<PlainAnswer>

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(incoming).catch(() => undefined)
    if (!body) return
    const url = new URL(incoming.url ?? '/', 'http://stand-in')
    const request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body,
    }
    this.requests.push(request)
    const answer = this.#nextAnswers.shift() ?? this.#everyAnswer
    if (this.#delayMilliseconds > 0) await sleep(this.#delayMilliseconds)
    if (typeof answer === 'object') {
      say(response, answer)
      return
    }
    const usual = await this.accept(request)
    switch (answer) {
      case undefined:
        say(response, usual)
        return
      case 'silence':
        return
      case 'reset':
        incoming.socket.resetAndDestroy()
        return
      case 'gibberish':
        say(response, { status: 200, headers: { 'content-type': 'application/json' }, body: '{"sid": "S' })
        return
      case 'drip':
        response.writeHead(usual.status, { ...usual.headers, 'content-length': '100000' })
        while (!response.destroyed) {
          response.write(' ')
          await sleep(dripMilliseconds)
        }
    }
  }
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): PlainAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

function say(response: ServerResponse, { status, headers = {}, body = '' }: PlainAnswer): void {
  response.writeHead(status, headers).end(body)
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
