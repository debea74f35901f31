import { createServer } from 'node:http'

import pg from 'pg'
import { type WebSocket, WebSocketServer } from 'ws'

import type { InboxMessage } from '../../../server/src/notifications/inbox-topic.ts'

/**
 * The limit of the badge: what `ws` needs at least to hand a message of PostgreSQL on to the sockets of its person, in
 * the bytes that graphql-ws would send. `/<user id>` says whose: no sign-in, no protocol, no snapshot, no heartbeat.
 */
const socketsOf = new Map<string, Set<WebSocket>>()

const server = createServer((_request, response) => response.end())
const sockets = new WebSocketServer({ server })
sockets.on('connection', (socket, { url = '' }) => {
  const userId = url.slice(1)
  const own = socketsOf.get(userId) ?? new Set()
  socketsOf.set(userId, own.add(socket))
  socket.on('close', () => {
    own.delete(socket)
    if (own.size === 0) socketsOf.delete(userId)
  })
  socket.on('error', () => {})
})

const listener = new pg.Client({ connectionString: process.env['DATABASE_URL'] })
listener.on('notification', ({ payload = '' }) => {
  const { userId, badge } = JSON.parse(payload) as InboxMessage
  if (!badge) return
  const { unread, alerts, version } = badge
  const frame = `{"id":"1","type":"next","payload":{"data":{"notificationBadge":{"unread":${unread},"alerts":${alerts},"version":${version},"__typename":"NotificationBadge"}}}}`
  for (const socket of socketsOf.get(userId) ?? []) socket.send(frame)
})
await listener.connect()
await listener.query('listen inbox')
server.listen(Number(process.env['PORT']), '127.0.0.1')
