import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { StatementPool } from './statements.ts'
import { WriteBehind } from './write-behind.ts'

const database = await createTestDatabase()
const statements = new StatementPool({ databaseUrl: database.url, named: true })
afterAll(async () => {
  await statements[Symbol.asyncDispose]()
  await database.drop()
})
await statements.run(
  { name: undefined, text: 'create table used (id text primary key, at int, writes int)' },
  [],
)
const statement = {
  name: 'write_uses',
  text: `insert into used select id, at, 1 from unnest($1::text[], $2::int[]) as u (id, at)
    on conflict (id) do update set at = excluded.at, writes = used.writes + 1`,
}
const rows = () => statements.run({ name: undefined, text: 'select * from used order by id' }, [])

test('what comes within a moment is written together, the last for each key, and without being waited for', async () => {
  const uses = new WriteBehind<[string, number]>(statement, {
    statements,
    gatherMilliseconds: 50,
    onError: failing,
  })
  for (let at = 1; at <= 1000; at++) uses.put(`key${at % 3}`, [`key${at % 3}`, at])
  expect(await rows()).toEqual([])
  await expect.poll(rows).toEqual([
    { id: 'key0', at: 999, writes: 1 },
    { id: 'key1', at: 1000, writes: 1 },
    { id: 'key2', at: 998, writes: 1 },
  ])
  await uses[Symbol.asyncDispose]()
})

test('a process that stops writes what it has gathered', async () => {
  const uses = new WriteBehind<[string, number]>(statement, {
    statements,
    gatherMilliseconds: 60_000,
    onError: failing,
  })
  uses.put('late', ['late', 7])
  await uses[Symbol.asyncDispose]()
  expect(await rows()).toContainEqual({ id: 'late', at: 7, writes: 1 })
})

test('a write that fails is told, and the next one is made', async () => {
  const errors: unknown[] = []
  const uses = new WriteBehind<[string, number | string]>(statement, {
    statements,
    gatherMilliseconds: 0,
    onError: (error) => errors.push(error),
  })
  uses.put('bad', ['bad', 'no number'])
  await expect.poll(() => errors.length).toBe(1)
  uses.put('good', ['good', 8])
  await expect.poll(rows).toContainEqual({ id: 'good', at: 8, writes: 1 })
  await uses[Symbol.asyncDispose]()
})

function failing(error: unknown): void {
  throw error
}
