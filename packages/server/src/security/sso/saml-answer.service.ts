import type { Context } from '../../context.ts'
import { currentSettings, validCertificates } from './saml-protocol.ts'
import { readResponse } from './saml-response.ts'
import type { SsoConnection } from './sso-connection.entity.ts'
import { type SsoContext, ssoUrls, UntrustedAnswer, type VouchedIdentity } from './sso-protocol.ts'
import {
  browserKeyOf,
  keepRefused,
  keepVouched,
  requestSeconds,
  type SsoRequest,
  takeRequest,
  unsolicitedRequest,
} from './sso-request.ts'

type AnswerContext = SsoContext & Pick<Context, 'cookies'>

/** What a provider's page posts. */
export interface SamlForm {
  response: string
  relayState: string | null
}

/**
 * Takes a provider's answer, once: the request that it answers is gone however it ends, and so is the assertion. An
 * answer to no request counts only where the connection allows it, and then for signing in alone.
 * @returns what `/sso/finish?result=` takes in the browser that began, which is told there of a refusal as well
 * @throws UntrustedAnswer for one that is refused and answers no request
 */
export async function takeAnswer(
  ctx: AnswerContext,
  connection: SsoConnection,
  { response, relayState }: SamlForm,
): Promise<{ result: string; refusal: string | null }> {
  const begun = relayState === null ? undefined : await takeRequest(ctx, relayState, 'UNKNOWN')
  try {
    const identity = await believe(ctx, connection, response, begun)
    const request = begun?.request ?? beginUnasked(ctx, connection)
    return { result: await keepVouched(ctx, request, identity), refusal: null }
  } catch (error) {
    if (!begun || !(error instanceof UntrustedAnswer)) throw error
    return { result: await keepRefused(ctx, begun.request, error), refusal: error.detail }
  }
}

async function believe(
  ctx: AnswerContext,
  connection: SsoConnection,
  response: string,
  begun: Awaited<ReturnType<typeof takeRequest>>,
): Promise<VouchedIdentity> {
  if (begun && !isOf(begun.request, connection)) throw new UntrustedAnswer('it is of another connection')
  const settings = await currentSettings(ctx, connection)
  if (!begun && !settings.allowIdpInitiated) throw new UntrustedAnswer('it answers no request')
  const { samlAcs, samlMetadata } = ssoUrls(ctx.config.publicUrl, connection.id)
  const now = ctx.clock.now()
  const { identity, assertionId, forgetAt } = await readResponse(response, {
    issuer: settings.issuer,
    certificates: validCertificates(settings, now),
    entityId: samlMetadata,
    acsUrl: samlAcs,
    requestId: begun?.details['requestId'] ?? null,
    now,
  })
  if (!(await isFirst(ctx, connection, assertionId, forgetAt))) throw new UntrustedAnswer('it came before')
  return identity
}

/** Of many that bring one id at once, one is first. */
export async function isFirst(
  { em }: Pick<SsoContext, 'em'>,
  { id }: SsoConnection,
  messageId: string,
  forgetAt: Date,
): Promise<boolean> {
  const inserted: unknown[] = await em.fork().execute(
    `insert into saml_assertion (connection_id, id, expires_at) values (?, ?, ?)
      on conflict do nothing returning id`,
    [id, messageId.slice(0, 500), forgetAt],
  )
  return inserted.length > 0
}

function isOf(
  { connectionId, connectionChangedAt }: SsoRequest,
  { id, changedAt }: SsoConnection,
): boolean {
  return connectionId === id && connectionChangedAt.getTime() === changedAt.getTime()
}

/** The browser gets the cookie by which it is known on its next step. */
function beginUnasked(ctx: AnswerContext, connection: SsoConnection): SsoRequest {
  const browserKey = browserKeyOf(ctx)
  ctx.cookies?.beginSso(browserKey, requestSeconds)
  return unsolicitedRequest(ctx, connection, browserKey)
}
