import { fileURLToPath } from 'node:url'

import { startLanyard, trustedDocument } from '../lanyard.ts'
import type { Person } from '../people.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import type { SocketRequest } from './badge-socket.ts'

/** A server that pushes badges, and how a person asks it for theirs. */
export interface BadgeServer {
  name: string
  start(): Promise<ServerProcess>
  requestOf(port: number, person: Person): SocketRequest
}

/** As the page does it: with its cookie, by the hash of the document. */
export async function lanyardBadges(stage: Stage, databaseUrl: string): Promise<BadgeServer> {
  const { id } = await trustedDocument(stage, 'subscription BadgeChanges')
  return {
    name: 'Lanyard: signed in, by hash',
    start: () => startLanyard(stage, databaseUrl),
    requestOf: (port, { sessionKey }) => ({
      port,
      path: '/graphql',
      headers: [`Origin: http://localhost:${port}`, `Cookie: lanyard-${port}=${sessionKey}`],
      subscribe: { query: '', extensions: { documentId: id } },
    }),
  }
}

export function bareBadges(databaseUrl: string): BadgeServer {
  return {
    name: 'limit: bare ws',
    start: () => startHere('bare-ws.server.ts', databaseUrl),
    requestOf: (port, { userId }) => ({ port, path: `/${userId}`, headers: [] }),
  }
}

export async function pubSubBadges(stage: Stage, databaseUrl: string): Promise<BadgeServer> {
  const { text } = await trustedDocument(stage, 'subscription BadgeChanges')
  return {
    name: 'graphql-ws, executing per push',
    start: () => startHere('graphql-ws.server.ts', databaseUrl),
    requestOf: (port, { userId }) => ({
      port,
      path: `/graphql?user=${userId}`,
      headers: [],
      subscribe: { query: text },
    }),
  }
}

function startHere(file: string, databaseUrl: string): Promise<ServerProcess> {
  return ServerProcess.start(fileURLToPath(new URL(file, import.meta.url)), { DATABASE_URL: databaseUrl })
}
