import { SsoConnection, SsoProtocol } from '../src/security/sso/sso-connection.entity.ts'
import type { Account } from '../src/accounts/account.entity.ts'
import { loadConfig } from '../src/config.ts'
import { OutboundHttp } from '../src/lib/outbound-http.ts'
import { newId } from '../src/lib/ids.ts'
import { openSealingKeys } from '../src/open-sealing-keys.ts'
import { hashOfSecret, newSecretKey } from '../src/security/secret-keys.ts'
import { samlProtocol } from '../src/security/sso/saml-protocol.ts'
import { type SsoContext, type SsoSettingsInput, ssoUrls } from '../src/security/sso/sso-protocol.ts'
import {
  keepRequest,
  type SsoPurpose,
  type SsoRequest,
  takeVouched,
} from '../src/security/sso/sso-request.ts'
import { createTestServer, type TestServer } from './server.ts'
import { testSecretKeys } from './secret-keys.ts'
import type { SamlAnswer, SamlProvider } from './stand-ins/saml-provider.ts'

/** A browser that went to the provider. */
interface BegunSignOn {
  state: string
  browserKey: string
  requestId: string
  url: URL
}

export const nothingTyped: SsoSettingsInput = {
  issuer: null,
  clientId: null,
  clientSecret: null,
  metadataUrl: null,
  metadataXml: null,
  allowIdpInitiated: null,
}

/** A server, and what single sign-on does between a browser and a provider, step by step. */
export class SamlScene {
  readonly server: TestServer
  readonly provider: SamlProvider
  readonly ctx: SsoContext

  private constructor(server: TestServer, provider: SamlProvider, ctx: SsoContext) {
    this.server = server
    this.provider = provider
    this.ctx = ctx
  }

  static async open(provider: SamlProvider): Promise<SamlScene> {
    const environment = { ALLOWED_OUTBOUND_HOSTS: provider.host }
    const server = await createTestServer({ environment })
    const config = loadConfig({
      PUBLIC_URL: 'http://localhost:4000',
      SECRET_KEYS: testSecretKeys,
      ...environment,
    })
    const http = new OutboundHttp({ allowedHosts: [provider.host] })
    const sealing = await openSealingKeys(config)
    const { clock, orm } = server
    return new SamlScene(server, provider, { em: orm.em.fork(), clock, config, http, sealing })
  }

  async connect(
    account: Pick<Account, 'id'>,
    input: Partial<SsoSettingsInput> = { metadataXml: this.provider.metadata },
  ): Promise<SsoConnection> {
    const em = this.server.orm.em.fork()
    const id = newId()
    const configured = await samlProtocol.configure(this.ctx, id, { ...nothingTyped, ...input }, null)
    const now = this.ctx.clock.now()
    const connection = em.create(SsoConnection, {
      id,
      accountId: account.id,
      name: 'Sample Provider',
      protocol: SsoProtocol.SAML,
      createJustInTime: false,
      createdAt: now,
      changedAt: now,
      ...configured,
    })
    await em.persist(connection).flush()
    return connection
  }

  async begin(connection: SsoConnection, purpose: SsoPurpose = 'SIGN_IN'): Promise<BegunSignOn> {
    const [state, browserKey] = [newSecretKey(), newSecretKey()]
    const errand = { state, forceLogin: purpose === 'STEP_UP' }
    const { url, details } = await samlProtocol.begin(this.ctx, connection, errand)
    const request: SsoRequest = {
      accountId: connection.accountId,
      connectionId: connection.id,
      connectionChangedAt: connection.changedAt,
      purpose,
      unsolicited: false,
      userId: null,
      sessionId: null,
      nextPath: null,
      browserHash: hashOfSecret(browserKey),
      createdAt: this.ctx.clock.now(),
    }
    await keepRequest(this.ctx, state, request, details)
    return { state, browserKey, requestId: details['requestId'] ?? '', url: new URL(url) }
  }

  /** What the provider would say of somebody to this connection. */
  answer(connection: SsoConnection, requestId: string | null, about: Partial<SamlAnswer> = {}): SamlAnswer {
    const { samlAcs, samlMetadata } = ssoUrls(this.ctx.config.publicUrl, connection.id)
    return {
      acsUrl: samlAcs,
      audience: samlMetadata,
      inResponseTo: requestId,
      now: this.ctx.clock.now(),
      nameId: 'ada',
      ...about,
    }
  }

  post(path: string, form: Record<string, string>): Promise<Response> {
    return fetch(`${this.server.url}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
  }

  /** Posts a response as the provider's page makes a browser do. */
  postAnswer(connection: SsoConnection, response: string, state?: string): Promise<Response> {
    return this.post(`/sso/saml/${connection.id}/acs`, {
      SAMLResponse: response,
      ...(state === undefined ? {} : { RelayState: state }),
    })
  }

  /** Whom the answer vouched for, or why it was refused, in that browser. */
  async vouched(answer: Response, browserKey: string): ReturnType<typeof takeVouched> {
    const result = /^\/sso\/finish\?result=([\w-]{43})$/.exec(answer.headers.get('location') ?? '')?.[1]
    return result === undefined ? undefined : takeVouched(this.ctx, result, browserKey)
  }
}
