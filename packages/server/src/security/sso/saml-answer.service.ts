import type { Context } from '../../context.ts'
import { SamlRefusal } from './saml-message.ts'
import { currentSettings, validCertificates } from './saml-protocol.ts'
import { readResponse } from './saml-response.ts'
import type { SsoConnection } from './sso-connection.entity.ts'
import { type SsoContext, ssoUrls } from './sso-protocol.ts'
import {
  browserKeyOf,
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

/** What came of an answer. The request tells where the browser goes with a refusal; null when there was none. */
export type SamlOutcome =
  | { kind: 'vouched'; result: string }
  | { kind: 'refused'; request: SsoRequest | null; reason: string }

/**
 * Takes a provider's answer, once: the request that it answers is gone however it ends, and so is the assertion. An
 * answer to no request counts only where the connection allows it, and then for signing in alone.
 */
export async function takeAnswer(
  ctx: AnswerContext,
  connection: SsoConnection,
  { response, relayState }: SamlForm,
): Promise<SamlOutcome> {
  const begun = relayState === null ? undefined : await takeRequest(ctx, relayState, 'UNKNOWN')
  const refused = (reason: string) =>
    ({ kind: 'refused', request: begun?.request ?? null, reason }) as const
  const settings = await currentSettings(ctx, connection)
  if (!begun && !settings.allowIdpInitiated) return refused('it answers no request')
  if (begun && !isOf(begun.request, connection)) return refused('it is of another connection')

  const { samlAcs, samlMetadata } = ssoUrls(ctx.config.publicUrl, connection.id)
  try {
    const { identity, assertionId, forgetAt } = await readResponse(response, {
      issuer: settings.issuer,
      certificates: validCertificates(settings, ctx.clock.now()),
      entityId: samlMetadata,
      acsUrl: samlAcs,
      requestId: begun?.details['requestId'] ?? null,
      now: ctx.clock.now(),
    })
    if (!(await isFirst(ctx, connection, assertionId, forgetAt))) return refused('it came before')
    const request = begun?.request ?? beginUnasked(ctx, connection)
    return { kind: 'vouched', result: await keepVouched(ctx, request, identity) }
  } catch (error) {
    if (error instanceof SamlRefusal) return refused(error.message)
    throw error
  }
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
