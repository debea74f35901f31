import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'

import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

export interface ReceivedMail {
  from: string
  to: string[]
  mail: Email
  raw: string
  /** Whether it came over TLS. */
  secure: boolean
}

type Stage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data'

/**
 * What goes wrong with the next mail:
 * - `refuse`: a reply at that stage, as 550 with "5.1.1 no such user"; `data` is after the message's final dot;
 * - `silence`: the message is taken in, and no reply comes;
 * - `reset`: the message is taken in, and the connection breaks off;
 * - `reset-before-data`: the connection breaks off when the recipient is named.
 */
export type SmtpFault =
  | { kind: 'refuse'; stage: Stage; code: number; text: string }
  | { kind: 'silence' | 'reset' | 'reset-before-data' }

interface SmtpStandInOptions {
  /** As a relay asks for; nobody is asked when absent. */
  user?: string
  password?: string
  /** Offers STARTTLS with a certificate that nobody signed. */
  startTls?: boolean
}

/** A real SMTP server that keeps what it takes in, parsed. */
export class SmtpStandIn implements AsyncDisposable {
  readonly received: ReceivedMail[] = []
  /** Every RCPT it was told, of refused mail too. */
  readonly recipients: string[] = []
  /** Who tried to sign in. */
  readonly logins: string[] = []
  readonly #faults: SmtpFault[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server: SMTPServer
  readonly #credentials: { user: string; password: string } | undefined
  #connections = 0

  static async listen(options: SmtpStandInOptions = {}): Promise<SmtpStandIn> {
    const standIn = new SmtpStandIn(options)
    standIn.#server.listen(0, '127.0.0.1')
    await once(standIn.#server.server, 'listening')
    return standIn
  }

  private constructor({ user, password, startTls = false }: SmtpStandInOptions) {
    this.#credentials = user === undefined || password === undefined ? undefined : { user, password }
    this.#server = new SMTPServer({
      logger: false,
      authOptional: !this.#credentials,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      // The replies of the tests have codes of their own.
      hideENHANCEDSTATUSCODES: true,
      disabledCommands: [...(this.#credentials ? [] : ['AUTH']), ...(startTls ? [] : ['STARTTLS'])],
      onConnect: (_session, callback) => callback(this.#faultAt('connect')),
      onAuth: (auth, _session, callback) => {
        this.logins.push(auth.username ?? '')
        const fault = this.#faultAt('auth')
        const { user: known, password: secret } = this.#credentials ?? {}
        const isKnown = auth.username === known && auth.password === secret
        if (fault) callback(fault)
        else if (isKnown) callback(null, { user: auth.username })
        else callback(reply(535, '5.7.8 Authentication credentials invalid'))
      },
      onMailFrom: (_address, _session, callback) => callback(this.#faultAt('mail')),
      onRcptTo: ({ address }, _session, callback) => {
        this.recipients.push(address)
        if (this.#faults[0]?.kind === 'reset-before-data') {
          this.#faults.shift()
          this.#breakOff()
          return
        }
        callback(this.#faultAt('rcpt'))
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => void this.#take(Buffer.concat(chunks).toString('utf8'), session, callback))
      },
    })
    this.#server.on('error', () => {})
    this.#server.server.on('connection', (socket: Socket) => {
      this.#connections++
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port
  }

  /** For SMTP_URL. */
  get url(): string {
    const { user, password } = this.#credentials ?? {}
    const login = user === undefined || password === undefined ? '' : `${user}:${password}@`
    return `smtp://${login}127.0.0.1:${this.port}`
  }

  get connections(): number {
    return this.#connections
  }

  /** The next mails fail so, one each. */
  failNext(...faults: SmtpFault[]): void {
    this.#faults.push(...faults)
  }

  refuseNext(stage: Stage, code: number, text: string): void {
    this.failNext({ kind: 'refuse', stage, code, text })
  }

  /** As a server that hangs up on idle connections. */
  hangUp(): void {
    this.#breakOff()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#breakOff()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(resolve)
    await promise
  }

  async #take(
    raw: string,
    { envelope, secure }: SMTPServerSession,
    answer: (error?: Error | null, text?: string) => void,
  ): Promise<void> {
    const refusal = this.#faultAt('data')
    if (refusal) {
      answer(refusal)
      return
    }
    this.received.push({
      from: envelope.mailFrom ? envelope.mailFrom.address : '',
      to: envelope.rcptTo.map(({ address }) => address),
      mail: await PostalMime.parse(raw),
      raw,
      secure,
    })
    const fault = this.#faults[0]?.kind
    if (fault !== 'silence' && fault !== 'reset') {
      answer(null, 'taken')
      return
    }
    this.#faults.shift()
    if (fault === 'reset') this.#breakOff()
  }

  #breakOff(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  #faultAt(stage: Stage): Error | null {
    const fault = this.#faults[0]
    if (fault?.kind !== 'refuse' || fault.stage !== stage) return null
    this.#faults.shift()
    return reply(fault.code, fault.text)
  }
}

function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
