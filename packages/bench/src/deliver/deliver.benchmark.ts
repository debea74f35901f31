import { fileURLToPath } from 'node:url'

import { Client } from 'pg'
import { PgBoss } from 'pg-boss'

import type { Benchmark } from '../benchmark.ts'
import { figureOf, type FigureOf } from '../figure.ts'
import { startLanyard } from '../lanyard.ts'
import { type Candidate, type Measurement, measureInTurns } from '../measure.ts'
import { recordSelfTime } from '../self-time.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { startThrowAwayPostgres } from '../throw-away-postgres.ts'

const people = 2000
const deliveries = 20_000
/** Of the slower ones, for which the same number would take minutes. */
const jobs = 5000
const workers = 2
const queue = 'deliver'
const lookMilliseconds = 25

const names = {
  limit: 'limit: a bare loop in two processes, no database',
  lanyard: 'Lanyard: two workers',
  batches: 'pg-boss: a job a delivery, two workers in batches of 10',
  single: 'pg-boss: a job a delivery, two workers one by one',
} as const

const what = 'deliveries from queued row to stored outcome, two workers, a carrier that answers in 20 ms'
const figures: readonly FigureOf[] = [
  {
    what,
    against: 'the same requests from a bare loop in two processes, no database',
    quantity: 'perSecond',
    candidate: names.lanyard,
    reference: names.limit,
    goal: { atLeast: 0.5 },
  },
  {
    what,
    against: 'pg-boss 12.35, one job a delivery',
    quantity: 'perSecond',
    candidate: names.lanyard,
    reference: names.single,
    goal: { atLeast: 2 },
  },
  {
    what: 'memory of a worker after the last round',
    against: 'after the first',
    quantity: 'lastMegabytes',
    candidate: names.lanyard,
    reference: 'Lanyard: a worker after the first round',
    goal: { atMost: 1.15 },
  },
]

/** From rows that are due to what came of them, on the disk. */
export const deliverBenchmark: Benchmark = {
  name: 'deliver',
  async run(stage) {
    await using opened = new AsyncDisposableStack()
    const scene = await open(stage, opened)
    const measured = await measureInTurns(scene.candidates, stage.onProgress)
    const [first, last] = [scene.megabytes.at(0) ?? Number.NaN, scene.megabytes.at(-1) ?? Number.NaN]
    const memory = (name: string, megabytes: number) => ({
      name,
      median: { lastMegabytes: megabytes },
      rounds: [],
    })
    const lanyard = measured.find(({ name }) => name === names.lanyard)
    if (lanyard) lanyard.median.lastMegabytes = last
    const all = [...measured, memory('Lanyard: a worker after the first round', first)]
    return { measured: all, figures: figures.map((wanted) => figureOf(all, wanted)) }
  },
  async recordProfile(stage) {
    await using opened = new AsyncDisposableStack()
    const { lanyard, worker } = await open(stage, opened)
    await lanyard.measure()
    return await recordSelfTime(worker, stage.repository, async () => {
      await lanyard.measure()
    })
  },
}

