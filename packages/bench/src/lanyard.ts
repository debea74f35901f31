import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { ServerProcess } from './server-process.ts'
import type { Stage } from './stage.ts'

/** The compiled server in a process of its own, as `pnpm start` runs it. */
export function startLanyard(
  { repository }: Stage,
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  return ServerProcess.start(join(repository, 'packages/server/dist/main.js'), {
    DATABASE_URL: databaseUrl,
    ...environment,
  })
}

export interface TrustedDocument {
  /** As it is sent. */
  id: string
  text: string
}

/** @param operation as in `query Profile`, of the built client */
export async function trustedDocument({ repository }: Stage, operation: string): Promise<TrustedDocument> {
  const path = join(repository, 'packages/client/dist/trusted-documents.json')
  const manifest: unknown = JSON.parse(await readFile(path, 'utf8'))
  const isWanted = new RegExp(`\\b${operation}\\b`)
  const found = Object.entries(manifest ?? {}).find(([, text]) => isWanted.test(String(text)))
  if (!found) throw new Error(`${path} has no ${operation}`)
  return { id: `sha256:${found[0]}`, text: String(found[1]) }
}
