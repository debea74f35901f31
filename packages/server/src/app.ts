import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import cookie from '@fastify/cookie'
import proxyAddress from '@fastify/proxy-addr'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

import type { Config } from './config.ts'
import { type CodeAlarm, CodeWatch } from './contacts/code-watch.ts'
import { addressEffects } from './contacts/address-effects.ts'
import { MailDomains, type MailResolver, systemResolver } from './contacts/mail-domains.ts'
import type { Context, RequestOrigin, SessionCookies } from './context.ts'
import { LazyEntityManager } from './database/lazy-entity-manager.ts'
import { operatorsHosts } from './delivery/carriers/create-carriers.ts'
import { configuredChannels } from './delivery/configured-channels.ts'
import { deliveryDueTopic, DeliveryDesk } from './delivery/delivery-desk.ts'
import { startDelivering } from './delivering.ts'
import { DeliveryFeed } from './delivery/delivery-feed.ts'
import { deliveryChangedTopic } from './delivery/delivery-topic.ts'
import { openVapidKeys } from './delivery/vapid-keys.ts'
import { prepareMail } from './delivery/texts/mail.ts'
import { DatabaseListener } from './database/listener.ts'
import { createOrm } from './database/orm.ts'
import { StatementPool } from './database/statements.ts'
import { AppError } from './errors/app-error.ts'
import { startHousekeeping } from './housekeeping.ts'
import { Admission } from './http/admission.ts'
import { serveAvatars } from './http/avatars.ts'
import { serveClient } from './http/client-files.ts'
import { cookieNames, sessionCookies, sessionKeyOf } from './http/cookies.ts'
import { deviceName } from './http/device-name.ts'
import { startApolloServer } from './http/apollo-server.ts'
import { refuse } from './http/graphql-answer.ts'
import { serveGraphQL } from './http/graphql-http.ts'
import { serveSockets } from './http/graphql-sockets.ts'
import { type Credential, credentialOf, identify, requireToken } from './http/identify.ts'
import { serveLeakedTokens } from './http/leaked-tokens.ts'
import { LiveSockets } from './http/live-sockets.ts'
import { logLines } from './http/log-lines.ts'
import { Metrics } from './http/metrics.ts'
import { ownOrigins, refuseForeignOrigin } from './http/origins.ts'
import { serveOutbox } from './http/outbox.ts'
import { parserLimits, refuseManyHeaders } from './http/parser-limits.ts'
import { serveProbes } from './http/probes.ts'
import { serveSenderCard } from './http/sender-card.ts'
import { serveSaml } from './http/saml-routes.ts'
import { serveSso } from './http/sso-routes.ts'
import { serveSlackCallback } from './http/slack-callback.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { rawAnswers } from './http/raw-answer.ts'
import { ShortRoute } from './http/short-route.ts'
import { TrustedDocuments } from './http/trusted-documents.ts'
import { unreadableRequests } from './http/unreadable-requests.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { openLinkSigning } from './link-signing.ts'
import { OutboundHttp } from './lib/outbound-http.ts'
import { Places } from './lib/places.ts'
import { servePlainPageStyle } from './lib/plain-page.ts'
import { SelectionReader } from './lib/selection-reader.ts'
import { warnOfExpiringTokens } from './notifications/expiry-warnings.ts'
import { InboxAnnouncements } from './notifications/inbox-announcements.ts'
import { InboxFeed } from './notifications/inbox-feed.ts'
import { inboxTopic } from './notifications/inbox-topic.ts'
import { openSealingKeys } from './open-sealing-keys.ts'
import { serveUnsubscribe } from './notifications/unsubscribe-page.ts'
import { BounceListener } from './delivery/inbound/bounce-listener.ts'
import { fetchDocument } from './delivery/inbound/fetch-document.ts'
import { serveInbound } from './delivery/inbound/serve-inbound.ts'
import { speakTakenCall } from './delivery/taken-call.ts'
import { revokers } from './revokers.ts'
import { createSchema, readModelOf } from './schema.ts'
import { createSessionUses, findSession } from './security/find-session.ts'
import { serveNotMe } from './security/not-me-page.ts'
import { PasswordHashing } from './security/password-hashing.ts'
import { PasswordPolicy } from './security/password-policy.ts'
import { PasswordStrength } from './security/password-strength.ts'
import { ResetLinkWorker } from './security/reset-link-worker.ts'
import { revokedTopic } from './security/revocation.ts'
import { serveSetup } from './setup/setup-page.ts'
import { createTokenUses } from './tokens/find-token.ts'
import { exitCodes, StartupError } from './startup-error.ts'
import { PictureDecoding } from './users/picture-decoding.ts'
import type { Viewer } from './viewer.ts'

