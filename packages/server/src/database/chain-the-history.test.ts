import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { verifyHistories } from '../activity/verify-histories.ts'
import { createTestDatabase } from '../../test/database.ts'
import { newId } from '../lib/ids.ts'
import { migrate, migrations } from './migrate.ts'

const database = await createTestDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

const name = '20261126130000_chain_the_history'

async function goBackBefore(): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: database.url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'migration', snapshot: false, silent: true },
  })
  const place = migrations.findIndex((migration) => migration.name === name)
  await orm.migrator.down({ to: migrations[place - 1]?.name ?? '' })
  await orm.close(true)
}

const histories = 'select * from activity order by user_id, id'

test('histories from before are chained as they are, and taken back as they are', async () => {
  await goBackBefore()
  const [first, second] = [newId(), newId()]
  await client.query(
    `insert into activity select u, gen_random_uuid(), u, 'Deploy', 'PROFILE_UPDATED', 'Zoë', null,
        '[{"field": "name", "before": null, "after": "Zoë"}]', now(), '192.0.2.1', 'Firefox on Linux'
      from unnest($1::uuid[]) as u, generate_series(1, 5)`,
    [[first, second]],
  )
  const before = await client.query(histories)
  expect(before.rows).toHaveLength(10)

  expect(await migrate(database.url)).toContain(name)
  expect((await client.query(histories)).rows).toEqual(before.rows)
  expect(await verifyHistories(client)).toEqual({ people: 2, entries: 10, emptied: 0, broken: [] })

  await goBackBefore()
  expect((await client.query(histories)).rows).toEqual(before.rows)
  await expect(client.query('delete from activity')).rejects.toThrow('history is append-only')
  await migrate(database.url)
})