async function open(stage: Stage, opened: AsyncDisposableStack) {
  const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
  stage.onProgress('Starting a PostgreSQL that waits for the disk')
  const { url: databaseUrl } = opened.use(await startThrowAwayPostgres({ durable: true }))
  await stage.fill(databaseUrl, people)
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  opened.defer(() => client.end())
  const carrier = opened.use(await ServerProcess.start(here('stand-in-carrier.server.ts'), {}))
  const origin = `http://127.0.0.1:${carrier.port}`
  const countSent = async () => Number(await (await fetch(`${origin}/count`)).text())

  const startTwo = async (start: () => Promise<ServerProcess>): Promise<[ServerProcess, ServerProcess]> => [
    opened.use(await start()),
    opened.use(await start()),
  ]
  const lanyards = await startTwo(() =>
    startLanyard(stage, databaseUrl, {
      ROLE: 'worker',
      SECRET_KEYS: 'only-for-the-benchmark-and-the-same-in-both-workers',
      TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
      TWILIO_AUTH_TOKEN: 'only-for-the-benchmark',
      TWILIO_FROM: '+12025550100',
      TWILIO_BASE_URL: origin,
    }),
  )
  const megabytes: number[] = []
  const lanyard: Candidate = {
    name: names.lanyard,
    async measure() {
      const measurement = await measureSent(lanyards, deliveries, async () => {
        await queueDeliveries(client)
        return () => isNone(client, "select 1 from delivery where state in ('QUEUED', 'SENDING') limit 1")
      })
      await checkAllSent(client)
      await client.query('truncate delivery')
      megabytes.push((await lanyards[0].ask('memory')) / 2 ** 20)
      return measurement
    },
  }
  // Warms everything up, and has the carrier know what a request looks like.
  await lanyard.measure()
  megabytes.length = 0

  const loops = await startTwo(() => ServerProcess.start(here('bare-loop.server.ts'), { CARRIER: origin }))
  const limit: Candidate = {
    name: names.limit,
    measure: () =>
      measureSent(loops, deliveries, async () => {
        const answers = await Promise.all(
          loops.map(({ port }) =>
            fetch(`http://127.0.0.1:${port}/${deliveries / workers}`, { method: 'POST' }),
          ),
        )
        if (!answers.every(({ ok }) => ok)) throw new Error('a bare loop gave up')
        return () => Promise.resolve(true)
      }),
  }

  const boss = new PgBoss({ connectionString: databaseUrl })
  await boss.start()
  opened.defer(() => boss.stop({ graceful: false }))
  const pgBoss = async (name: string, batch: number): Promise<Candidate> => {
    const queueName = `${queue}_${batch}`
    await boss.createQueue(queueName, { retryLimit: 5, retryBackoff: true })
    return {
      name,
      async measure() {
        // Only while they are measured, as they look for jobs all the time.
        await using stopped = new AsyncDisposableStack()
        const environment = {
          DATABASE_URL: databaseUrl,
          CARRIER: origin,
          QUEUE: queueName,
          BATCH: String(batch),
        }
        const bosses = [
          stopped.use(await ServerProcess.start(here('pg-boss.server.ts'), environment)),
          stopped.use(await ServerProcess.start(here('pg-boss.server.ts'), environment)),
        ]
        const rows = Array.from({ length: jobs }, (_, number) => ({ data: { number } }))
        const measurement = await measureSent(bosses, jobs, async () => {
          await boss.insert(queueName, rows)
          return () =>
            isNone(
              client,
              `select 1 from pgboss.job where name = '${queueName}' and state < 'completed' limit 1`,
            )
        })
        await boss.deleteAllJobs(queueName)
        return measurement
      },
    }
  }

  return {
    candidates: [limit, lanyard, await pgBoss(names.batches, 10), await pgBoss(names.single, 1)],
    lanyard,
    worker: lanyards[0],
    megabytes,
  }

  /** @param begin queues the work; resolves, once that is committed, to whether it is done */
  async function measureSent(
    processes: readonly ServerProcess[],
    count: number,
    begin: () => Promise<() => Promise<boolean>>,
  ): Promise<Measurement> {
    const cpuOf = async () => {
      const each = await Promise.all(processes.map((one) => one.cpuMicroseconds()))
      return each.reduce((sum, cpu) => sum + cpu, 0)
    }
    const [cpuBefore, sentBefore] = [await cpuOf(), await countSent()]
    const begunAt = performance.now()
    const isDone = await begin()
    while (!(await isDone())) {
      stage.signal.throwIfAborted()
      await new Promise((settle) => setTimeout(settle, lookMilliseconds))
    }
    const seconds = (performance.now() - begunAt) / 1000
    const sent = (await countSent()) - sentBefore
    if (sent !== count) throw new Error(`${count} were to be sent, and the carrier had ${sent}`)
    return { perSecond: count / seconds, cpuMicroseconds: ((await cpuOf()) - cpuBefore) / count }
  }
}

/** Events for people of the crowd, to their proven phones, all due now. */
async function queueDeliveries(client: Client): Promise<void> {
  await client.query(
    `insert into delivery (user_id, id, channel, message, address_id, address, language, time_zone, content, due_at,
       expires_at, created_at)
     select phone.user_id, uuidv7(), 'SMS', 'EVENT', phone.id, phone.number, 'EN', 'UTC', $2, now(),
       now() + interval '1 day', now()
     from generate_series(1, $1) as turn
       join (select *, row_number() over (order by user_id) as position, count(*) over () as people
         from phone where "primary") as phone on phone.position = 1 + turn % phone.people`,
    [
      deliveries,
      JSON.stringify({
        accountName: 'Sample Account',
        accountUserId: '00000000-0000-7000-8000-000000000000',
        eventType: 'TICKET_ASSIGNED',
        kind: 'NOTIFICATION',
        title: 'Ticket 4711 assigned to you',
        body: 'Packet loss on the uplink of cabinet 12',
        entity: null,
        notificationId: null,
        at: '2026-11-23T08:12:00.000Z',
      }),
    ],
  )
  await client.query('notify delivery_due')
}

async function checkAllSent(client: Client): Promise<void> {
  const { rows } = await client.query(
    `select state, attempts, count(*)::int as n from delivery group by state, attempts`,
  )
  const [row, ...others] = rows
  if (row?.state !== 'SENT' || row.attempts !== 1 || others.length > 0)
    throw new Error(`not all were sent once: ${JSON.stringify(rows)}`)
}

async function isNone(client: Client, query: string): Promise<boolean> {
  return (await client.query(query)).rows.length === 0
}
