import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { say } from './run-step.ts'

/** The server and the page, each reloading by itself; the page passes /graphql on to the server. */
const PAGE_PORT = 5173

const programs: [command: string, args: string[], env?: NodeJS.ProcessEnv][] = [
  [
    'tsx',
    [
      'watch',
      '--clear-screen=false',
      '--tsconfig=packages/server/tsconfig.json',
      '--conditions=source',
      'packages/server/src/main.ts',
    ],
    // Browsers talk to the page's port, so its origin and its links are the ones that count.
    { PUBLIC_URL: `http://localhost:${PAGE_PORT}` },
  ],
  ['pnpm', ['--filter', '@lanyard/client', 'run', 'codegen', '--watch']],
  ['pnpm', ['--filter', '@lanyard/client', 'run', 'dev', '--port', String(PAGE_PORT), '--strictPort']],
]

const children: ChildProcess[] = programs.map(([command, args, env]) =>
  spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' }),
)

// The terminal sends Ctrl-C to all of them; this one stays until the last is gone.
process.on('SIGINT', () => {})
process.on('SIGTERM', endAll)
for (const child of children) child.once('exit', endAll)
await Promise.all(children.map((child) => once(child, 'exit')))
say('Stopped')

function endAll(): void {
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM')
}
