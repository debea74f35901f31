import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { isId } from '../lib/ids.ts'
import { takeAnswer } from '../security/sso/saml-answer.service.ts'
import { logOut, type LogoutForm } from '../security/sso/saml-logout.service.ts'
import { ownMetadata } from '../security/sso/saml-metadata.ts'
import { samlSettingsOf } from '../security/sso/saml-protocol.ts'
import { SsoConnection, SsoProtocol } from '../security/sso/sso-connection.entity.ts'
import { ssoUrls, UntrustedAnswer } from '../security/sso/sso-protocol.ts'
import { rememberRefusal } from '../security/sso/sso-refusal.ts'

interface SamlParts {
  /** With nobody signed in: a POST from a provider's page brings no cookie. */
  createContext(request: FastifyRequest, reply: FastifyReply): Context
}

interface OfConnection {
  Params: { connectionId: string }
}

/** A response of ours has some 10 KB; providers that send all of somebody's groups send more. */
const formBytes = 262_144
/** RelayState has 80 bytes at most, of which we use 43. Source: saml-bindings-2.0-os, section 3.4.3. */
const longestRelayState = 80

/**
 * Serves `/sso/saml/<connection>/…`: the metadata that administrators give to their provider, the place where its page
 * posts who signed in, and single logout. All that is not believed is answered alike; why stands in the log.
 */
export function serveSaml(app: FastifyInstance, { createContext }: SamlParts): void {
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytes },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    )

    routes.get<OfConnection>('/sso/saml/:connectionId/metadata', async (request, reply) => {
      const ctx = createContext(request, reply)
      const connection = await findConnection(ctx, request)
      if (!connection) return reply.code(404).send()
      const { samlMetadata, samlAcs, samlLogout } = ssoUrls(ctx.config.publicUrl, connection.id)
      const { ownCertificate } = samlSettingsOf(connection)
      return reply.type('application/samlmetadata+xml').send(
        ownMetadata({
          entityId: samlMetadata,
          acsUrl: samlAcs,
          logoutUrl: samlLogout,
          certificate: ownCertificate,
        }),
      )
    })

    routes.post<OfConnection>('/sso/saml/:connectionId/acs', async (request, reply) => {
      const ctx = createContext(request, reply)
      // What a browser is refused here it began nowhere, as far as we know: no account is named for it.
      rememberRefusal(ctx, null)
      const connection = await findConnection(ctx, request)
      const response = fieldOf(request, 'SAMLResponse')
      if (!connection || response === null) return reply.redirect(placeOfRefusal, 303)
      try {
        const form = { response, relayState: relayStateOf(request) }
        const { result, refusal } = await takeAnswer(ctx, connection, form)
        if (refusal !== null) logRefusal(request, connection, refusal)
        return await reply.redirect(`/sso/finish?result=${result}`, 303)
      } catch (error) {
        return refuse(request, reply, connection, error, placeOfRefusal)
      }
    })

    routes.route<OfConnection>({
      method: ['GET', 'POST'],
      url: '/sso/saml/:connectionId/logout',
      handler: async (request, reply) => {
        const ctx = createContext(request, reply)
        const connection = await findConnection(ctx, request)
        const form = logoutFormOf(request)
        // An answer to a logout of ours changes nothing here any more, whoever it is from.
        if (!connection || !form) return reply.redirect('/sign-in', 303)
        try {
          return await reply.redirect(await logOut(ctx, connection, form), 303)
        } catch (error) {
          return refuse(request, reply, connection, error, '/sign-in')
        }
      },
    })
    done()
  })
}

async function findConnection(
  { em }: Pick<Context, 'em'>,
  { params: { connectionId: id } }: FastifyRequest<OfConnection>,
): Promise<SsoConnection | null> {
  return isId(id) ? em.findOne(SsoConnection, { id, protocol: SsoProtocol.SAML }) : null
}

/** Where a browser is told that it was refused, which began nothing here. */
const placeOfRefusal = '/sign-in?sso=SSO_REFUSED'

async function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  connection: SsoConnection,
  error: unknown,
  place: string,
): Promise<FastifyReply> {
  if (!(error instanceof UntrustedAnswer)) throw error
  logRefusal(request, connection, error.detail)
  return reply.redirect(place, 303)
}

/** @param refusal in words of ours: nothing of what was sent is in it */
function logRefusal({ log }: FastifyRequest, { id, accountId }: SsoConnection, refusal: string): void {
  log.warn({ accountId, connectionId: id, refusal }, 'single sign-on was refused')
}

/** A field that stands in the form once. */
function fieldOf({ body }: Pick<FastifyRequest, 'body'>, name: string): string | null {
  if (!(body instanceof URLSearchParams)) return null
  const [value, ...others] = body.getAll(name)
  return value === undefined || others.length > 0 ? null : value
}

function relayStateOf(request: Pick<FastifyRequest, 'body'>): string | null {
  const relayState = fieldOf(request, 'RelayState')
  return relayState !== null && relayState.length <= longestRelayState ? relayState : null
}

function logoutFormOf(request: FastifyRequest): LogoutForm | null {
  if (request.method === 'GET') {
    const query = request.url.slice(request.url.indexOf('?') + 1)
    return new URLSearchParams(query).has('SAMLRequest') ? { query } : null
  }
  const samlRequest = fieldOf(request, 'SAMLRequest')
  return samlRequest === null ? null : { request: samlRequest, relayState: relayStateOf(request) }
}
