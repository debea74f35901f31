import { createHmac, randomBytes } from 'node:crypto'

import { HttpStandIn, jsonAnswer, type PlainAnswer, type ReceivedRequest } from './http-stand-in.ts'

export interface TwilioItem {
  kind: 'message' | 'call'
  sid: string
  /** As they were posted: To, From, Body, StatusCallback, Url … */
  parameters: URLSearchParams
  status: string
  at: Date
}

interface TwilioStandInOptions {
  accountSid?: string
  authToken?: string
}

/** Takes messages and calls as Twilio's REST API does, lists them, and reports on them with a signature. */
export class TwilioStandIn extends HttpStandIn {
  readonly accountSid: string
  readonly authToken: string
  readonly items: TwilioItem[] = []

  private constructor({ accountSid = 'AC00000000000000000000000000000000', authToken = 'twilio-token' }) {
    super()
    this.accountSid = accountSid
    this.authToken = authToken
  }

  static listen(options: TwilioStandInOptions = {}): Promise<TwilioStandIn> {
    return new TwilioStandIn(options).listen()
  }

  get messages(): TwilioItem[] {
    return this.items.filter(({ kind }) => kind === 'message')
  }

  get calls(): TwilioItem[] {
    return this.items.filter(({ kind }) => kind === 'call')
  }

  /** As the environment of a server that sends by it. */
  environment(from = '+12025550100', whatsappFrom = '+12025550101'): Record<string, string> {
    return {
      TWILIO_ACCOUNT_SID: this.accountSid,
      TWILIO_AUTH_TOKEN: this.authToken,
      TWILIO_FROM: from,
      TWILIO_WHATSAPP_FROM: whatsappFrom,
      TWILIO_BASE_URL: this.url,
    }
  }

  /** The next are refused with a code of https://www.twilio.com/docs/api/errors. */
  refuseNext(code: number, message: string, status = 400): void {
    this.answerNext(jsonAnswer(status, { code, message, status, more_info: '' }))
  }

  /**
   * Posts a status callback, as Twilio does, signed over the URL that it was given.
   * @param serverUrl where the server listens, when that is not where its public URL leads
   */
  async report(
    item: TwilioItem,
    status: string,
    {
      serverUrl,
      ...more
    }: { serverUrl?: string; ErrorCode?: string; [name: string]: string | undefined } = {},
  ): Promise<Response> {
    const url = item.parameters.get('StatusCallback')
    if (url === null) throw new Error('no status callback was asked for')
    const sid = item.kind === 'call' ? 'CallSid' : 'MessageSid'
    const state = item.kind === 'call' ? 'CallStatus' : 'MessageStatus'
    return this.post(url, { [sid]: item.sid, [state]: status, ...more }, serverUrl)
  }

  /** Posts to any of our URLs, signed as Twilio signs. */
  post(url: string, values: Record<string, string | undefined>, serverUrl?: string): Promise<Response> {
    const parameters = {
      AccountSid: this.accountSid,
      ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    } as Record<string, string>
    const { pathname, search } = new URL(url)
    return fetch(serverUrl === undefined ? url : `${serverUrl}${pathname}${search}`, {
      method: 'POST',
      headers: { 'x-twilio-signature': this.#sign(url, parameters) },
      body: new URLSearchParams(parameters),
    })
  }

  /** HMAC-SHA1 over the URL and the sorted parameters. Source: twilio.com/docs/usage/security. */
  #sign(url: string, parameters: Record<string, string>): string {
    const text = Object.keys(parameters)
      .toSorted()
      .reduce((signed, name) => `${signed}${name}${parameters[name]}`, url)
    return createHmac('sha1', this.authToken).update(text).digest('base64')
  }

  protected accept(request: ReceivedRequest): PlainAnswer {
    const credentials = Buffer.from(`${this.accountSid}:${this.authToken}`).toString('base64')
    if (request.headers.authorization !== `Basic ${credentials}`) {
      return jsonAnswer(401, { code: 20_003, message: 'Authenticate', status: 401 })
    }
    const list = `/2010-04-01/Accounts/${this.accountSid}`
    if (request.method === 'POST' && request.path === `${list}/Messages.json`) {
      return this.#add('message', 'SM', request)
    }
    if (request.method === 'POST' && request.path === `${list}/Calls.json`) {
      return this.#add('call', 'CA', request)
    }
    if (request.method === 'GET' && request.path === `${list}/Messages.json`) {
      return this.#list(this.messages, request.query)
    }
    return jsonAnswer(404, { code: 20_404, message: 'The requested resource was not found', status: 404 })
  }

  #add(kind: TwilioItem['kind'], prefix: string, { body }: ReceivedRequest): PlainAnswer {
    const parameters = new URLSearchParams(body.toString('utf8'))
    const sid = `${prefix}${randomBytes(16).toString('hex')}`
    const item: TwilioItem = { kind, sid, parameters, status: 'queued', at: new Date() }
    this.items.push(item)
    return jsonAnswer(201, describe(item))
  }

  #list(items: TwilioItem[], query: URLSearchParams): PlainAnswer {
    const found = items
      .filter(
        ({ parameters }) =>
          (!query.has('To') || parameters.get('To') === query.get('To')) &&
          (!query.has('From') || parameters.get('From') === query.get('From')),
      )
      .toReversed()
      .slice(0, Number(query.get('PageSize') ?? 50))
    return jsonAnswer(200, { messages: found.map(describe), next_page_uri: null })
  }
}

function describe({ sid, parameters, status, at }: TwilioItem): Record<string, unknown> {
  return {
    sid,
    status,
    to: parameters.get('To'),
    from: parameters.get('From'),
    // A message of a template reads as its values, one after the other.
    body: parameters.get('Body') ?? Object.values(contentVariables(parameters)).join(' '),
    date_created: at.toUTCString(),
    error_code: null,
    error_message: null,
  }
}

function contentVariables(parameters: URLSearchParams): Record<string, string> {
  return JSON.parse(parameters.get('ContentVariables') ?? '{}') as Record<string, string>
}
