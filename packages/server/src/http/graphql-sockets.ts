import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type DocumentNode,
  type ExecutionArgs,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  validate,
} from 'graphql'
import { type Context as SocketContext, makeServer, type SubscribePayload } from 'graphql-ws'
import type { RawData } from 'ws'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { type ErrorScope, presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import { bearerTokenOf, InvalidToken } from './identify.ts'
import { closeCodes, type LiveSockets } from './live-sockets.ts'
import { Heartbeat, MessageRate, StallGuard } from './socket-guards.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

interface GraphQLSocketParts {
  schema: GraphQLSchema
  limits: Limits
  admission: Admission
  trustedDocuments: TrustedDocuments
  trustedDocumentsOnly: boolean
  origins: ReadonlySet<string>
  sockets: LiveSockets
  hasSessionCookie(request: FastifyRequest): boolean
  identifySession(request: FastifyRequest): Promise<Viewer | null>
  identifyToken(token: string): Promise<Viewer>
  createContext(request: FastifyRequest, viewer: Viewer): Context
}

interface Extra {
  request: FastifyRequest
  viewer: Viewer | null
  close(code: number, reason: string): void
  /** Once admitted: takes the socket off the list of those alive. */
  leave?: () => void
}

type Socket = SocketContext<Record<string, unknown>, Extra>

/**
 * Serves `graphql-transport-ws` on `/graphql`: subscriptions only, by hash or as text, within the limits of HTTP.
 * A browser comes with its cookie and an Origin of ours, a program with a token in `connectionParams.authorization`.
 */
export function serveSockets(app: FastifyInstance, parts: GraphQLSocketParts): void {
  const { limits, origins, sockets } = parts
  const operations = new SocketOperations(parts)
  const server = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: limits.socketInitSeconds * 1000,
    onConnect: ({ extra, connectionParams }) => admitSocket(parts, extra, connectionParams),
    onSubscribe: (socket, _id, payload) => operations.prepare(socket, payload),
    onNext: (socket, _id, _payload, _args, { data, errors }): FormattedExecutionResult => ({
      data: data ?? null,
      ...(errors ? { errors: present(errors, socket.extra) } : {}),
    }),
    onError: ({ extra }, _id, _payload, errors) => present(errors, extra),
    onDisconnect: ({ extra }) => extra.leave?.(),
  })

  const sessions = new WeakMap<FastifyRequest, Viewer | null>()
  async function checkUpgrade(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { origin } = request.headers
    if (sockets.isFull) return void reply.code(503).header('retry-after', '5').send()
    if (origin !== undefined && !origins.has(origin)) return void reply.code(403).send()
    // Without an Origin it is no browser of ours: a cookie does not count, a token may follow.
    sessions.set(request, origin === undefined ? null : await parts.identifySession(request))
  }

  app.get('/graphql', { websocket: true, preValidation: checkUpgrade }, (socket, request) => {
    const stall = new StallGuard(socket, limits.socketStalledSeconds)
    const rate = new MessageRate(limits.socketMessagesPerSecond)
    const heartbeat = new Heartbeat(socket)
    const close = (code: number, reason: string) => socket.close(code, reason)

    // What was wrong with a frame (too long, not UTF-8) is told by the close code that ws sends.
    socket.on('error', () => {})
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => stall.send(data),
        close,
        onMessage: (receive) =>
          socket.on('message', (data: RawData) => {
            if (!rate.admits()) return close(closeCodes.badRequest, 'Too many messages')
            receive(textOf(data)).catch((error: unknown) => {
              request.log.error({ err: error, requestId: request.id }, 'unforeseen error on a socket')
              close(1011, 'Internal error')
            })
          }),
      },
      { request, viewer: sessions.get(request) ?? null, close },
    )
    socket.once('close', (code, reason) => {
      stall.stop()
      heartbeat.stop()
      closed(code, reason.toString()).catch((error: unknown) => request.log.error(error))
    })
  })
}

