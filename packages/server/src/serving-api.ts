import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'

import type { Config } from './config.ts'
import type { Context, RequestOrigin, SessionCookies } from './context.ts'
import { Admission } from './http/admission.ts'
import { startApolloServer } from './http/apollo-server.ts'
import { serveAvatars } from './http/avatars.ts'
import { serveClient } from './http/client-files.ts'
import { cookieNames, sessionCookies, sessionKeyOf } from './http/cookies.ts'
import { serveGraphQL } from './http/graphql-http.ts'
import { serveSockets } from './http/graphql-sockets.ts'
import {
  type Credential,
  credentialOf,
  type IdentificationContext,
  identify,
  requireToken,
} from './http/identify.ts'
import { serveLeakedTokens } from './http/leaked-tokens.ts'
import type { LiveSockets } from './http/live-sockets.ts'
import type { Metrics } from './http/metrics.ts'
import { ownOrigins, refuseForeignOrigin } from './http/origins.ts'
import { serveOutbox } from './http/outbox.ts'
import { rawAnswers } from './http/raw-answer.ts'
import { serveSaml } from './http/saml-routes.ts'
import { serveSenderCard } from './http/sender-card.ts'
import { ShortRoute } from './http/short-route.ts'
import { serveSlackCallback } from './http/slack-callback.ts'
import { serveSso } from './http/sso-routes.ts'
import type { TrustedDocuments } from './http/trusted-documents.ts'
import { servePlainPageStyle } from './lib/plain-page.ts'
import { listenToCarriers } from './listening-to-carriers.ts'
import { serveUnsubscribe } from './notifications/unsubscribe-page.ts'
import { findSession } from './security/find-session.ts'
import { serveNotMe } from './security/not-me-page.ts'
import { serveSetup } from './setup/setup-page.ts'
import { PictureDecoding } from './users/picture-decoding.ts'
import type { Viewer } from './viewer.ts'

interface ApiParts extends Pick<
  Context,
  'statements' | 'clock' | 'sealing' | 'linkSigning' | 'reader' | 'inbox' | 'http'
> {
  config: Config
  /** The built client. */
  clientDirectory: string
  schema: GraphQLSchema
  sockets: LiveSockets
  metrics: Metrics
  trustedDocuments: TrustedDocuments
  identification: IdentificationContext
  originOf(request: IncomingMessage, requestId: string): RequestOrigin
  createContext(origin: RequestOrigin, viewer: Viewer | null, cookies: SessionCookies | null): Context
  onError(error: unknown): void
}

/**
 * Serves everything but the probes and metrics, which a process that only works serves as well.
 * @returns what has to end before the process does
 */
export async function serveApi(app: FastifyInstance, parts: ApiParts): Promise<AsyncDisposable> {
  const { config, clientDirectory, schema, sockets, metrics, identification, originOf, createContext } =
    parts
  const { statements, linkSigning, reader, inbox, http } = parts
  const { limits, publicUrl } = config
  await using opened = new AsyncDisposableStack()

  const names = cookieNames(publicUrl)
  const origins = ownOrigins(publicUrl)
  const common = {
    schema,
    limits,
    admission: new Admission(schema, limits),
    trustedDocuments: parts.trustedDocuments,
    trustedDocumentsOnly: config.trustedDocumentsOnly,
  }
  const createHttpContext = (request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null) =>
    createContext(originOf(request.raw, request.id), viewer, sessionCookies(request, reply, names))
  const createNobodysContext = (request: FastifyRequest) =>
    identification.sceneOf(originOf(request.raw, request.id))
  const ownCredentialOf = (request: FastifyRequest) => {
    refuseForeignOrigin(request, origins)
    return credentialOf(request, names)
  }
  const identifyRequest = (credential: Credential | null, request: FastifyRequest) =>
    identify(identification, credential, () => originOf(request.raw, request.id))

  const apollo = await startApolloServer(app, schema, limits)
  opened.defer(() => apollo.stop())
  serveGraphQL(app, {
    ...common,
    apollo,
    metrics,
    shortRoute: new ShortRoute({
      ...common,
      statements,
      reader,
      ownField: 'me',
      identification,
      createContext: createHttpContext,
    }),
    credentialOf: ownCredentialOf,
    identify: identifyRequest,
    createContext: createHttpContext,
  })
  const sessionKeyOfUpgrade = ({ headers }: IncomingMessage) =>
    sessionKeyOf(app.parseCookie(headers.cookie ?? ''), names)
  opened.use(
    serveSockets(app.server, {
      ...common,
      log: app.log,
      rawAnswer: rawAnswers(publicUrl),
      inbox,
      origins,
      sockets,
      originOf: (request) => originOf(request, randomUUID()),
      hasSessionCookie: (request) => sessionKeyOfUpgrade(request) !== undefined,
      identifySession: async (request) => {
        const key = sessionKeyOfUpgrade(request)
        if (key === undefined) return null
        return findSession(identification, key, () =>
          identification.sceneOf(originOf(request, randomUUID())),
        )
      },
      identifyToken: (token, origin) => requireToken(identification, token, () => origin),
      createContext: (origin, viewer) => createContext(origin, viewer, null),
      onBadgeFrame: () => metrics.countBadgeFrame(),
      onUnforeseen: (error, requestId) =>
        app.log.error({ err: error, requestId }, 'unforeseen error on a socket'),
    }),
  )
  serveAvatars(app, {
    limits,
    statements,
    pictures: new PictureDecoding(limits.avatar),
    identify: (request) => identifyRequest(ownCredentialOf(request), request),
    createContext: createHttpContext,
  })
  serveLeakedTokens(app, createNobodysContext)
  const findViewer = async (request: FastifyRequest) => {
    const key = sessionKeyOf(request.cookies, names)
    if (key === undefined) return null
    return findSession(identification, key, () => createNobodysContext(request))
  }
  serveSenderCard(app, config, async (request) => (await findViewer(request)) !== null)
  serveSlackCallback(app, {
    http,
    createContext: async (request) =>
      createContext(originOf(request.raw, request.id), await findViewer(request), null),
  })
  serveSso(app, {
    publicUrl,
    createContext: async (request, reply) => createHttpContext(request, reply, await findViewer(request)),
  })
  serveOutbox(app, statements, config)
  servePlainPageStyle(app)
  serveSetup(app, { origins, createContext: createNobodysContext })
  serveUnsubscribe(app, { signing: linkSigning, createContext: createNobodysContext })
  serveNotMe(app, { createContext: createNobodysContext })
  serveSaml(app, { createContext: (request, reply) => createHttpContext(request, reply, null) })
  const listening = await listenToCarriers(app, parts)
  if (listening) opened.use(listening)
  await serveClient(app, clientDirectory)

  return opened.move()
}
