import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  clockSkew,
  clockTolerance,
  Configuration,
  customFetch,
  type CustomFetch,
  discovery,
  enableNonRepudiationChecks,
  type ServerMetadata,
} from 'openid-client'

import type { Context } from '../../context.ts'
import { AppError } from '../../errors/app-error.ts'
import type { OutboundHttp } from '../../lib/outbound-http.ts'

/** Signatures by a key that the provider publishes. Never `none`, and none that our own secret could make. */
const acceptedAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']
/** How far the provider's clock may be from ours. */
const toleratedSeconds = 5
const deadlineSeconds = 5
/** Its endpoints and keys hardly ever change; this long a change may go unseen. */
const rememberedMilliseconds = 600_000
const mostRemembered = 1000

/** The provider did not answer, or not in time, or with an error of its own. */
export class ProviderSilent extends AppError {
  constructor(readonly detail: string) {
    super('SSO_UNAVAILABLE')
  }
}

interface Remembered {
  /** Asked once however many people come at the same moment. */
  metadata: Promise<ServerMetadata>
  at: Date
}

/** For each process, as each has one way out. */
const remembered = new WeakMap<OutboundHttp, Map<string, Remembered>>()

type Asking = Pick<Context, 'http' | 'clock'>

/**
 * What the provider says of itself, from its own well-known address.
 * @throws ProviderSilent; otherwise whatever openid-client finds wrong with it
 */
export async function askMetadata({ http }: Asking, issuer: string): Promise<ServerMetadata> {
  const config = await discovery(new URL(issuer), 'unused', undefined, undefined, {
    [customFetch]: fetchOver(http),
    timeout: deadlineSeconds,
    execute: insecureIfPlain(issuer),
  })
  // A copy without the functions that openid-client adds to it.
  return { ...config.serverMetadata() }
}

/** The same, as it was said a little while ago. */
export async function findMetadata(ctx: Asking, issuer: string): Promise<ServerMetadata> {
  const now = ctx.clock.now()
  const known = remembered.get(ctx.http) ?? new Map<string, Remembered>()
  remembered.set(ctx.http, known)
  const earlier = known.get(issuer)
  if (earlier && now.getTime() - earlier.at.getTime() < rememberedMilliseconds) return earlier.metadata

  if (known.size >= mostRemembered) known.clear()
  const metadata = askMetadata(ctx, issuer)
  known.set(issuer, { metadata, at: now })
  metadata.catch(() => known.delete(issuer))
  return metadata
}

/** What makes a provider of no use to us, or null. Its answers must be signed, and its pages be reached by a browser. */
export function faultOfMetadata(metadata: ServerMetadata): string | null {
  const { authorization_endpoint, token_endpoint, jwks_uri } = metadata
  if (![authorization_endpoint, token_endpoint, jwks_uri].every(isOfWeb)) return 'an endpoint is missing'
  return algorithmsOf(metadata).length > 0 ? null : 'it signs in no way that is accepted here'
}

/** Whether a browser, or we, may be led there. */
export function isOfWeb(url: string | undefined): boolean {
  return /^https?:$/.test(URL.parse(url ?? '')?.protocol ?? '')
}

interface Client {
  clientId: string
  clientSecret: string
}

/** openid-client's view of a provider and of us: every answer signed, on our clock, over our one way out. */
export function configurationOf(
  { http, clock }: Asking,
  metadata: ServerMetadata,
  { clientId, clientSecret }: Client,
): Configuration {
  const accepted = { ...metadata, id_token_signing_alg_values_supported: algorithmsOf(metadata) }
  const skew = Math.round((clock.now().getTime() - Date.now()) / 1000)
  const config = new Configuration(
    accepted,
    clientId,
    { [clockSkew]: skew, [clockTolerance]: toleratedSeconds },
    takesBasic(metadata) ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret),
  )
  config[customFetch] = fetchOver(http)
  config.timeout = deadlineSeconds
  for (const execute of [...insecureIfPlain(metadata.issuer), enableNonRepudiationChecks]) execute(config)
  return config
}

/** Basic is what a provider takes that does not say. Source: OpenID Connect Discovery 1.0, section 3. */
function takesBasic({ token_endpoint_auth_methods_supported: methods }: ServerMetadata): boolean {
  return methods?.includes('client_secret_basic') ?? true
}

function algorithmsOf({ id_token_signing_alg_values_supported: supported }: ServerMetadata): string[] {
  return acceptedAlgorithms.filter((algorithm) => supported?.includes(algorithm) ?? algorithm === 'RS256')
}

/** Which hosts may be called without https is for our way out to say: those that the operator named. */
function insecureIfPlain(issuer: string): ((config: Configuration) => void)[] {
  // The mark of deprecation is there to make one look twice.
  // oxlint-disable-next-line typescript/no-deprecated
  return new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : []
}

/** @throws ProviderSilent */
function fetchOver(http: OutboundHttp): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await http.request({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      // All that is ever posted is a form.
      ...(body instanceof URLSearchParams ? { body: body.toString() } : {}),
    })
    if (answer.kind !== 'answered') throw new ProviderSilent(answer.detail)
    if (answer.status >= 500) throw new ProviderSilent(`it answered ${answer.status}`)
    return new Response(answer.body === '' ? null : answer.body, answer)
  }
}