export interface App extends AsyncDisposable {
  /** @returns the URL it can be reached at on this machine */
  listen(): Promise<string>
}

interface AppOptions {
  clock?: Clock
  /** The built client; its own folder when absent. */
  clientDirectory?: string
  /** Logs nothing. */
  quiet?: boolean
  /** Of the role that owns the tables; the app's when absent. */
  ownerUrl?: string
  /** Throws away what has had its time, every night, and warns of what ends soon; on when absent. */
  housekeeping?: boolean
  /** How long times of last use are gathered before they are written; half a second when absent. */
  gatherMilliseconds?: number
  /** Asked about the domains of addresses; DNS when absent. */
  mailResolver?: MailResolver
}

/** Of what Lanyard does by itself. */
function ownOrigin(): RequestOrigin {
  return { requestId: randomUUID(), address: '', device: 'Lanyard' }
}

/** What the tables take; behind too few proxies a caller writes here what they like. */
const addressLength = 64

/** From `src` and from `dist` alike. */
const builtClient = resolve(fileURLToPath(import.meta.url), '../../../client/dist')

/** @throws StartupError that names the file */
function openPlaces({ geoipDatabase }: Config): Promise<Places> {
  return Places.open(geoipDatabase).catch((error: unknown) => {
    throw new StartupError(
      `GEOIP_DATABASE: ${geoipDatabase} cannot be read as a database of places.`,
      exitCodes.configuration,
      { cause: error },
    )
  })
}

