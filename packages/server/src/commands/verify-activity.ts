import { Client } from 'pg'

import { verifyHistories } from '../activity/verify-histories.ts'
import { exitCodes, StartupError } from '../startup-error.ts'

export interface Verdict {
  /** For the operator, a line each: what is broken, then what was looked at. */
  lines: string[]
  intact: boolean
}

/**
 * Checks that no entry of anybody's history was changed, taken out or put in by whoever can write to the database.
 * @throws StartupError when nobody has the username
 */
export async function verifyActivity(databaseUrl: string, username?: string): Promise<Verdict> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const userId = username === undefined ? undefined : await findUserId(client, username)
    const { people, entries, emptied, broken } = await verifyHistories(client, userId)
    const names = await usernamesOf(
      client,
      broken.map((history) => history.userId),
    )
    const lines = broken.map(
      ({ userId: id, position, fault }) => `${names.get(id) ?? id}, entry ${position}: ${fault}`,
    )
    const erased = emptied > 0 ? `, ${emptied} of them with their details erased` : ''
    lines.push(`${people} histories with ${entries} entries${erased}: ${broken.length} broken.`)
    return { lines, intact: broken.length === 0 }
  } finally {
    await client.end()
  }
}

async function findUserId(client: Client, username: string): Promise<string> {
  const { rows } = await client.query<{ userId: string }>(
    'select user_id as "userId" from login_name where name = $1',
    [username.toLowerCase()],
  )
  if (!rows[0]) throw new StartupError(`Nobody has the username ${username}.`, exitCodes.failed)
  return rows[0].userId
}

async function usernamesOf(client: Client, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; username: string }>(
    'select id, username from "user" where id = any($1)',
    [ids],
  )
  return new Map(rows.map(({ id, username }) => [id, username]))
}
