import { once } from 'node:events'

import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server'

import type { Limits } from '../../limits.ts'
import type { SealingKeys } from '../../sealing-keys.ts'
import { readReference } from '../delivery-reference.ts'
import { readDeliveryStatus, type RecipientStatus } from './delivery-status-report.ts'
import type { InboundParts } from './inbound-parts.ts'
import { fateOfStatus, type MailReport, recordMailReports } from './mail-report.ts'
import type { Scene } from './scene.ts'

interface BounceListenerParts {
  host: string
  /** 0 = any free port. */
  port: number
  domain: string
  limits: Limits['inbound']
  sealing: SealingKeys
  addresses: InboundParts['addresses']
  createScene(address: string): Scene
  onError(error: unknown): void
}

const carrier = 'smtp'
const idleMilliseconds = 30_000
const closeMilliseconds = 1000

/**
 * Takes mail that came back to the address each of our mails has of its own, `b-<reference>@` the bounce domain (VERP).
 * It takes mail for nobody else and passes none on. A report counts if it names the delivery's own address: whoever got
 * the mail can read the reference in it, and may at most call their own address dead. Source: S-K1.
 */
export class BounceListener implements AsyncDisposable {
  readonly #server: SMTPServer
  readonly #parts: BounceListenerParts

  private constructor(parts: BounceListenerParts) {
    this.#parts = parts
    const { limits, domain, sealing } = parts
    this.#server = new SMTPServer({
      name: domain,
      banner: 'Lanyard',
      // Reports are no secret, and a certificate that nobody checks would not make them one.
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      maxClients: limits.mailConnections,
      size: limits.bodyBytes,
      socketTimeout: idleMilliseconds,
      closeTimeout: closeMilliseconds,
      onRcptTo({ address }: SMTPServerAddress, { envelope }: SMTPServerSession, callback) {
        if (envelope.rcptTo.length > 0) return callback(refusal(452, 'one recipient at a time'))
        const reference = referenceIn(address, domain)
        if (reference === undefined || !readReference(sealing, reference))
          return callback(refusal(550, '5.1.1 no such mailbox here'))
        return callback()
      },
      onData: (stream, session, callback) => void this.#answer(stream, session, callback),
    })
    // A mail server that hangs up, or speaks no SMTP, is no matter of ours.
    this.#server.on('error', () => {})
  }

  static async start(parts: BounceListenerParts): Promise<BounceListener> {
    const listener = new BounceListener(parts)
    const socket = listener.#server.listen(parts.port, parts.host)
    await once(socket, 'listening')
    return listener
  }

  get port(): number {
    const address = this.#server.server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#parts.port
  }

  async #answer(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    callback: (error?: Error) => void,
  ): Promise<void> {
    let fault: Error | undefined
    try {
      await this.#take(stream, session)
    } catch (error) {
      fault = this.#refusalOf(error)
    }
    callback(fault)
  }

  async #take(stream: SMTPServerDataStream, { envelope, remoteAddress }: SMTPServerSession): Promise<void> {
    const { domain, limits, addresses } = this.#parts
    const chunks: Buffer[] = []
    let bytes = 0
    // Read to its end in any case: only then may it be answered.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes <= limits.bodyBytes) chunks.push(chunk)
    }
    if (bytes > limits.bodyBytes) throw refusal(552, '5.3.4 too much mail')

    const reference = referenceIn(envelope.rcptTo[0]?.address ?? '', domain)
    if (reference === undefined) return
    const statuses = await readDeliveryStatus(Buffer.concat(chunks))
    const reports = statuses.flatMap((status) => reportOf(status, reference) ?? [])
    const scene = this.#parts.createScene(remoteAddress)
    if (reports.length > 0) await recordMailReports(scene, { addresses }, carrier, reports)
  }

  /** The other side tries again after what went wrong here. */
  #refusalOf(error: unknown): Error {
    if (error instanceof Error && 'responseCode' in error) return error
    this.#parts.onError(error)
    return refusal(451, '4.3.0 not now')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    await promise
  }
}

/** Mail servers may change the case of what they send back. */
function referenceIn(address: string, domain: string): string | undefined {
  const { reference, host } =
    /^b-(?<reference>[a-z2-7]{60})@(?<host>.+)$/.exec(address.toLowerCase())?.groups ?? {}
  return host === domain.toLowerCase() ? reference : undefined
}

function reportOf(told: RecipientStatus, reference: string): MailReport | undefined {
  const { action, status, recipient, diagnosis } = told
  const fate = fateOf(told)
  if (!fate) return undefined
  return {
    eventKey: `${reference}:${action}:${status}`,
    reference,
    recipient,
    fate,
    carrierId: '',
    carrierStatus: `${action} ${status}`,
    detail: diagnosis === '' ? status : diagnosis,
  }
}

/** `relayed` and `expanded` mail went where nobody reports. */
function fateOf({ action, status }: RecipientStatus): MailReport['fate'] | undefined {
  switch (action) {
    case 'failed':
      return fateOfStatus(status)
    case 'delayed':
      return 'delayed'
    case 'delivered':
      return 'delivered'
    default:
      return undefined
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
