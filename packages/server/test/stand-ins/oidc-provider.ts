import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import {
  type CryptoKey,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose'
import { Provider } from 'oidc-provider'

/** Who is signed in at the provider. */
export interface ProvidersPerson {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
}

/** What the provider's token endpoint says, before it reaches who asked. */
export interface TokenAnswer {
  idToken: string
  /** Signs with the provider's own key. */
  sign(claims: JWTPayload, header?: { kid?: string }): Promise<string>
}

type Mutation = (answer: TokenAnswer) => string | Promise<string>

const clientId = 'lanyard'
const clientSecret = 'a-secret-of-a-client-that-is-long-enough'
const keyId = 'of-the-provider'

/**
 * A real OpenID provider on this machine, behind a proxy that can be told to change what passes, or to say nothing at
 * all. Whoever comes is `person`, and agrees to everything.
 */
export class OidcProviderStandIn implements AsyncDisposable {
  readonly clientId = clientId
  readonly clientSecret = clientSecret
  person: ProvidersPerson = { sub: 'nobody' }
  readonly #proxy: Server
  readonly #provider: Server
  readonly #key: CryptoKey
  #mutation: Mutation | undefined
  #metadataChanges: Record<string, unknown> = {}
  #isSilent = false
  /** Paths that were asked for. */
  readonly asked: string[] = []

  /** @param claimsInIdToken whether names and addresses stand in the ID token, or are kept for the userinfo endpoint */
  static async listen({
    redirectUri = 'http://localhost:4000/sso/oidc/callback',
    claimsInIdToken = true,
    /** Any that is free when 0. */
    port = 0,
  } = {}): Promise<OidcProviderStandIn> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true })
    const standIn = new OidcProviderStandIn(privateKey)
    standIn.#proxy.listen(port, '127.0.0.1')
    standIn.#provider.listen(0, '127.0.0.1')
    for (const server of [standIn.#proxy, standIn.#provider]) {
      if (!server.listening) await once(server, 'listening')
    }
    await standIn.#start(redirectUri, claimsInIdToken)
    return standIn
  }

  private constructor(key: CryptoKey) {
    this.#key = key
    this.#provider = createServer()
    this.#proxy = createServer((request, response) => void this.#pass(request, response))
  }

  /** As `127.0.0.1:4711`, for ALLOWED_OUTBOUND_HOSTS. */
  get host(): string {
    return hostOf(this.#proxy)
  }

  get issuer(): string {
    return `http://${this.host}`
  }

  /** Of every ID token from now on. */
  mutateIdTokens(mutation: Mutation | undefined): void {
    this.#mutation = mutation
  }

  /** Says this of itself instead. */
  changeMetadata(changes: Record<string, unknown>): void {
    this.#metadataChanges = changes
  }

  /** Takes requests and answers none. */
  fallSilent(isSilent = true): void {
    this.#isSilent = isSilent
  }

  /** The browser at the provider, with cookies of its own. @returns where the provider sends it in the end */
  async visit(url: string): Promise<URL> {
    const cookies = new Map<string, string>()
    let next = new URL(url)
    for (let hops = 0; hops < 10; hops++) {
      const response = await fetch(next, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        cookies.set(name, value)
      }
      const location = response.headers.get('location')
      if (location === null) throw new Error(`the provider shows a page: ${await response.text()}`)
      next = new URL(location, next)
      if (next.host !== this.host) return next
    }
    throw new Error('the provider leads around in a circle')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#proxy, this.#provider]) {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }

  async #start(redirectUri: string, claimsInIdToken: boolean): Promise<void> {
    const jwk = { ...(await exportJWK(this.#key)), kid: keyId, alg: 'RS256', use: 'sig' }
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      jwks: { keys: [jwk] },
      cookies: { keys: ['of-the-provider'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims: !claimsInIdToken,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      findAccount: (_ctx, accountId) => ({
        accountId,
        claims: () => ({ ...this.person, sub: accountId }),
      }),
      loadExistingGrant: async ({ oidc }) => {
        const grant = new provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      },
      ttl: {
        AccessToken: 60,
        AuthorizationCode: 60,
        Grant: 600,
        IdToken: 3600,
        Interaction: 600,
        Session: 600,
      },
      // What is wrong is asked of Lanyard.
      renderError: (ctx, out) => {
        ctx.body = JSON.stringify(out)
      },
    })
    provider.proxy = true
    const serve = provider.callback()
    this.#provider.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const login = { accountId: this.person.sub, remember: false }
      void (request.url?.startsWith('/interaction/')
        ? provider.interactionFinished(request, response, { login })
        : serve(request, response))
    })
  }

  async #pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = incoming.url ?? '/'
    this.asked.push(path)
    if (this.#isSilent) return
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { cookie = '', authorization = '', 'content-type': type = '' } = incoming.headers
    const answer = await fetch(`http://${hostOf(this.#provider)}${path}`, {
      method: incoming.method ?? 'GET',
      redirect: 'manual',
      headers: {
        'x-forwarded-host': this.host,
        'x-forwarded-proto': 'http',
        ...(cookie && { cookie }),
        ...(authorization && { authorization }),
        ...(type && { 'content-type': type }),
      },
      ...(incoming.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    })
    const body = await this.#mutate(path, await answer.text())
    outgoing.statusCode = answer.status
    for (const [name, value] of answer.headers) {
      if (!/^(?:content-length|transfer-encoding|connection|set-cookie)$/.test(name)) {
        outgoing.setHeader(name, value)
      }
    }
    outgoing.setHeader('set-cookie', answer.headers.getSetCookie())
    outgoing.end(body)
  }

  async #mutate(path: string, body: string): Promise<string> {
    if (path === '/.well-known/openid-configuration') {
      return JSON.stringify({ ...(JSON.parse(body) as object), ...this.#metadataChanges })
    }
    if (path !== '/token' || !this.#mutation) return body
    const said = JSON.parse(body) as { id_token?: string }
    if (said.id_token === undefined) return body
    const sign: TokenAnswer['sign'] = (claims, header = {}) => signWith(this.#key, claims, header)
    return JSON.stringify({ ...said, id_token: await this.#mutation({ idToken: said.id_token, sign }) })
  }
}

/** Signs as the provider does, with whichever key. */
export function signWith(
  key: CryptoKey,
  claims: JWTPayload,
  header: { kid?: string } = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: keyId, ...header }).sign(key)
}

/** The same token with some claims changed, or left out where they are undefined, signed by the provider. */
export function withClaims(changes: Record<string, unknown>): Mutation {
  return ({ idToken, sign }) => sign({ ...decodeJwt(idToken), ...changes })
}

/** The token with another header, and a signature that is whatever is given. */
export function withHeader(idToken: string, changes: Record<string, unknown>, signature = ''): string {
  const [, payload = ''] = idToken.split('.')
  const header = { ...decodeProtectedHeader(idToken), ...changes }
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
