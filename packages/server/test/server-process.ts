import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { testSecretKeys } from './secret-keys.ts'

const repository = join(import.meta.dirname, '../../..')

export interface ServerProcess extends AsyncDisposable {
  child: ChildProcess
  output: () => string
  /** Resolves when it has said so, or has ended. */
  until: (text: string) => Promise<void>
  exitCode: () => Promise<number | null>
}

/** The server as an operator starts it, from its sources, in a process of its own. */
export function startServerProcess(
  environment: NodeJS.ProcessEnv,
  options: readonly string[] = [],
): ServerProcess {
  return startProgram('main.ts', environment, options)
}

/** `pnpm lanyard` with a command and its options, from its sources, in a process of its own. */
export function startCommand(environment: NodeJS.ProcessEnv, ...command: string[]): ServerProcess {
  return startProgram('cli.ts', environment, command)
}

function startProgram(
  file: string,
  environment: NodeJS.ProcessEnv,
  options: readonly string[],
): ServerProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', join(repository, 'packages/server/src', file), ...options],
    {
      cwd: repository,
      env: {
        ...process.env,
        TSX_TSCONFIG_PATH: join(repository, 'packages/server/tsconfig.json'),
        NODE_ENV: 'production',
        PUBLIC_URL: '',
        DATABASE_URL: '',
        DEMO: '',
        LIMITS: '',
        PORT: '0',
        SECRET_KEYS: testSecretKeys,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const ended = once(child, 'close')
  return {
    child,
    output: () => output,
    async until(text) {
      while (!output.includes(text) && child.exitCode === null) {
        await Promise.race([once(child.stdout, 'data'), ended])
      }
    },
    async exitCode() {
      await ended
      return child.exitCode
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