/** Wires database, schema, HTTP and sockets into one process. The database has been migrated. */
export async function createApp(
  config: Config,
  databaseUrl: string,
  options: AppOptions = {},
): Promise<App> {
  const { clock = systemClock, clientDirectory = builtClient, gatherMilliseconds = 500 } = options
  const { limits, publicUrl } = config
  await using opened = new AsyncDisposableStack()

  const orm = await createOrm(databaseUrl)
  opened.defer(() => orm.close(true))
  const statements = opened.use(new StatementPool({ databaseUrl, named: config.statementNames }))
  const announcements = opened.use(new InboxAnnouncements(statements, (error) => logError(error)))
  const writeBehind = { statements, gatherMilliseconds, onError: (error: unknown) => logError(error) }
  const sessionUses = opened.use(createSessionUses(writeBehind))
  const tokenUses = opened.use(createTokenUses(writeBehind))
  const sealing = await openSealingKeys(config)
  const linkSigning = await openLinkSigning(statements, sealing, clock)
  const vapidKeys = await openVapidKeys(statements, sealing, clock)
  const http = opened.use(new OutboundHttp({ allowedHosts: operatorsHosts(config) }))
  const configured = configuredChannels(config)
  const deliveries = opened.use(
    new DeliveryDesk({ statements, sealing, clock, configured, onError: (error) => logError(error) }),
  )
  const sendsMail = config.mail.smtpUrl !== null
  const mailDomains = new MailDomains(sendsMail ? (options.mailResolver ?? systemResolver()) : null)
  const codeWatch = opened.use(
    new CodeWatch({
      statements,
      limits: limits.codes.alarm,
      clock,
      onAlarm: (alarm) => logAlarm(alarm),
      onError: (error) => logError(error),
    }),
  )
  const places = await openPlaces(config)
  const schema = await createSchema()
  const passwords = opened.use(new PasswordHashing(limits.signIn))
  const { idleSeconds, provenSeconds } = limits.session
  const reader = new SelectionReader<Viewer>(
    readModelOf({ configured, idleSeconds, provenSeconds, publicUrl }),
  )
  const passwordPolicy = new PasswordPolicy({
    hashing: passwords,
    strength: opened.use(new PasswordStrength()),
    breaches: config.breachedPasswords ? { http } : null,
    onUnreachable: () => app.log.warn('stolen passwords cannot be asked after: new ones are taken without'),
  })
  const admission = new Admission(schema, limits)
  const sockets = new LiveSockets(limits)
  const trustedDocuments = await TrustedDocuments.load(
    statements,
    resolve(clientDirectory, 'trusted-documents.json'),
    clock.now(),
  )

  const isTrustedProxy = (_address: string, hop: number) => hop < config.trustedProxyHops
  // There is none once the other side is gone.
  const addressOf = (request: IncomingMessage) =>
    (proxyAddress(request, isTrustedProxy) ?? '').slice(0, addressLength)
  const originOf = (request: IncomingMessage, requestId: string): RequestOrigin => ({
    requestId,
    address: addressOf(request),
    device: deviceName(request.headers['user-agent']),
  })
  const app = Fastify({
    logger: logLines(options.quiet ? 'silent' : config.logLevel),
    // Counted from our side: what a stranger writes into X-Forwarded-For stands before that.
    trustProxy: isTrustedProxy,
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyBytes,
    ...parserLimits(limits),
    ...unreadableRequests(publicUrl),
    forceCloseConnections: true,
  })
  opened.defer(() => app.close())
  const logError = (error: unknown) => app.log.error(error)
  const inbox = new InboxFeed(statements, logError)
  const deliveryFeed = new DeliveryFeed(statements, logError)

  const names = cookieNames(publicUrl)
  const identification = { statements, clock, limits, sessionUses, tokenUses }
  const origins = ownOrigins(publicUrl)

  function createContext(
    origin: RequestOrigin,
    viewer: Viewer | null,
    cookies: SessionCookies | null,
  ): Context {
    return Object.assign(new LazyEntityManager(orm), {
      clock,
      limits,
      viewer,
      origin,
      cookies,
      statements,
      passwords,
      passwordPolicy,
      inbox,
      announcements,
      reader,
      config,
      sealing,
      linkSigning,
      deliveries,
      deliveryFeed,
      pushPublicKey: vapidKeys.publicKey,
      mailDomains,
      codeWatch,
      revokers,
      http,
      places,
    })
  }

  await app.register(cookie)
  setSecurityHeaders(app, publicUrl)
  refuseManyHeaders(app, limits)
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const isClientFault = status >= 400 && status < 500
    const scope = { requestId: request.id, signedIn: false, unforeseen: logError }
    return isClientFault
      ? refuse(reply, new AppError('BAD_REQUEST'), scope, status)
      : refuse(reply, error, scope)
  })

  const metrics = new Metrics({
    openSockets: () => sockets.count,
    secondsLate: () => worker?.secondsLate ?? [],
  })
  const isWorker = config.role !== 'api'
  const worker = isWorker
    ? opened.use(
        startDelivering({
          config,
          statements,
          clock,
          sealing,
          http,
          vapidKeys,
          linkSigning,
          createScene: () => createContext(ownOrigin(), null, null),
          onOutcome: (channel, state) => metrics.countDelivery(channel, state),
          onError: logError,
        }),
      )
    : undefined
  if (isWorker) {
    const createScene = () => createContext(ownOrigin(), null, null)
    opened.use(new ResetLinkWorker({ createScene, onError: logError }))
  }
  const common = {
    schema,
    limits,
    admission,
    trustedDocuments,
    trustedDocumentsOnly: config.trustedDocumentsOnly,
  }
  const logAlarm = (alarm: CodeAlarm) => {
    metrics.countCodeAlarm(alarm.country)
    app.log.warn(alarm, 'many more codes than usual to this country never came back')
  }
  const createHttpContext = (request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null) =>
    createContext(originOf(request.raw, request.id), viewer, sessionCookies(request, reply, names))
  const ownCredentialOf = (request: FastifyRequest) => {
    refuseForeignOrigin(request, origins)
    return credentialOf(request, names)
  }
  const identifyRequest = (credential: Credential | null, request: FastifyRequest) =>
    identify(identification, credential, () => originOf(request.raw, request.id))
  if (config.role !== 'worker') await serveApi()
  serveProbes(app, statements)
  metrics.serve(app)

  opened.use(
    await DatabaseListener.connect({
      databaseUrl,
      channels: {
        [deliveryDueTopic]: () => worker?.wake(),
        [inboxTopic]: (payload) => inbox.receive(payload),
        [deliveryChangedTopic]: (payload) => deliveryFeed.receive(payload),
        [revokedTopic]: (id) => sockets.revoke(id),
      },
      onGap() {
        worker?.wake()
        inbox.readEverybodyAgain()
        deliveryFeed.readAllAgain()
        sockets.closeEnded(statements, clock).catch(logError)
      },
      onError: logError,
    }),
  )

  const urls = { url: databaseUrl, ownerUrl: options.ownerUrl ?? databaseUrl }
  if (isWorker && (options.housekeeping ?? true)) {
    const scene = { statements, clock, announcements, deliveries, config }
    opened.use(
      await startHousekeeping({
        urls,
        clock,
        limits,
        warnOfExpiringTokens: () => warnOfExpiringTokens(scene, logError),
        onError: logError,
      }),
    )
  }

  if (config.mail.smtpUrl && config.role !== 'api') await prepareMail()

  const resources = opened.move()
  return {
    listen: () => app.listen({ port: config.port, host: config.host }),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }

  /** Everything but the probes and metrics, which a process that only works serves as well. */
  async function serveApi(): Promise<void> {
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
          return key === undefined ? null : findSession(identification, key)
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
    serveLeakedTokens(app, (request) => createContext(originOf(request.raw, request.id), null, null))
    const findViewer = async ({ cookies }: FastifyRequest) => {
      const key = sessionKeyOf(cookies, names)
      return key === undefined ? null : findSession(identification, key)
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
    serveSetup(app, {
      origins,
      createContext: (request) => createContext(originOf(request.raw, request.id), null, null),
    })
    serveUnsubscribe(app, {
      signing: linkSigning,
      createContext: (request) => createContext(originOf(request.raw, request.id), null, null),
    })
    serveNotMe(app, {
      createContext: (request) => createContext(originOf(request.raw, request.id), null, null),
    })
    serveSaml(app, { createContext: (request, reply) => createHttpContext(request, reply, null) })
    await listenToCarriers()
    await serveClient(app, clientDirectory)
  }

  /** Reports, answers and mail that came back. In the place of a browser stands whose word it was. */
  async function listenToCarriers(): Promise<void> {
    const createScene = (address: string, device: string, requestId: string) =>
      createContext({ requestId, address: address.slice(0, addressLength), device }, null, null)
    serveInbound(app, {
      config,
      limits: limits.inbound,
      clock,
      addresses: addressEffects,
      createScene: ({ ip, id }, source) => createScene(ip, source, id),
      fetchText: (url) => fetchDocument(http, url),
      renderCall: (key) => speakTakenCall({ statements, sealing, publicUrl }, key),
    })
    const { bounceListener, bounceDomain } = config.mail
    if (!bounceListener || bounceDomain === null) return
    opened.use(
      await BounceListener.start({
        ...bounceListener,
        domain: bounceDomain,
        limits: limits.inbound,
        sealing,
        addresses: addressEffects,
        createScene: (address) => createScene(address, 'Mail', randomUUID()),
        onError: logError,
      }),
    )
  }
}