/** Who the socket belongs to, once it says so; false closes it. */
async function admitSocket(
  { sockets, hasSessionCookie, identifyToken }: GraphQLSocketParts,
  extra: Extra,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
): Promise<boolean> {
  const authorization = connectionParams?.['authorization']
  if (authorization !== undefined) {
    if (hasSessionCookie(extra.request)) {
      return refuseSocket(extra, closeCodes.badRequest, 'Cookie and token')
    }
    const token = bearerTokenOf(typeof authorization === 'string' ? authorization : '') ?? ''
    extra.viewer = await identifyToken(token).catch((error: unknown) => {
      if (error instanceof InvalidToken) return null
      throw error
    })
  }
  const { viewer, close } = extra
  if (!viewer) return refuseSocket(extra, closeCodes.revoked, 'Unauthorized')

  const live = { viewer, close }
  if (!sockets.add(live)) return refuseSocket(extra, closeCodes.tooMany, 'Too many sockets')
  extra.leave = () => sockets.remove(live)
  return true
}

function refuseSocket({ close }: Extra, code: number, reason: string): false {
  close(code, reason)
  return false
}

class SocketOperations {
  readonly #parts: GraphQLSocketParts
  readonly #faults = new WeakMap<DocumentNode, readonly GraphQLError[]>()

  constructor(parts: GraphQLSocketParts) {
    this.#parts = parts
  }

  /** What is to be run, or why it is not. */
  async prepare(
    { extra, subscriptions }: Socket,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | GraphQLError[]> {
    try {
      const { viewer, request } = extra
      if (!viewer) throw new AppError('UNAUTHENTICATED')
      if (Object.keys(subscriptions).length > this.#parts.limits.subscriptionsPerSocket) {
        throw new AppError('RATE_LIMITED', { retryAfterSeconds: 1 })
      }
      const { schema, admission, createContext } = this.#parts
      const document = admission.parse(await this.#textOf(payload, viewer))
      const operationName = payload.operationName ?? null
      const variables = payload.variables ?? {}
      const operation = admission.admit({ document, operationName, variables }, viewer)
      if (operation?.operation !== 'subscription') throw new AppError('BAD_REQUEST')

      const faults = this.#validate(document)
      if (faults.length > 0) return [...faults]
      return {
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue: createContext(request, viewer),
      }
    } catch (error) {
      // graphql-ws takes refusals as GraphQL errors only.
      return [
        error instanceof GraphQLError ? error : new GraphQLError('', { originalError: asError(error) }),
      ]
    }
  }

  async #textOf({ query, extensions }: SubscribePayload, viewer: Viewer): Promise<string> {
    const { trustedDocuments, trustedDocumentsOnly } = this.#parts
    const documentId = extensions?.['documentId']
    if (documentId === undefined) {
      if (trustedDocumentsOnly && viewer.credential.kind !== 'token')
        throw new AppError('DOCUMENT_NOT_FOUND')
      return query
    }
    const text = typeof documentId === 'string' ? await trustedDocuments.find(documentId) : undefined
    if (text === undefined) throw new AppError('DOCUMENT_NOT_FOUND')
    return text
  }

  #validate(document: DocumentNode): readonly GraphQLError[] {
    let faults = this.#faults.get(document)
    if (!faults) {
      faults = validate(this.#parts.schema, document).map(
        (fault) => new GraphQLError(fault.message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      )
      this.#faults.set(document, faults)
    }
    return faults
  }
}

function present(errors: readonly GraphQLError[], { request, viewer }: Extra): GraphQLFormattedError[] {
  const scope: ErrorScope = {
    requestId: request.id,
    signedIn: viewer !== null,
    unforeseen: (error) =>
      request.log.error({ err: error, requestId: request.id }, 'unforeseen error on a socket'),
  }
  return errors.map((error) => presentError(error, scope))
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString()
}
