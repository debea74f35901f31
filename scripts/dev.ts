import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { runQuietly, say } from './run-step.ts'

/** The server and the page, each reloading by itself; the page passes /graphql on to the server. */
const PAGE_PORT = 5173

/** Written by codegen from the operations of the page; the server restarts with each new list. */
const trustedDocuments = 'packages/client/src/graphql'

let isStale = false
let isGenerating = false

await generateDocuments()
const server = spawn(
  'tsx',
  [
    'watch',
    '--clear-screen=false',
    `--include=${trustedDocuments}/*.json`,
    '--tsconfig=packages/server/tsconfig.json',
    '--conditions=source',
    'packages/server/src/main.ts',
    `--client-directory=${trustedDocuments}`,
  ],
  // Browsers talk to the page's port, so its origin and its links are the ones that count.
  { env: { ...process.env, PUBLIC_URL: `http://localhost:${PAGE_PORT}` }, stdio: 'inherit' },
)
const page = spawn(
  'pnpm',
  ['--silent', '--filter', '@lanyard/client', 'run', 'dev', '--port', String(PAGE_PORT), '--strictPort'],
  { stdio: 'inherit' },
)
const watchers = [
  watch('packages/client/src', { recursive: true }, (_event, file) => void regenerateFor(file)),
  watch('packages/contract', (_event, file) => void regenerateFor(file)),
]
await untilAllEnded([server, page])
for (const watcher of watchers) watcher.close()
say('Stopped')

/** The terminal sends Ctrl-C to all of them; when one ends by itself or we are told to, the others are told once. */
async function untilAllEnded(children: ChildProcess[]): Promise<void> {
  let isEnding = false
  const endAll = () => {
    if (isEnding) return
    isEnding = true
    for (const child of children) if (child.exitCode === null) child.kill('SIGTERM')
  }
  process.on('SIGINT', () => (isEnding = true))
  process.on('SIGTERM', endAll)
  await Promise.all(children.map((child) => once(child, 'exit').then(endAll)))
}

/** Editors write a file in several steps, and a branch that is checked out many files: one run for all of them. */
async function regenerateFor(file: string | null): Promise<void> {
  if (!file?.endsWith('.graphql')) return
  isStale = true
  if (isGenerating) return

  isGenerating = true
  while (isStale) {
    await wait(100)
    isStale = false
    await generateDocuments()
  }
  isGenerating = false
}

async function generateDocuments(): Promise<void> {
  const { ok, output } = await runQuietly('pnpm', [
    '--silent',
    '--filter',
    '@lanyard/client',
    'run',
    'codegen',
  ])
  if (!ok) say(`${output}\nThe operations of the page do not fit the schema; what is wrong stands above.`)
}
