import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, expect, test, vi } from 'vitest'

import { newId } from '../../src/lib/ids.ts'
import { createTestServer } from '../server.ts'
import { type ServerProcess, startServerProcess } from '../server-process.ts'
import { TwilioStandIn } from '../stand-ins/twilio-stand-in.ts'

// Makes the rows; the workers under test share its database.
const builder = await createTestServer()
const twilio = await TwilioStandIn.listen()
twilio.delayEach(20)
afterAll(() => twilio[Symbol.asyncDispose]())
const execute = (sql: string, values: unknown[] = []) => builder.orm.em.fork().execute(sql, values)

async function startWorker(): Promise<ServerProcess> {
  const worker = startServerProcess({
    DATABASE_URL: builder.databaseUrl,
    ROLE: 'worker',
    ...twilio.environment(),
  })
  await worker.until('Ctrl-C')
  return worker
}

/** Tests to as many numbers, each of them proven. */
async function queue(count: number): Promise<void> {
  const { id: userId } = await builder.build.user()
  await execute(
    `with proven as (
      insert into phone (user_id, id, number, country, verified_at, created_at)
      select ?, gen_random_uuid(), '+1' || 200 + n / 100 || '55501' || lpad((n % 100)::text, 2, '0'), 'US', now(), now()
      from generate_series(0, ?) as n returning *
    ) insert into delivery (user_id, id, channel, message, address_id, address, language, time_zone, content, due_at,
      expires_at, created_at)
    select user_id, (?::uuid[])[row_number() over ()], 'SMS', 'EVENT', id, number, 'EN', 'UTC', ?, now(),
      now() + interval '1 hour', now() from proven`,
    [
      userId,
      count - 1,
      `{${Array.from({ length: count }, () => newId(new Date())).join()}}`,
      JSON.stringify({
        accountName: 'Sample Account',
        accountUserId: userId,
        eventType: 'TASK_ASSIGNED',
        kind: 'NOTIFICATION',
        title: 'Splice the ring',
        body: '',
        entity: null,
        notificationId: null,
        at: new Date().toISOString(),
      }),
    ],
  )
}

function stored(): Promise<object[]> {
  return execute('select state, count(*)::int as n from delivery group by state order by state')
}

// Source.
test('workers that are killed, or stopped for longer than their lease, lose nothing and send next to nothing twice', async () => {
  const count = 1200
  await using first = await startWorker()
  await using second = await startWorker()
  await queue(count)
  await vi.waitFor(() => expect(twilio.messages.length).toBeGreaterThan(100), {
    timeout: 20_000,
    interval: 5,
  })
  first.child.kill('SIGKILL')
  await first.exitCode()
  await using third = await startWorker()
  expect(third.child.exitCode).toBeNull()
  second.child.kill('SIGSTOP')
  await sleep(12_000)
  second.child.kill('SIGCONT')

  // The lease, then the half minute in which a report could still come.
  await vi.waitFor(async () => expect(await stored()).toEqual([{ state: 'SENT', n: count }]), {
    timeout: 90_000,
    interval: 500,
  })
  const references = twilio.messages.map(({ parameters }) => parameters.get('StatusCallback'))
  expect(new Set(references).size).toBe(count)
  // Twilio was asked for what the killed one had sent; only what the stopped one had begun may have gone out again.
  expect(references.length - count).toBeLessThanOrEqual(50)
}, 180_000)
