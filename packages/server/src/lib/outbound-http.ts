import { lookup as lookUpHost, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

import { Agent, type Dispatcher } from 'undici'

import { dnsLookup, type NameLookup } from './dns-lookup.ts'
import { isPublicAddress } from './public-address.ts'

export interface OutboundRequest {
  method?: 'GET' | 'POST'
  url: string | URL
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
  signal?: AbortSignal
}

export interface AnswerHead {
  status: number
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>
}

/** What came of a request. No `detail` names the URL: that of a push subscription is a secret. */
export type OutboundAnswer =
  /** Not a byte left: where it would go is not allowed. */
  | { kind: 'refused'; detail: string }
  /** Nothing was sent, so it may be tried again. */
  | { kind: 'unsent'; detail: string }
  /** It was sent and no whole answer came: nobody can say what the other side did. `head` if that much came. */
  | { kind: 'unanswered'; detail: string; head: AnswerHead | null }
  | ({ kind: 'answered'; body: string } & AnswerHead)

interface OutboundHttpOptions {
  /** `host` (on 443 and 80) or `host:port` that may be called although it is private, or without https. */
  allowedHosts: readonly string[]
  /** From the first to the last byte, name look-up and all. */
  deadlineMilliseconds?: number
  mostBytes?: number
  /** Where public hosts may be called. */
  ports?: readonly number[]
  /** How names of the world become addresses. */
  lookUp?: NameLookup
}

const connectionsPerOrigin = 64

/**
 * The one way out of the house over HTTP, for URLs that people, or services we do not trust, chose. It calls public
 * addresses only, over https on port 443; follows no redirect; and takes 256 KB within five seconds. A name is looked
 * up once for a connection, which goes to the address that was judged. Source: S-L1.
 */
export class OutboundHttp implements AsyncDisposable {
  readonly #allowedHosts: ReadonlySet<string>
  readonly #deadlineMilliseconds: number
  readonly #mostBytes: number
  readonly #ports: readonly number[]
  /** Connects to public addresses only. */
  readonly #guarded: Agent
  /** For the hosts that the operator named. */
  readonly #allowed: Agent

  constructor(options: OutboundHttpOptions) {
    const {
      deadlineMilliseconds = 5000,
      mostBytes = 262_144,
      ports = [443],
      lookUp = dnsLookup(),
    } = options
    this.#allowedHosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()))
    this.#deadlineMilliseconds = deadlineMilliseconds
    this.#mostBytes = mostBytes
    this.#ports = ports
    const agent = (lookUp: NameLookup, judge: AddressJudge) =>
      new Agent({
        connections: connectionsPerOrigin,
        pipelining: 1,
        headersTimeout: deadlineMilliseconds,
        bodyTimeout: deadlineMilliseconds,
        // Servers keep idle connections for longer, so we are the first to hang up.
        keepAliveTimeout: 4000,
        keepAliveMaxTimeout: 4000,
        connect: { timeout: deadlineMilliseconds, lookup: judgedLookup(lookUp, judge) },
      })
    this.#guarded = agent(lookUp, faultOfPrivate)
    // Their names may be known to this machine alone.
    this.#allowed = agent(options.lookUp ?? lookUpHost, () => null)
  }

  /** Never throws for what the other side does, or does not do. */
  request(request: OutboundRequest): Promise<OutboundAnswer> {
    const url = URL.parse(String(request.url))
    if (!url) return refused('it is no URL')
    if (url.username || url.password) return refused('the URL carries credentials')
    if (this.#isAllowed(url)) return this.#send(this.#allowed, url, request)
    if (url.protocol !== 'https:') return refused('it is not https')
    if (!this.#ports.includes(portOf(url))) return refused('its port is not 443')
    // Of a literal address no name is looked up.
    const literal = url.hostname.replaceAll(/^\[|\]$/g, '')
    if (isIP(literal) && !isPublicAddress(literal)) return refused('its address is not public')
    return this.#send(this.#guarded, url, request)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#guarded.destroy(), this.#allowed.destroy()])
  }

  #isAllowed(url: URL): boolean {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return false
    const isUsualPort = url.port === ''
    return (
      this.#allowedHosts.has(`${url.hostname}:${portOf(url)}`) ||
      (isUsualPort && this.#allowedHosts.has(url.hostname))
    )
  }

  #send(agent: Agent, url: URL, request: OutboundRequest): Promise<OutboundAnswer> {
    const { promise, resolve } = Promise.withResolvers<OutboundAnswer>()
    const { signal } = request
    let isSent = false
    let isSettled = false
    let controller: Dispatcher.DispatchController | undefined
    let head: AnswerHead | null = null
    const chunks: Buffer[] = []
    let bytes = 0

    function settle(answer: OutboundAnswer): void {
      if (isSettled) return
      isSettled = true
      clearTimeout(deadline)
      signal?.removeEventListener('abort', giveUp)
      resolve(answer)
    }
    function fail(detail: string): void {
      settle(isSent ? { kind: 'unanswered', detail, head } : { kind: 'unsent', detail })
    }
    function giveUp(): void {
      fail('there was no answer in time')
      controller?.abort(new Error('given up'))
    }

    if (signal?.aborted) return Promise.resolve({ kind: 'unsent', detail: 'there was no time left' })
    const deadline = setTimeout(giveUp, this.#deadlineMilliseconds)
    signal?.addEventListener('abort', giveUp)
    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method ?? 'GET',
        headers: { 'user-agent': 'Lanyard', ...request.headers },
        body: request.body ?? null,
      },
      {
        // There is a connection, and the request is about to be written to it.
        onRequestStart(started) {
          controller = started
          if (isSettled) controller.abort(new Error('given up'))
          else isSent = true
        },
        onResponseStart(_controller, status, headers) {
          head = { status, headers: flatten(headers) }
        },
        onResponseData: (current, chunk) => {
          bytes += chunk.length
          if (bytes <= this.#mostBytes) {
            chunks.push(chunk)
            return
          }
          fail(`the answer is longer than ${this.#mostBytes} bytes`)
          current.abort(new Error('too long'))
        },
        onResponseEnd() {
          if (head) settle({ kind: 'answered', ...head, body: Buffer.concat(chunks).toString('utf8') })
        },
        onResponseError(_controller, error) {
          if (error instanceof PrivateAddressError) settle({ kind: 'refused', detail: error.message })
          else fail(faultOf(error))
        },
      },
    )
    return promise
  }
}

class PrivateAddressError extends Error {}

function refused(detail: string): Promise<OutboundAnswer> {
  return Promise.resolve({ kind: 'refused', detail })
}

/** The one that is meant when none is written, too. */
export function portOf({ protocol, port }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}

/** A name that is public and private at once is no mistake, so none of its addresses is taken. */
function faultOfPrivate(addresses: LookupAddress[]): Error | null {
  const isPublic = addresses.every(({ address }) => isPublicAddress(address))
  return isPublic ? null : new PrivateAddressError('its address is not public')
}

type AddressJudge = (addresses: LookupAddress[]) => Error | null

function judgedLookup(lookUp: NameLookup, judge: AddressJudge): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { all: true }, (error, addresses) => {
      const fault = error ?? judge(addresses)
      const [first] = fault ? [] : addresses
      if (!first) callback(fault ?? new Error('the name has no address'), '')
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(entries)
}

/** Its code, as ECONNREFUSED; the message may name the URL. */
function faultOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return faultOf(error.errors[0])
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'it failed'
}
