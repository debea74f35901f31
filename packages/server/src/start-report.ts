import { Client } from 'pg'
import type { Config } from './config.ts'
import { unsentChannels } from './delivery/unsent-channels.ts'
import type { OpenDatabase } from './open-database.ts'
import { demonstration } from './seed/demo.ts'

interface Start {
  /** Where it listens, which matters when any free port would do. */
  url: string
  config: Config
  database: OpenDatabase
  /** Of the link that makes the first administrator; null when there is somebody. */
  setupToken: string | null
}

/** The one block that the operator reads: where it runs, how to get in, where the data is. */
export async function describeStart({ url, config, database, setupToken }: Start): Promise<string> {
  const { hasDemonstration, hasAdministrator } = await lookForPeople(database.url)
  const origin = config.port === 0 ? url : config.publicUrl.origin
  const lines = [`Lanyard runs at ${origin}`]
  if (config.demo && hasDemonstration) {
    const { admin, member, password } = demonstration
    lines.push(`Sign in as   ${admin} or ${member}, password ${password}`)
  } else if (setupToken !== null) {
    lines.push(`Next         ${new URL(`/setup/${setupToken}`, origin).href}`)
    lines.push('             makes the first administrator, once; or pnpm lanyard create-admin')
  } else if (!hasAdministrator) {
    lines.push('Next         pnpm lanyard create-admin, as nobody administers it yet')
  }
  if (config.catcher)
    lines.push(`Outbox       ${config.publicUrl.origin}/outbox shows what no carrier takes`)
  const unsent = unsentChannels(config).map((channel) => channel.toLowerCase())
  if (unsent.length > 0) lines.push(`Not sent     ${unsent.join(', ')}: no carrier is configured`)
  lines.push(`Data         ${database.place}`, 'Stop         Ctrl-C')

  const rule = '─'.repeat(Math.max(...lines.map((line) => line.length)))
  return ['', rule, ...lines, rule].join('\n')
}

interface People {
  hasDemonstration: boolean
  hasAdministrator: boolean
}

async function lookForPeople(databaseUrl: string): Promise<People> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<People>(
      `select exists (select from login_name join account on owner_id = user_id
           where login_name.name = $1 and account.name = $2) as "hasDemonstration",
         exists (select from "user" where super_admin) as "hasAdministrator"`,
      [demonstration.admin, demonstration.account],
    )
    return rows[0] ?? { hasDemonstration: false, hasAdministrator: false }
  } finally {
    await client.end()
  }
}
