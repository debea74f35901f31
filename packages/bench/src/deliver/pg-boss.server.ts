import { PgBoss } from 'pg-boss'

import { answerWith } from '../limit-server.ts'
import { carrierSender, concurrency, learnRequest } from './send-to-carrier.ts'

/**
 * A worker of pg-boss that sends one request for each job, as many at once as Lanyard does. In batches, as its manual
 * tells for many small jobs (`burstWhenBatchFull`), each job with a result of its own, as one refused message must not
 * have the others of its batch sent again.
 */
const origin = process.env['CARRIER'] ?? ''
const queue = process.env['QUEUE'] ?? ''
const batchSize = Number(process.env['BATCH'])
const boss = new PgBoss({
  connectionString: process.env['DATABASE_URL'] ?? '',
  max: 10,
  // By these it knows how many jobs are ready.
  monitorIntervalSeconds: 1,
  queueCacheIntervalSeconds: 1,
})
boss.on('error', (error) => process.stderr.write(`${String(error)}\n`))
await boss.start()

const send = carrierSender(origin, await learnRequest(origin))
await boss.work(
  queue,
  {
    batchSize,
    localConcurrency: concurrency / batchSize,
    pollingIntervalSeconds: 0.5,
    // In batches a full one is followed by the next at once; one by one, as long as others are ready.
    ...(batchSize > 1 ? { burstWhenBatchFull: true } : { burstWhenReadyExceeds: 1 }),
    perJobResults: true,
  },
  (jobs) =>
    Promise.all(
      jobs.map(async ({ id }) => {
        const output = (await send()) as object
        return { id, status: 'completed' as const, output }
      }),
    ),
)

answerWith(() => Promise.resolve('{}'))
