import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { migrate, migrations, pendingMigrations } from './migrate.ts'

const database = await createTestDatabase()
const client = new Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

/** Every column, index and constraint there is, but for the weeks of the inbox. */
async function shape(): Promise<unknown[]> {
  const { rows } = await client.query(
    `select table_name, column_name, data_type, column_default, is_nullable from information_schema.columns
       where table_schema = 'public' and table_name !~ '^(migration|notification_)'
     union all select tablename, indexname, indexdef, null, null from pg_indexes
       where schemaname = 'public' and tablename !~ '^(migration|notification_)'
     union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid), null, null from pg_constraint
       where connamespace = 'public'::regnamespace and conrelid::regclass::text !~ '^(migration|notification_)'
     union all select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), null, null from pg_trigger
       where not tgisinternal
     order by 1, 2, 3`,
  )
  return rows
}

test('what the migrations made they take back, and make again', async () => {
  const before = await shape()
  expect(before.length).toBeGreaterThan(100)

  const orm = await MikroORM.init({
    clientUrl: database.url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'migration', snapshot: false, silent: true },
  })
  await orm.migrator.down({ to: 0 })
  await orm.close(true)
  expect(await shape()).toEqual([])
  expect(await pendingMigrations(database.url)).toEqual(migrations.map(({ name }) => name))

  expect(await migrate(database.url)).toEqual(migrations.map(({ name }) => name))
  expect(await shape()).toEqual(before)
})
