import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import pg from 'pg'

import { Migration20261123090000_create_people_accounts_and_inbox } from './migrations/20261123090000_create_people_accounts_and_inbox.ts'
import { Migration20261126090000_add_where_tokens_were_used } from './migrations/20261126090000_add_where_tokens_were_used.ts'
import { Migration20261126100000_add_avatars } from './migrations/20261126100000_add_avatars.ts'
import { Migration20261126110000_add_delivery_and_proof_of_addresses } from './migrations/20261126110000_add_delivery_and_proof_of_addresses.ts'
import { Migration20261126120000_add_ways_of_signing_in } from './migrations/20261126120000_add_ways_of_signing_in.ts'
import { Migration20261126130000_chain_the_history } from './migrations/20261126130000_chain_the_history.ts'
import { Migration20261126140000_add_token_policy_rotation_and_warnings } from './migrations/20261126140000_add_token_policy_rotation_and_warnings.ts'
import { Migration20261126141000_add_account_of_tokens } from './migrations/20261126141000_add_account_of_tokens.ts'
import { Migration20261126150000_note_bypasses_of_single_sign_on } from './migrations/20261126150000_note_bypasses_of_single_sign_on.ts'
import { Migration20261126152000_keep_removed_emails } from './migrations/20261126152000_keep_removed_emails.ts'
import { Migration20261126160000_order_members_of_accounts } from './migrations/20261126160000_order_members_of_accounts.ts'
import { grantToApp } from './app-role.ts'
import { migrateJobTables } from './job-tables.ts'
import { maintainNotificationPartitions } from './notification-partitions.ts'

/** In the order in which they run. */
export const migrations = [
  {
    name: '20261123090000_create_people_accounts_and_inbox',
    class: Migration20261123090000_create_people_accounts_and_inbox,
  },
  {
    name: '20261126090000_add_where_tokens_were_used',
    class: Migration20261126090000_add_where_tokens_were_used,
  },
  {
    name: '20261126100000_add_avatars',
    class: Migration20261126100000_add_avatars,
  },
  {
    name: '20261126110000_add_delivery_and_proof_of_addresses',
    class: Migration20261126110000_add_delivery_and_proof_of_addresses,
  },
  {
    name: '20261126120000_add_ways_of_signing_in',
    class: Migration20261126120000_add_ways_of_signing_in,
  },
  {
    name: '20261126130000_chain_the_history',
    class: Migration20261126130000_chain_the_history,
  },
  {
    name: '20261126140000_add_token_policy_rotation_and_warnings',
    class: Migration20261126140000_add_token_policy_rotation_and_warnings,
  },
  {
    name: '20261126141000_add_account_of_tokens',
    class: Migration20261126141000_add_account_of_tokens,
  },
  {
    name: '20261126150000_note_bypasses_of_single_sign_on',
    class: Migration20261126150000_note_bypasses_of_single_sign_on,
  },
  {
    name: '20261126152000_keep_removed_emails',
    class: Migration20261126152000_keep_removed_emails,
  },
  {
    name: '20261126160000_order_members_of_accounts',
    class: Migration20261126160000_order_members_of_accounts,
  },
]

/** "LANYARD" as a number: two servers that start at once take turns. */
const lockKey = 21_474_836_471

/**
 * Brings the database to this version, over a direct connection; returns the names of the migrations that ran.
 * A second caller waits for the first and then finds nothing to do.
 * @param ownerUrl as the role that owns the tables
 * @param appUrl as the role that the app runs as, which is given its rights; the owner when absent
 */
export async function migrate(ownerUrl: string, appUrl: string = ownerUrl): Promise<string[]> {
  const lock = new pg.Client({ connectionString: ownerUrl })
  await lock.connect()
  try {
    await lock.query('begin')
    await lock.query('select pg_advisory_xact_lock($1)', [lockKey])
    const applied = await withMigrator(ownerUrl, async (migrator) => {
      const ran = await migrator.up()
      return ran.map(({ name }) => name)
    })
    await migrateJobTables(ownerUrl)
    await maintainNotificationPartitions(lock, new Date())
    if (appUrl !== ownerUrl) await grantToApp(lock, await roleOf(appUrl))
    await lock.query('commit')
    return applied
  } finally {
    await lock.end()
  }
}

async function roleOf(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ role: string }>('select current_user as role')
    return rows[0]?.role ?? ''
  } finally {
    await client.end()
  }
}

/** Names of the migrations that this version has and the database has not. */
export function pendingMigrations(databaseUrl: string): Promise<string[]> {
  return withMigrator(databaseUrl, async (migrator) => {
    const pending = await migrator.getPending()
    return pending.map(({ name }) => name)
  })
}

async function withMigrator<Result>(
  databaseUrl: string,
  work: (migrator: Migrator) => Promise<Result>,
): Promise<Result> {
  const orm = await MikroORM.init({
    clientUrl: databaseUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'migration', snapshot: false, silent: true },
    pool: { min: 0, max: 2 },
  })
  try {
    return await work(orm.migrator as Migrator)
  } finally {
    await orm.close(true)
  }
}
