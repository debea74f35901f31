import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import { createOrm } from './orm.ts'

const database = await createTestDatabase()
const orm = await createOrm(database.url)
const client = new Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await orm.close()
  await database.drop()
})

interface Column {
  /** PostgreSQL does not know of a view which of its columns may be null. */
  ofView: boolean
  table: string
  column: string
  type: string
  nullable: boolean
  needed: boolean
}

const { rows: columns } = await client.query<Column>(
  `select relname as table, attname as column, format_type(atttypid, atttypmod) as type, not attnotnull as nullable,
     attnotnull and not atthasdef as needed, relkind = 'v' as "ofView"
   from pg_attribute join pg_class on pg_class.oid = attrelid
   where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') and attnum > 0 and not attisdropped`,
)

const entities = Array.from(orm.getMetadata().getAll().values(), ({ tableName, props }) => ({
  tableName,
  properties: props.filter(({ persist }) => persist !== false),
}))

/** As PostgreSQL writes a type out, which entities shorten. */
function spelledOut(type: string | undefined): string | undefined {
  return type
    ?.replace(/^varchar/, 'character varying')
    .replace(/^timestamptz(\(\d\))?$/, 'timestamp$1 with time zone')
}

const views = new Set(columns.filter(({ ofView }) => ofView).map(({ table }) => table))

test.each(entities)('the columns of $tableName are what its entity says', ({ tableName, properties }) => {
  const described = properties.map(({ fieldNames, columnTypes, nullable }) => ({
    table: tableName,
    column: fieldNames[0],
    type: spelledOut(columnTypes[0]),
    nullable: views.has(tableName) || (nullable ?? false),
  }))
  expect(columns).toEqual(
    expect.arrayContaining(described.map((column) => expect.objectContaining(column))),
  )

  const known = new Set(described.map(({ column }) => column))
  const forgotten = columns.filter(
    ({ table, column, needed }) => table === tableName && needed && !known.has(column),
  )
  expect(forgotten).toEqual([])
})

test('every migration of the folder is in the list, and runs once', async () => {
  const files = readdirSync(join(import.meta.dirname, 'migrations')).map((file) =>
    file.replace(/\.ts$/, ''),
  )
  const { rows } = await client.query<{ name: string }>('select name from migration order by name')

  expect(rows.map(({ name }) => name)).toEqual(files.toSorted())
  expect(await pendingMigrations(database.url)).toEqual([])
  expect(await migrate(database.url)).toEqual([])
})

test('servers that start at once take turns, and one of them migrates', async () => {
  const name = `${new URL(database.url).pathname.slice(1)}_new`
  await client.query(`create database ${name} template template0`)
  const url = new URL(database.url)
  url.pathname = name
  try {
    const applied = await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)])

    expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
  } finally {
    await client.query(`drop database ${name} with (force)`)
  }
})
