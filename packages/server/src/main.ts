import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createApp } from './app.ts'
import { loadConfig, type Config } from './config.ts'
import { migrate } from './database/migrate.ts'
import { describeError } from './errors/describe-error.ts'
import { systemClock } from './lib/clock.ts'
import { openDatabase } from './open-database.ts'
import { openSealingKeys } from './open-sealing-keys.ts'
import { seedDemonstration } from './seed/demo.ts'
import { renewSetupLink } from './setup/setup-link.ts'
import { describeStart } from './start-report.ts'
import { exitCodes, StartupError } from './startup-error.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

/** The terminal and a parent such as pnpm may both hand on the same Ctrl-C. */
const SAME_SIGNAL_MILLISECONDS = 1000

let stoppingSince: number | undefined
const running = start()
// Node would print the message, which may quote what somebody sent.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `${JSON.stringify({ level: 60, err: describeError(error), msg: 'the server ended' })}\n`,
  )
  process.exit(exitCodes.failed)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stopOnSignal())

try {
  await running
} catch (error) {
  process.stderr.write(
    error instanceof StartupError ? `\n${error.message}\n` : `\n${describeCrash(error)}\n`,
  )
  process.exit(error instanceof StartupError ? error.exitCode : exitCodes.failed)
}

/** Opens everything in turn; what was opened is closed in reverse, on a failure too. */
async function start(): Promise<AsyncDisposable> {
  const opened: AsyncDisposable[] = []
  const close = async () => {
    for (const part of opened.toReversed()) await part[Symbol.asyncDispose]()
  }
  try {
    const clientDirectory = readClientDirectory()
    const config = loadConfig(process.env)
    const database = await openDatabase(config, sayStep)
    opened.push(database)

    sayStep('Bringing the database up to date')
    await migrate(database.ownerUrl, database.url)
    if (
      config.demo &&
      (await seedDemonstration(database.url, systemClock, await openSealingKeys(config)))
    ) {
      sayStep('Made the demonstration people')
    }
    const app = await createApp(config, database.url, {
      ownerUrl: database.ownerUrl,
      ...(clientDirectory === undefined ? {} : { clientDirectory }),
    })
    opened.push(app)
    const url = await listen(app, config)
    // A process that only works has no page, and voids no link of one that has.
    const setupToken = config.role === 'worker' ? null : await renewSetupLink(database.url, systemClock)
    if (stoppingSince === undefined) say(await describeStart({ url, config, database, setupToken }))
    return { [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** `pnpm dev` has no built client, and names the folder of its trusted documents instead. */
function readClientDirectory(): string | undefined {
  try {
    return parseArgs({ options: { 'client-directory': { type: 'string' } } }).values['client-directory']
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error)
    throw new StartupError(
      `${fault}. Settings are environment variables: see .env.example.`,
      exitCodes.usage,
    )
  }
}

/** The first signal stops everything in order, even while it still starts; the second does not wait for it. */
async function stopOnSignal(): Promise<void> {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince > SAME_SIGNAL_MILLISECONDS) process.exit(exitCodes.failed)
    return
  }
  stoppingSince = performance.now()
  say('\nStopping (once more to force)')
  const app = await running
  await app[Symbol.asyncDispose]()
  process.exit(0)
}

async function listen(app: Awaited<ReturnType<typeof createApp>>, config: Config): Promise<string> {
  try {
    return await app.listen()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const mending = {
      EADDRINUSE: `Port ${config.port} is taken: stop what listens there, or set PORT to another one.`,
      EACCES: `Port ${config.port} may not be opened by this user: set PORT to 1024 or more.`,
      EADDRNOTAVAIL: `HOST ${config.host} is not an address of this machine: set it to 127.0.0.1 or 0.0.0.0.`,
      ENOTFOUND: `HOST ${config.host} is not known: set it to 127.0.0.1 or 0.0.0.0.`,
    }[String(code)]
    throw mending ? new StartupError(mending, exitCodes.unavailable, { cause: error }) : error
  }
}

function describeCrash(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function sayStep(step: string): void {
  say(`· ${step}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
