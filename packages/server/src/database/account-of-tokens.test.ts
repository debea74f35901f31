import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'
import { migrations } from './migrate.ts'

test('tokens that are there find their account, and those that come afterwards as well', async () => {
  const server = await createTestServer({ environment: { ROLE: 'api' } })
  const orm = await MikroORM.init({
    clientUrl: server.databaseUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'migration', snapshot: false, silent: true },
  })
  const migration = { migrations: ['20261126141000_add_account_of_tokens'] }
  try {
    const { user, account, accountUser } = await server.build.member()
    const { accountUser: elsewhere, account: other } = await server.build.member({ user })
    await orm.migrator.down(migration)
    await server.build.token(accountUser, { name: 'There before' })
    await server.build.token(elsewhere, { name: 'Elsewhere before' })
    await orm.migrator.up(migration)
    await server.build.token(accountUser, { name: 'Came afterwards' })

    const { rows } = await sql`select name, account_id from personal_access_token order by id`.execute(
      server.orm.em.fork().getKysely(),
    )
    expect(rows).toEqual([
      { name: 'There before', account_id: account.id },
      { name: 'Elsewhere before', account_id: other.id },
      { name: 'Came afterwards', account_id: account.id },
    ])
  } finally {
    await orm.close(true)
  }
})
