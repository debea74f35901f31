import type { EntityManager } from '@mikro-orm/postgresql'
import { Client } from 'pg'

import type { Clock } from '../lib/clock.ts'
import { hashOfSecret, newSecretKey } from '../security/secret-keys.ts'

/**
 * Makes the one link under which the first administrator is made, and voids the one of an earlier start. Once there is
 * anybody there is no link any more: then administrators are made at the console. Source: S-A6.
 * @returns its token; null when there is somebody
 */
export async function renewSetupLink(databaseUrl: string, clock: Clock): Promise<string | null> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('delete from setup_link')
    const token = newSecretKey()
    const { rowCount } = await client.query(
      'insert into setup_link (hash, created_at) select $1, $2 where not exists (select from "user")',
      [hashOfSecret(token), clock.now()],
    )
    await client.query('commit')
    return rowCount === 0 ? null : token
  } finally {
    await client.end()
  }
}

export async function isSetupToken(em: EntityManager, token: string): Promise<boolean> {
  const rows: unknown[] = await em.execute(
    'select 1 from setup_link where hash = ? and not exists (select from "user")',
    [hashOfSecret(token)],
  )
  return rows.length > 0
}

/** Of any number that use it at once, one is told true: the others wait for its transaction. */
export async function useSetupToken(tx: EntityManager, token: string): Promise<boolean> {
  const rows: unknown[] = await tx.execute(
    'delete from setup_link where hash = ? and not exists (select from "user") returning hash',
    [hashOfSecret(token)],
  )
  return rows.length > 0
}
