import { randomBytes } from 'node:crypto'

import { HttpStandIn, jsonAnswer, type PlainAnswer, type ReceivedRequest } from './http-stand-in.ts'

export interface SlackMessage {
  token: string
  channel: string
  text: string
  blocks: Record<string, unknown>[]
  clientMessageId: string
  ts: string
}

export interface SlackMember {
  teamId: string
  workspace: string
  slackUserId: string
  handle: string
}

type Method = (parameters: Record<string, unknown>, request: ReceivedRequest) => Record<string, unknown>

/** Slack's Web API as far as we call it: codes become tokens, tokens of known members send messages. */
export class SlackStandIn extends HttpStandIn {
  readonly clientId = '1000000000.2000000000'
  readonly clientSecret = 'slack-client-secret'
  readonly signingSecret = 'slack-signing-secret'
  readonly messages: SlackMessage[] = []
  readonly #membersByCode = new Map<string, SlackMember>()
  readonly #membersByToken = new Map<string, SlackMember>()

  static listen(): Promise<SlackStandIn> {
    return new SlackStandIn().listen()
  }

  private constructor() {
    super()
  }

  /** As the environment of a server that sends by it. */
  environment(): Record<string, string> {
    return {
      SLACK_CLIENT_ID: this.clientId,
      SLACK_CLIENT_SECRET: this.clientSecret,
      SLACK_SIGNING_SECRET: this.signingSecret,
      SLACK_BASE_URL: this.url,
    }
  }

  /** What Slack hands to our callback once this member has agreed. */
  agree(member: SlackMember): string {
    const code = randomBytes(8).toString('hex')
    this.#membersByCode.set(code, member)
    return code
  }

  /** A token as a link keeps it. */
  tokenFor(member: SlackMember): string {
    const token = `xoxb-${randomBytes(8).toString('hex')}`
    this.#membersByToken.set(token, member)
    return token
  }

  revoke(token: string): void {
    this.#membersByToken.delete(token)
  }

  /** The next call gets an error inside a 200, as Slack answers. */
  refuseNext(error: string): void {
    this.answerNext(jsonAnswer(200, { ok: false, error }))
  }

  protected accept(request: ReceivedRequest): PlainAnswer {
    const method = this.#methods[request.path]
    if (!method) return jsonAnswer(200, { ok: false, error: 'unknown_method' })
    return jsonAnswer(200, method(parametersOf(request), request))
  }

  readonly #methods: Record<string, Method> = {
    '/api/oauth.v2.access': (parameters, request) => {
      const basic = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64')
      const isOurs =
        request.headers.authorization === `Basic ${basic}` ||
        (parameters['client_id'] === this.clientId && parameters['client_secret'] === this.clientSecret)
      if (!isOurs) return { ok: false, error: 'bad_client_secret' }
      const code = String(parameters['code'])
      const member = this.#membersByCode.get(code)
      this.#membersByCode.delete(code)
      if (!member) return { ok: false, error: 'invalid_code' }
      return {
        ok: true,
        access_token: this.tokenFor(member),
        token_type: 'bot',
        scope: 'chat:write,im:write,users:read',
        team: { id: member.teamId, name: member.workspace },
        authed_user: { id: member.slackUserId },
      }
    },
    '/api/users.info': (parameters, request) => {
      const member = this.#memberOf(request)
      if (!member) return { ok: false, error: 'invalid_auth' }
      if (parameters['user'] !== member.slackUserId) return { ok: false, error: 'user_not_found' }
      return {
        ok: true,
        user: {
          id: member.slackUserId,
          team_id: member.teamId,
          name: member.handle,
          profile: { display_name: member.handle },
        },
      }
    },
    '/api/auth.revoke': (_parameters, request) => {
      if (!this.#memberOf(request)) return { ok: false, error: 'invalid_auth' }
      this.revoke(bearerOf(request))
      return { ok: true, revoked: true }
    },
    '/api/chat.postMessage': (parameters, request) => {
      const member = this.#memberOf(request)
      if (!member) return { ok: false, error: 'token_revoked' }
      if (parameters['channel'] !== member.slackUserId) return { ok: false, error: 'channel_not_found' }
      const clientMessageId = String(parameters['client_msg_id'])
      const channel = `D${member.slackUserId.slice(1)}`
      // The same key is the same message.
      const earlier = this.messages.find((message) => message.clientMessageId === clientMessageId)
      const ts = earlier?.ts ?? `1700000000.${String(this.messages.length).padStart(6, '0')}`
      if (!earlier) {
        this.messages.push({
          token: bearerOf(request),
          channel: member.slackUserId,
          text: String(parameters['text']),
          blocks: parameters['blocks'] as Record<string, unknown>[],
          clientMessageId,
          ts,
        })
      }
      return { ok: true, channel, ts }
    },
  }

  #memberOf(request: ReceivedRequest): SlackMember | undefined {
    return this.#membersByToken.get(bearerOf(request))
  }
}

function bearerOf({ headers }: ReceivedRequest): string {
  return (headers.authorization ?? '').replace(/^Bearer /, '')
}

function parametersOf({ headers, body, query }: ReceivedRequest): Record<string, unknown> {
  const text = body.toString('utf8')
  const inBody = headers['content-type']?.startsWith('application/json')
    ? (JSON.parse(text) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(text))
  return { ...Object.fromEntries(query), ...inBody }
}
