import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { Pipelines } from './pipelines.ts'

const database = await createTestDatabase()
const watcher = new Client({ connectionString: database.url })
await watcher.connect()
afterAll(async () => {
  await watcher.end()
  await database.drop()
})

function open(count = 3): Pipelines {
  return new Pipelines({ connectionString: database.url, application_name: 'pipelines' }, count)
}

async function connections(): Promise<number> {
  const { rows } = await watcher.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity where datname = current_database() and application_name = 'pipelines'`,
  )
  return rows[0]?.count ?? 0
}

test('many statements at once are answered each with its own, on the one connection that they need', async () => {
  await using pipelines = open()
  const ask = (number: number) =>
    pipelines.query<{ number: number }>({
      name: 'echo',
      text: 'select $1::int as number',
      values: [number],
    })
  await ask(0)
  const answers = await Promise.all(Array.from({ length: 12 }, (_, number) => ask(number)))
  expect(answers.map(({ rows }) => rows[0]?.number)).toEqual(
    Array.from({ length: 12 }, (_, number) => number),
  )
  expect(await connections()).toBe(1)
})

test('a slow statement does not hold up those that come after', async () => {
  await using pipelines = open()
  await pipelines.query({ text: 'select 1' })
  const slow = pipelines.query({ text: 'select pg_sleep(1)' })
  await new Promise((resolve) => setTimeout(resolve, 30))
  const startedAt = performance.now()
  for (let asked = 0; asked < 20; asked++) await pipelines.query({ text: 'select 2' })
  expect(performance.now() - startedAt).toBeLessThan(900)
  await slow
  expect(await connections()).toBe(2)
})

test('a statement that fails spoils none that was sent before or after it', async () => {
  await using pipelines = open(1)
  const results = await Promise.allSettled([
    pipelines.query({ name: 'good', text: 'select 1 as x' }),
    pipelines.query({ name: 'bad', text: 'select 1 / $1::int', values: [0] }),
    pipelines.query({ name: 'worse', text: 'select no_such_thing' }),
    pipelines.query({ name: 'good', text: 'select 1 as x' }),
  ])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
})

test('a connection that is lost is opened again for the next statement', async () => {
  await using pipelines = open(1)
  const { rows } = await pipelines.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' })
  // What is lost may be heard of before the answer to who made it so.
  const lose = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30))
    await watcher.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  }
  await Promise.all([
    expect(pipelines.query({ text: 'select pg_sleep(10)' })).rejects.toThrow('terminating connection'),
    lose(),
  ])
  const again = await pipelines.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' })
  expect(again.rows[0]?.pid).not.toBe(rows[0]?.pid)
})

test('what cannot be answered is refused: nobody waits behind five hundred', async () => {
  await using pipelines = open(1)
  const waiting = [pipelines.query({ text: 'select pg_sleep(0.5)' })]
  for (let asked = 0; asked < 499; asked++) waiting.push(pipelines.query({ text: 'select 1' }))
  await expect(pipelines.query({ text: 'select 1' })).rejects.toThrow('too many statements')
  await Promise.all(waiting)
  await pipelines.query({ text: 'select 1' })
})
