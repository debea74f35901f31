import type { Profiler, Runtime } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { ServerProcess } from './server-process.ts'

export interface FunctionTime {
  /** As `query pg/lib/client.js:642`. */
  name: string
  /** Of the time in which the process worked. */
  share: number
}

const shown = 10

/** The functions in which a server spends most time while it is under load, without what they call. */
export async function recordSelfTime(
  server: ServerProcess,
  repository: string,
  applyLoad: () => Promise<void>,
): Promise<FunctionTime[]> {
  await server.ask('start profile')
  await applyLoad()
  return topFunctions(await server.ask('stop profile'), shown, repository)
}

export function topFunctions(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  count: number,
  repository: string,
): FunctionTime[] {
  const nameById = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, repository)]))
  const microseconds = new Map<string, number>()
  let busy = 0
  for (const [index, id] of samples.entries()) {
    const name = nameById.get(id) ?? '(unknown)'
    // What waits, and the recording itself, is no work of the server.
    if (name === '(idle)' || name.includes(' node:inspector:')) continue
    const spent = timeDeltas[index] ?? 0
    busy += spent
    microseconds.set(name, (microseconds.get(name) ?? 0) + spent)
  }
  return [...microseconds]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, count)
    .map(([name, spent]) => ({ name, share: spent / busy }))
}

function nameOf({ functionName, url, lineNumber }: Runtime.CallFrame, repository: string): string {
  const place = placeOf(url, repository)
  const name = functionName || '(anonymous)'
  return place ? `${name} ${place}:${lineNumber + 1}` : name
}

/** A package by its name, our own files from the root of the repository. */
function placeOf(url: string, repository: string): string {
  if (!url.startsWith('file:') && !url.startsWith('/')) return url
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  const afterModules = path.split('/node_modules/').at(-1)
  return path.includes('/node_modules/') && afterModules ? afterModules : relative(repository, path)
}
