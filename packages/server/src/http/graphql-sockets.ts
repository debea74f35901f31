import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

import type { FastifyBaseLogger } from 'fastify'
import { handleProtocols, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'

import type { RequestOrigin } from '../context.ts'
import type { Viewer } from '../viewer.ts'
import { GuardedSockets } from './guarded-socket.ts'
import { bearerTokenOf, InvalidToken } from './identify.ts'
import { closeCodes, type LiveSockets } from './live-sockets.ts'
import type { RawAnswer } from './raw-answer.ts'
import { type SocketExtra, SocketOperations, type SocketOperationParts } from './socket-operations.ts'

interface GraphQLSocketParts extends SocketOperationParts {
  log: FastifyBaseLogger
  origins: ReadonlySet<string>
  sockets: LiveSockets
  rawAnswer: RawAnswer
  originOf(request: IncomingMessage): RequestOrigin
  hasSessionCookie(request: IncomingMessage): boolean
  identifySession(request: IncomingMessage): Promise<Viewer | null>
  identifyToken(token: string, origin: RequestOrigin): Promise<Viewer>
}

const path = '/graphql'
/** No client of GraphQL sends a message in pieces; each piece costs more than its bytes. */
const maxFragments = 64
/** How long sockets have to say goodbye when the server stops. */
const farewellMilliseconds = 1000

/**
 * Serves `graphql-transport-ws` on `/graphql`: subscriptions only, by hash or as text, within the limits of HTTP.
 * A browser comes with its cookie and an Origin of ours, a program with a token in `connectionParams.authorization`.
 */
export function serveSockets(http: Server, parts: GraphQLSocketParts): AsyncDisposable {
  const { limits, log, sockets, rawAnswer } = parts
  const guarded = new GuardedSockets(limits)
  const operations = new SocketOperations(parts)
  const server = makeServer<Record<string, unknown>, SocketExtra>({
    connectionInitWaitTimeout: limits.socketInitSeconds * 1000,
    onConnect: ({ extra, connectionParams }) => admitSocket(parts, extra, connectionParams),
    onSubscribe: ({ extra, subscriptions }, id, payload) =>
      operations.prepare(extra, id, payload, Object.keys(subscriptions).length),
    subscribe: (args) => operations.subscribe(args),
    onNext: ({ extra }, _id, _payload, _args, result) => operations.presentResult(extra, result),
    onError: ({ extra }, _id, _payload, errors) => operations.presentErrors(extra, errors),
    onDisconnect: ({ extra }) => extra.leave?.(),
  })
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.socketFrameBytes,
    maxFragments,
    perMessageDeflate: false,
    handleProtocols,
  })

  /** Those that are being looked at, this one among them. */
  let upgrading = 0
  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    void upgrade(request, stream, head)
  })

  function refuse(stream: Duplex, status: number): void {
    const retry = status === 503 ? { 'retry-after': '5' } : {}
    stream.end(rawAnswer(status, { 'x-request-id': randomUUID(), ...retry }))
  }

  async function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    const cutOff = () => stream.destroy()
    stream.on('error', cutOff)
    upgrading++
    try {
      const isFull = webSockets.clients.size + upgrading > limits.socketsPerProcess
      const { status, viewer } = isFull ? full : await checkUpgrade(parts, request)
      if (status !== undefined) return refuse(stream, status)
      stream.off('error', cutOff)
      webSockets.handleUpgrade(request, stream, head, (socket) => serve(socket, request, viewer))
    } catch (error) {
      log.error(error)
      refuse(stream, 500)
    } finally {
      upgrading--
    }
  }

  function serve(socket: WebSocket, request: IncomingMessage, viewer: Viewer | null): void {
    const guard = guarded.guard(socket)
    const extra: SocketExtra = {
      socket: guard,
      origin: parts.originOf(request),
      hasCookie: parts.hasSessionCookie(request),
      viewer,
    }
    const reportUnforeseen = (error: unknown) => {
      // What graphql-ws throws for a message that only servers send: no fault of ours, and no news for the log.
      if (error instanceof Error && error.message.startsWith('Unexpected message')) {
        return guard.close(closeCodes.badRequest, 'Invalid message received')
      }
      parts.onUnforeseen(error, extra.origin.requestId)
      guard.close(1011, 'Internal error')
    }
    const closed = server.opened(
      {
        protocol: guard.protocol,
        send: (data) => guard.send(data),
        close: (code = 1000, reason = '') => guard.close(code, reason),
        onMessage: (receive) =>
          guard.onMessage((text) => {
            receive(text).catch(reportUnforeseen)
          }),
      },
      extra,
    )
    // What was wrong with a frame (too long, not UTF-8) is told by the close code that ws sends.
    socket.on('error', () => {})
    socket.once('close', (code, reason) => {
      closed(code, reason.toString()).catch(reportUnforeseen)
    })
  }

  return {
    async [Symbol.asyncDispose]() {
      sockets.closeAll()
      const open = [...webSockets.clients]
      const cutOff = setTimeout(() => {
        for (const socket of open) socket.terminate()
      }, farewellMilliseconds)
      await Promise.all(open.map((socket) => once(socket, 'close')))
      clearTimeout(cutOff)
      guarded[Symbol.dispose]()
    },
  }
}

interface UpgradeCheck {
  /** Of HTTP; absent when the upgrade is granted. */
  status?: number
  viewer: Viewer | null
}

const full: UpgradeCheck = { status: 503, viewer: null }

async function checkUpgrade(
  { origins, identifySession }: GraphQLSocketParts,
  request: IncomingMessage,
): Promise<UpgradeCheck> {
  const { origin } = request.headers
  if (request.url?.split('?')[0] !== path) return { status: 404, viewer: null }
  if (origin !== undefined && !origins.has(origin)) return { status: 403, viewer: null }
  // Without an Origin it is no browser of ours: a cookie does not count, a token may follow.
  return { viewer: origin === undefined ? null : await identifySession(request) }
}

/** Who the socket belongs to, once it says so; false closes it. */
async function admitSocket(
  { sockets, identifyToken }: GraphQLSocketParts,
  extra: SocketExtra,
  connectionParams: Readonly<Record<string, unknown>> | undefined,
): Promise<boolean> {
  const authorization = connectionParams?.['authorization']
  if (authorization !== undefined) {
    if (extra.hasCookie) return refuseSocket(extra, closeCodes.badRequest, 'Cookie and token')
    const token = bearerTokenOf(typeof authorization === 'string' ? authorization : '') ?? ''
    extra.viewer = await identifyToken(token, extra.origin).catch((error: unknown) => {
      if (error instanceof InvalidToken) return null
      throw error
    })
  }
  const { viewer, socket } = extra
  if (!viewer) return refuseSocket(extra, closeCodes.revoked, 'Unauthorized')

  const live = { viewer, close: (code: number, reason: string) => socket.close(code, reason) }
  if (!sockets.add(live)) return refuseSocket(extra, closeCodes.tooMany, 'Too many sockets')
  extra.leave = () => sockets.remove(live)
  return true
}

function refuseSocket({ socket }: SocketExtra, code: number, reason: string): false {
  socket.close(code, reason)
  return false
}
