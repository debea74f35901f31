import { Client } from 'pg'

import { StatementPool } from '../../../server/src/database/statements.ts'
import type { CarriedChannel } from '../../../server/src/delivery/channel.ts'
import { claimDeliveries } from '../../../server/src/delivery/claiming.ts'
import { systemClock } from '../../../server/src/lib/clock.ts'
import type { Benchmark } from '../benchmark.ts'
import { figureOf } from '../figure.ts'
import { type Candidate, measureInTurns } from '../measure.ts'
import type { Stage } from '../stage.ts'

const few = 1000
const many = 1_000_000
const claimed = 50
const claims = 300
/** The enum's value: Node runs this file as it is, and strips types only. */
const sms = 'SMS' as CarriedChannel

const nameOf = (waiting: number) => `claims of ${claimed}, ${waiting.toLocaleString('en')} waiting`

/** How long a claim takes, however many deliveries wait behind it. */
export const claimBenchmark: Benchmark = {
  name: 'claim',
  async run(stage) {
    await using opened = new AsyncDisposableStack()
    const candidates = [await open(stage, opened, few), await open(stage, opened, many)]
    const measured = await measureInTurns(candidates, stage.onProgress)
    const figure = figureOf(measured, {
      what: `claims of ${claimed} due deliveries with ${many.toLocaleString('en')} waiting`,
      against: `with ${few.toLocaleString('en')} waiting`,
      quantity: 'perSecond',
      candidate: nameOf(many),
      reference: nameOf(few),
      goal: { atLeast: 0.9 },
    })
    return { measured, figures: [figure] }
  },
  recordProfile: () => Promise.reject(new Error('the time of a claim goes to PostgreSQL')),
}

async function open(stage: Stage, opened: AsyncDisposableStack, waiting: number): Promise<Candidate> {
  const databaseUrl = await stage.empty(`claims_${waiting}`)
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  opened.defer(() => client.end())
  const statements = opened.use(new StatementPool({ databaseUrl, named: true }))
  stage.onProgress(`Queueing ${waiting.toLocaleString('en')} deliveries`)
  await queue(client, waiting)
  await client.query('vacuum (analyze) delivery')

  return {
    name: nameOf(waiting),
    async measure() {
      let milliseconds = 0
      for (let claim = 0; claim < claims; claim++) {
        stage.signal.throwIfAborted()
        const begunAt = performance.now()
        const taken = await claimDeliveries(statements, systemClock, sms, claimed)
        milliseconds += performance.now() - begunAt
        if (taken.length !== claimed) throw new Error(`${taken.length} of ${claimed} were claimed`)
        // What was claimed is sent, and as many others are queued: as many wait as before.
        await client.query("update delivery set state = 'SENT' where id = any($1::uuid[])", [
          taken.map(({ id }) => id),
        ])
        await queue(client, claimed)
      }
      return { perSecond: (claims / milliseconds) * 1000 }
    },
  }
}

async function queue(client: Client, count: number): Promise<void> {
  await client.query(
    `insert into delivery (user_id, id, channel, message, address, language, time_zone, content, due_at, expires_at,
       created_at)
     select gen_random_uuid(), uuidv7(), 'SMS', 'TEST', '+12125550142', 'EN', 'UTC', '{}',
       now() + number * interval '1 microsecond' - interval '1 minute', now() + interval '1 day', now()
     from generate_series(1, $1) as number`,
    [count],
  )
}
