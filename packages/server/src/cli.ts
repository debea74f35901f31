import 'reflect-metadata'
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { askPassword, valueOrAnswer } from './commands/ask.ts'
import { createAdministrator } from './commands/create-admin.ts'
import { examine } from './commands/doctor.ts'
import { rekey } from './commands/rekey.ts'
import { verifyActivity } from './commands/verify-activity.ts'
import { loadConfig, type Config } from './config.ts'
import { migrate } from './database/migrate.ts'
import { systemClock } from './lib/clock.ts'
import { type DatabaseUrls, openDatabase } from './open-database.ts'
import { openSealingKeys } from './open-sealing-keys.ts'
import { demonstration, seedDemonstration } from './seed/demo.ts'
import type { NewAdministrator } from './setup/administrator.ts'
import { exitCodes, StartupError } from './startup-error.ts'

if (existsSync('.env')) process.loadEnvFile('.env')

const program = new Command('pnpm lanyard')
  .description('What an operator does beside running the server; all of it may be done while it runs.')
  .showHelpAfterError()

program
  .command('migrate')
  .description('bring the database up to date')
  .action(() =>
    withDatabase(async (_config, { url, ownerUrl }) => {
      const applied = await migrate(ownerUrl, url)
      say(applied.length === 0 ? 'The database was up to date.' : `Applied ${applied.join(', ')}.`)
    }),
  )

program
  .command('create-admin')
  .description('make a super admin; the password is asked for, or read from the input')
  .option('--username <username>')
  .option('--email <address>')
  .option('--name <name>', 'full name; the username when absent')
  .option('--account <name>', 'founded when there is none of that name')
  .action((options: Partial<Omit<NewAdministrator, 'password'>>) =>
    withDatabase(async (config, { url, ownerUrl }) => {
      const username = await valueOrAnswer(options.username, 'username', 'Username')
      const email = await valueOrAnswer(options.email, 'email', 'Email')
      const account = await valueOrAnswer(options.account, 'account', 'Account (its name)')
      const password = await askPassword()
      const name = options.name ?? username
      await migrate(ownerUrl, url)
      await createAdministrator(url, config, systemClock, { username, email, name, account, password })
      say(`${username} can sign in at ${config.publicUrl.origin}.`)
    }),
  )

program
  .command('seed')
  .description('put the demonstration people into an empty database')
  .action(() =>
    withDatabase(
      async (config, { url, ownerUrl }) => {
        await migrate(ownerUrl, url)
        if (!(await seedDemonstration(url, systemClock, await openSealingKeys(config)))) {
          throw new StartupError(
            'There is somebody in the database already; nothing was changed.',
            exitCodes.failed,
          )
        }
        say(
          `Sign in as ${demonstration.admin} or ${demonstration.member}, password ${demonstration.password}.`,
        )
      },
      { DEMO: 'on' },
    ),
  )

program
  .command('doctor')
  .description('say what is wrong with the configuration, the database and the folders')
  .action(() =>
    withDatabase(async (config, urls) => {
      const findings = await examine(config, urls)
      for (const { state, text } of findings) say(`${{ ok: '✓', hint: '!', wrong: '✗' }[state]} ${text}`)
      if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.failed
    }),
  )

program
  .command('rekey')
  .description('seal with the first of SECRET_KEYS what older ones sealed; may be stopped and run again')
  .action(() =>
    withDatabase(async (config, { url }) => {
      const sealing = await openSealingKeys(config)
      const { resealed, lost } = await rekey(url, sealing, (place, count) => say(`· ${place}: ${count}`))
      for (const { place, values } of lost) say(`${place}: none of SECRET_KEYS opens ${values} values`)
      say(`${resealed} values were sealed anew.`)
      if (lost.length > 0) process.exitCode = exitCodes.failed
    }),
  )

program
  .command('verify-activity')
  .description('check that nobody changed the histories of people in the database')
  .option('--user <username>', 'the history of one person only')
  .action(({ user }: { user?: string }) =>
    withDatabase(async (_config, { url }) => {
      const { lines, intact } = await verifyActivity(url, user)
      for (const line of lines) say(line)
      if (!intact) process.exitCode = exitCodes.failed
    }),
  )

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof StartupError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.exitCode
}

/** The same database as `pnpm start`: the embedded one is shared when it runs, and started for us when it does not. */
async function withDatabase(
  work: (config: Config, urls: DatabaseUrls) => Promise<void>,
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  const config = loadConfig({ ...process.env, ...environment })
  const database = await openDatabase(config, (step) => process.stderr.write(`· ${step}\n`))
  try {
    await work(config, database)
  } finally {
    await database[Symbol.asyncDispose]()
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
