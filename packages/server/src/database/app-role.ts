import { type ClientBase, escapeIdentifier } from 'pg'

/** The app adds to histories through the view and reads what it is made of; only a trigger writes there. */
const historyTables = ['activity_entry', 'activity_detail', 'activity_head']
const rightsOfViews: Record<string, string> = { activity: 'select, insert' }

/** Told apart from rows: nothing of the app's reads or writes which migrations ran. */
const ownersTables = ['migration', 'migration_id_seq']

/**
 * Lets the app's role read and write rows and nothing else: no table is its own, and none may it make. Whatever it was
 * let do before is taken back in the same transaction. @param client connected as the role that owns the tables
 */
export async function grantToApp(client: ClientBase, role: string): Promise<void> {
  const app = escapeIdentifier(role)
  const { rows: mayCreate } = await client.query(
    `select from pg_namespace where nspname = 'public' and has_schema_privilege($1, oid, 'create')`,
    [role],
  )
  // As it was for everybody in databases made by PostgreSQL 14 and older.
  if (mayCreate.length > 0) await client.query(`revoke create on schema public from public, ${app}`)
  await client.query(`grant usage on schema public, pgboss to ${app}`)

  await client.query(`revoke all on all tables in schema public, pgboss from ${app}`)
  await client.query(`grant select, insert, update, delete on all tables in schema pgboss to ${app}`)
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p', 'v') and not relispartition and relname <> all($1) order by relname`,
    [ownersTables],
  )
  for (const { name } of tables) {
    const rights = historyTables.includes(name)
      ? 'select'
      : (rightsOfViews[name] ?? 'select, insert, update, delete')
    await client.query(`grant ${rights} on ${escapeIdentifier(name)} to ${app}`)
  }
}
