import pg from 'pg'
import { afterAll, expect, test } from 'vitest'

import { createTestServer } from '../../test/server.ts'
import { migrate } from './migrate.ts'

const server = await createTestServer()
const owner = new pg.Client({ connectionString: server.databaseUrl })
const app = new pg.Client({ connectionString: server.appUrl })
await owner.connect()
await app.connect()
afterAll(async () => {
  await owner.end()
  await app.end()
})

const { rows: tables } = await owner.query<{ name: string }>(
  `select oid::regclass::text as name from pg_class
    where relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and relkind in ('r', 'p') order by name`,
)

// Source: S-Q7.
test.each([
  'create table sample (id int)',
  'create table pgboss.sample (id int)',
  'create schema sample',
  'create function sample() returns int language sql return 1',
  'create view sample as select 1',
  'alter table "user" add sample int',
  'alter table "user" disable trigger all',
  'create index sample on "user" (name)',
  'drop table "user"',
  'truncate "user"',
  'drop function refuse_change cascade',
  'set session_replication_role = replica',
  'create role sample',
  'copy "user" to program $$cat$$',
])('the app may not %s', async (statement) => {
  await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' })
})

test.each([
  'update activity set action = action',
  'delete from activity',
  ...['activity_entry', 'activity_detail', 'activity_head'].flatMap((table) => [
    `insert into ${table} select * from ${table}`,
    `update ${table} set user_id = user_id`,
    `delete from ${table}`,
    `truncate ${table}`,
  ]),
  'select * from migration',
])('the app has no right to %s', async (statement) => {
  await expect(app.query(statement)).rejects.toMatchObject({
    code: '42501',
    message: expect.stringMatching(/^permission denied/),
  })
})

test('no table and no function belongs to the app, and of no table may it do more than with its rows', async () => {
  const { rows: owned } = await app.query(
    `select oid::regclass::text from pg_class where relowner = current_user::regrole
      union all select oid::regprocedure::text from pg_proc where proowner = current_user::regrole`,
  )
  expect(owned).toEqual([])
  expect(tables.length).toBeGreaterThan(40)
  for (const { name } of tables) {
    const { rows } = await app.query<{ more: boolean }>(
      `select has_table_privilege(current_user, $1, 'truncate, references, trigger') as more`,
      [name],
    )
    expect(rows).toEqual([{ more: false }])
  }
})

test('what a role was let do too much is taken back when rights are given anew', async () => {
  const { username } = new URL(server.appUrl)
  await owner.query(`grant all on activity_entry, "user", migration to ${username}`)
  await owner.query(`grant create on schema public to ${username}`)
  await migrate(server.databaseUrl, server.appUrl)

  await expect(app.query('create table sample (id int)')).rejects.toMatchObject({ code: '42501' })
  await expect(app.query('delete from activity_entry')).rejects.toThrow('permission denied')
  await expect(app.query('truncate "user"')).rejects.toThrow('permission denied')
  await expect(app.query('select from migration')).rejects.toThrow('permission denied')
  expect((await app.query('select from "user"')).rowCount).toBe(0)
})
