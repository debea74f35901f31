import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import cookie from '@fastify/cookie'
import Fastify from 'fastify'

import type { Config } from './config.ts'
import { type CodeAlarm, CodeWatch } from './contacts/code-watch.ts'
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
import { refuse } from './http/graphql-answer.ts'
import { LiveSockets } from './http/live-sockets.ts'
import { logLines } from './http/log-lines.ts'
import { Metrics } from './http/metrics.ts'
import { parserLimits, refuseManyHeaders } from './http/parser-limits.ts'
import { serveProbes } from './http/probes.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { TrustedDocuments } from './http/trusted-documents.ts'
import { unreadableRequests } from './http/unreadable-requests.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { originOf, trustOfProxies } from './http/request-origin.ts'
import { openLinkSigning } from './link-signing.ts'
import { OutboundHttp } from './lib/outbound-http.ts'
import { Places } from './lib/places.ts'
import { SelectionReader } from './lib/selection-reader.ts'
import { warnOfExpiringTokens } from './notifications/expiry-warnings.ts'
import { InboxAnnouncements } from './notifications/inbox-announcements.ts'
import { InboxFeed } from './notifications/inbox-feed.ts'
import { inboxTopic } from './notifications/inbox-topic.ts'
import { openSealingKeys } from './open-sealing-keys.ts'
import { revokers } from './revokers.ts'
import { createSchema, readModelOf } from './schema.ts'
import { createSessionUses } from './security/find-session.ts'
import { PasswordHashing } from './security/password-hashing.ts'
import { PasswordPolicy } from './security/password-policy.ts'
import { PasswordStrength } from './security/password-strength.ts'
import { ResetLinkWorker } from './security/reset-link-worker.ts'
import { revokedTopic } from './security/revocation.ts'
import { createTokenUses } from './tokens/find-token.ts'
import { serveApi } from './serving-api.ts'
import { exitCodes, StartupError } from './startup-error.ts'
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
  const sockets = new LiveSockets(limits)
  const trustedDocuments = await TrustedDocuments.load(
    statements,
    resolve(clientDirectory, 'trusted-documents.json'),
    clock.now(),
  )
  const trust = trustOfProxies(config.trustedProxyHops)
  const app = Fastify({
    logger: logLines(options.quiet ? 'silent' : config.logLevel),
    trustProxy: trust,
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

  const sceneOf = (origin: RequestOrigin) => createContext(origin, null, null)
  const identification = { statements, clock, limits, sessionUses, tokenUses, sceneOf }

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
          createScene: () => sceneOf(ownOrigin()),
          onOutcome: (channel, state) => metrics.countDelivery(channel, state),
          onError: logError,
        }),
      )
    : undefined
  if (isWorker) {
    const createScene = () => sceneOf(ownOrigin())
    opened.use(new ResetLinkWorker({ createScene, onError: logError }))
  }
  const logAlarm = (alarm: CodeAlarm) => {
    metrics.countCodeAlarm(alarm.country)
    app.log.warn(alarm, 'many more codes than usual to this country never came back')
  }
  if (config.role !== 'worker') {
    opened.use(
      await serveApi(app, {
        config,
        clientDirectory,
        schema,
        statements,
        clock,
        sealing,
        linkSigning,
        reader,
        inbox,
        http,
        sockets,
        metrics,
        trustedDocuments,
        identification,
        originOf: (request, requestId) => originOf(request, requestId, trust),
        createContext,
        onError: logError,
      }),
    )
  }
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
}
