import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'
import { TestClock } from '../../test/test-clock.ts'
import { StatementPool } from '../database/statements.ts'
import { defaultLimits } from '../limits.ts'
import { type CodeAlarm, CodeWatch } from './code-watch.ts'

const server = await createTestServer()
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const hour = 3600

/** Texts to a country so many seconds ago, of which so many came back. */
async function sent(country: string, codes: number, proven: number, secondsAgo: number): Promise<void> {
  const at = new Date(server.clock.now().getTime() - secondsAgo * 1000)
  await sql`insert into code_sending
      (id, user_id, address_id, channel, address_key, prefix, country, source, sent_at, proven_at)
    select gen_random_uuid(), ${randomUUID()}, ${randomUUID()}, 'SMS', '', '', ${country}, '', ${at},
      case when number <= ${proven} then ${at}::timestamptz end
    from generate_series(1, ${codes}) as number`.execute(server.orm.em.fork().getKysely())
}

/** What a server that has just started says when a code has gone to the country. */
async function alarmsOf(country: string): Promise<CodeAlarm[]> {
  const alarms: CodeAlarm[] = []
  const watch = new CodeWatch({
    statements,
    limits: defaultLimits.codes.alarm,
    clock: server.clock,
    onAlarm: (alarm) => alarms.push(alarm),
    onError: (error) => {
      throw error
    },
  })
  watch.look(country)
  await watch[Symbol.asyncDispose]()
  return alarms
}

test('many more codes than usual that never come back raise an alarm', async () => {
  await sent('US', 100, 80, 3 * 24 * hour)
  await sent('US', 40, 23, hour / 2)
  expect(await alarmsOf('US')).toEqual([{ country: 'US', codes: 40, unproven: 17, usualShare: 0.2 }])
})

test('as many as usual raise none, and neither do few', async () => {
  await sent('CA', 100, 80, 3 * 24 * hour)
  await sent('CA', 40, 24, hour / 2)
  expect(await alarmsOf('CA')).toEqual([])
  await sent('GB', 19, 0, hour / 2)
  expect(await alarmsOf('GB')).toEqual([])
})

test('a country without a history is held to what is usual elsewhere', async () => {
  await sent('DE', 20, 10, hour / 2)
  expect(await alarmsOf('DE')).toEqual([])
  await sent('DE', 10, 0, hour / 2)
  expect(await alarmsOf('DE')).toEqual([{ country: 'DE', codes: 30, unproven: 20, usualShare: null }])
})

test('where most never come back, hardly any coming back still raises one', async () => {
  await sent('FR', 100, 30, 3 * 24 * hour)
  await sent('FR', 30, 1, hour / 2)
  expect(await alarmsOf('FR')).toMatchObject([{ country: 'FR', unproven: 29 }])
})

test('a code that may still come back counts for nothing', async () => {
  await sent('ES', 30, 0, 5 * 60)
  expect(await alarmsOf('ES')).toEqual([])
})

test('a country is looked at once a minute, and its alarm is raised once an hour', async () => {
  await sent('NL', 30, 0, 20 * 60)
  const clock = new TestClock(server.clock.now())
  const alarms: CodeAlarm[] = []
  const watch = new CodeWatch({
    statements,
    limits: defaultLimits.codes.alarm,
    clock,
    onAlarm: (alarm) => alarms.push(alarm),
    onError: (error) => {
      throw error
    },
  })
  for (let minutes = 0; minutes < 30; minutes++) {
    watch.look('NL')
    watch.look('NL')
    await watch[Symbol.asyncDispose]()
    clock.advanceSeconds(60)
  }
  expect(alarms).toHaveLength(1)
})

test('the server says so in its metrics', async () => {
  const pumped = await createTestServer({ limits: { codes: { alarm: { codes: 1 } } } })
  const user = await pumped.build.user()
  // Signed in just now each time, as adding a phone asks for.
  const add = async (number: string) =>
    (await pumped.as(user)).mutate('addPhone', { number, channel: 'SMS' }, '__typename')
  await add('+12025550142')
  pumped.clock.advanceSeconds(1200)
  await add('+12125550142')
  const isTold = async () => {
    const metrics = await (await fetch(`${pumped.url}/metrics`)).text()
    return metrics.includes('lanyard_code_alarms_total{country="US"} 1')
  }
  await expect.poll(isTold, { timeout: 10_000 }).toBe(true)
})
