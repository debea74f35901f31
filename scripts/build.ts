import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runQuietly, say } from './run-step.ts'

/** What is faster than this is not worth a line. */
const NOTICEABLE_MILLISECONDS = 700

/** False when it could not be built; what the compiler said is printed then. */
export async function buildServer(): Promise<boolean> {
  return build('server', 'tsc', ['-b', 'packages/server'])
}

export async function buildClient(): Promise<boolean> {
  if (isUpToDate('packages/client/dist/index.html', clientSources)) return true
  return build('client', 'pnpm', ['--filter', '@lanyard/client', 'run', 'build'])
}

const clientSources = [
  'packages/client/src',
  'packages/client/push-worker',
  'packages/client/public',
  'packages/client/index.html',
  'packages/client/package.json',
  'packages/client/build',
  'packages/client/vite.config.ts',
  'packages/client/lingui.config.ts',
  'packages/contract/src',
  'pnpm-lock.yaml',
]

async function build(part: string, command: string, args: string[]): Promise<boolean> {
  const notice = setTimeout(() => say(`· Building the ${part}`), NOTICEABLE_MILLISECONDS)
  const { ok, output } = await runQuietly(command, args)
  clearTimeout(notice)
  if (!ok) say(`${output}\nThe ${part} could not be built; what is wrong stands above.`)
  return ok
}

function isUpToDate(result: string, sources: string[]): boolean {
  return existsSync(result) && statSync(result).mtimeMs > Math.max(...sources.map(newestChange))
}

/** Milliseconds since 1970. A folder changes when something in it is added, removed or renamed. */
function newestChange(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (!entry) return 0
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}
