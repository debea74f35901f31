import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'

import { recordOwnActivity } from '../../activity/record-activity.ts'
import type { Context } from '../../context.ts'
import { childrenOf } from '../../lib/plain-xml.ts'
import { announceRevocations } from '../revocation.ts'
import { isFirst } from './saml-answer.service.ts'
import {
  checkSignatureShapes,
  decodeBase64,
  instantOf,
  messageSeconds,
  only,
  readMessage,
  refuseAfter,
  type SamlMessage,
  samlNames,
  successStatus,
  textOf,
} from './saml-message.ts'
import { openOwnKey, ownMessage } from './saml-own-message.ts'
import { currentSettings, validCertificates } from './saml-protocol.ts'
import { readSignedQuery, signedUrl } from './saml-redirect.ts'
import type { SamlSettings, SsoConnection } from './sso-connection.entity.ts'
import { type SsoContext, ssoUrls, UntrustedAnswer } from './sso-protocol.ts'

const { protocol, assertion, signature } = samlNames

/** A logout that a provider asks for: in the query of a URL, or in a form. */
export type LogoutForm = { query: string } | { request: string; relayState: string | null }

/**
 * Ends what a person reached through a provider, because they signed out of it. A session that it opened ends, unless
 * another provider vouches for it as well; one that was opened otherwise merely loses the account.
 * @returns where the browser goes, to tell the provider
 * @throws UntrustedAnswer
 */
export async function logOut(
  ctx: SsoContext & Pick<Context, 'origin'>,
  connection: SsoConnection,
  form: LogoutForm,
): Promise<string> {
  const settings = await currentSettings(ctx, connection)
  const { message, relayState } = await readLogout(ctx, connection, settings, form)
  const nameId = textOf(only(message.root, assertion, 'NameID'))
  const indexes = childrenOf(message.root, protocol, 'SessionIndex').map(textOf)
  const forgetAt = new Date(message.issuedAt.getTime() + messageSeconds * 2000)
  if (!(await isFirst(ctx, connection, message.id, forgetAt))) throw new UntrustedAnswer('it came before')
  await endSessions(ctx, connection, nameId, indexes)

  const { logoutAnswerUrl } = settings
  if (logoutAnswerUrl === null) return '/sign-in'
  const { xml } = ownMessage(ctx, connection, {
    name: 'LogoutResponse',
    destination: logoutAnswerUrl,
    attributes: { InResponseTo: message.id },
    content: `<samlp:Status><samlp:StatusCode Value="${successStatus}"/></samlp:Status>`,
  })
  return signedUrl(logoutAnswerUrl, { kind: 'SAMLResponse', xml, relayState }, openOwnKey(ctx, connection))
}

async function readLogout(
  ctx: SsoContext,
  connection: SsoConnection,
  settings: SamlSettings,
  form: LogoutForm,
): Promise<{ message: SamlMessage; relayState: string | null }> {
  const now = ctx.clock.now()
  const certificates = validCertificates(settings, now)
  const carried =
    'query' in form
      ? readSignedQuery(form.query, 'SAMLRequest', certificates)
      : { xml: decodeBase64(form.request), relayState: form.relayState }
  const { samlLogout, samlMetadata } = ssoUrls(ctx.config.publicUrl, connection.id)
  const message = readMessage(carried.xml, {
    name: 'LogoutRequest',
    children: [
      [assertion, 'Issuer'],
      [signature, 'Signature'],
      [protocol, 'Extensions'],
      [assertion, 'NameID'],
      [protocol, 'SessionIndex'],
    ],
    issuer: settings.issuer,
    destination: samlLogout,
    now,
  })
  if (message.root.attributes.has('NotOnOrAfter')) refuseAfter(instantOf(message.root, 'NotOnOrAfter'), now)
  if ('request' in form) {
    checkSignatureShapes(message.root, [message.root])
    await verifyForm(message.xml, settings.issuer, samlMetadata, certificates)
  }
  return { message, relayState: carried.relayState }
}

/** Its one signature, whose shape was looked at, is over all of it. */
async function verifyForm(
  xml: string,
  idpIssuer: string,
  entityId: string,
  certificates: readonly string[],
): Promise<void> {
  if (certificates.length === 0) throw new UntrustedAnswer('no certificate of the provider is valid')
  const library = new SAML({
    idpCert: [...certificates],
    idpIssuer,
    issuer: entityId,
    callbackUrl: entityId,
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: -1,
  })
  try {
    await library.validatePostRequestAsync({ SAMLRequest: Buffer.from(xml).toString('base64') })
  } catch {
    throw new UntrustedAnswer('its signatures do not hold')
  }
}

interface LostSession {
  userId: string
  sessionId: string
}

async function endSessions(
  ctx: SsoContext & Pick<Context, 'origin'>,
  { accountId, id }: SsoConnection,
  nameId: string,
  sessionIndexes: readonly string[],
): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const lost = await tx.execute<LostSession[]>(
      `delete from session_account where connection_id = ? and name_id = ?
          and (? or session_index = any(string_to_array(?, E'\\n')))
        returning user_id as "userId", session_id as "sessionId"`,
      [id, nameId, sessionIndexes.length === 0, sessionIndexes.join('\n')],
    )
    for (const { userId, sessionId } of lost) {
      const [ended] = await tx.execute<{ device: string }[]>(
        `delete from session s where user_id = ? and id = ? and method = 'SSO' and not exists (
            select 1 from session_account c where c.user_id = s.user_id and c.session_id = s.id)
          returning device`,
        [userId, sessionId],
      )
      if (ended)
        recordOwnActivity(tx, ctx, { action: 'SESSION_ENDED', subject: ended.device, userId, accountId })
    }
    await announceRevocations(
      tx,
      lost.map(({ sessionId }) => sessionId),
    )
  })
}
