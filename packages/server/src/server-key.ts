import type { StatementPool } from './database/statements.ts'
import { type Clock, timeForDatabase } from './lib/clock.ts'
import type { SealingKeys } from './sealing-keys.ts'

const insertStatement = {
  name: 'insert_server_key',
  text: `insert into server_key (name, sealed, created_at)
    values ($1, $2, coalesce($3::timestamptz, clock_timestamp())) on conflict (name) do nothing`,
}
const findStatement = { name: 'find_server_key', text: 'select sealed from server_key where name = $1' }

/** Where a key of the server may be opened. */
export function bindingOfServerKey(name: string): string {
  return `server_key:${name}`
}

/** A key that every server shares and that outlives those that seal it, as text; undefined when none of them opens it. */
export async function findServerKey(
  statements: StatementPool,
  sealing: SealingKeys,
  name: string,
): Promise<{ opened: string | undefined } | undefined> {
  const [row] = await statements.run<{ sealed: Buffer }>(findStatement, [name])
  if (!row) return undefined
  try {
    return { opened: sealing.open(row.sealed, bindingOfServerKey(name)) }
  } catch {
    return { opened: undefined }
  }
}

/** Of servers that start together, all take what the first wrote: find it after this. */
export async function insertServerKey(
  statements: StatementPool,
  sealing: SealingKeys,
  clock: Clock,
  { name, text }: { name: string; text: string },
): Promise<void> {
  const sealed = sealing.seal(text, bindingOfServerKey(name))
  await statements.write(insertStatement, [name, sealed, timeForDatabase(clock)])
}
