import { setTimeout as wait } from 'node:timers/promises'

import type { Benchmark } from '../benchmark.ts'
import { figureOf } from '../figure.ts'
import { type Candidate, type Measurement, measureInTurns } from '../measure.ts'
import type { Person } from '../people.ts'
import { recordSelfTime } from '../self-time.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { prepare, socketCount } from './badge.benchmark.ts'
import { BadgeReaders } from './badge-readers.ts'
import { type BadgeServer, bareBadges, lanyardBadges } from './badge-servers.ts'

/** So many come and go first, so that what is made once is not counted as a socket's. */
const firstSockets = 500
const settleMilliseconds = 2000

/** What a socket that waits for badges takes of the server's memory. */
export const idleBenchmark: Benchmark = {
  name: 'idle',
  async run(stage) {
    const { databaseUrl, people } = await prepare(stage)
    const lanyard = await lanyardBadges(stage, databaseUrl)
    const limit = bareBadges(databaseUrl)
    const candidates = [limit, lanyard].map((server): Candidate => ({
      name: server.name,
      measure: () => measureMemory(stage, server, people),
    }))
    const measured = await measureInTurns(candidates, stage.onProgress)
    return {
      measured,
      figures: [
        figureOf(measured, {
          what: `memory per idle socket with a badge subscription, ${socketCount.toLocaleString('en')} sockets`,
          against: 'bare ws',
          quantity: 'kilobytesPerSocket',
          candidate: lanyard.name,
          reference: limit.name,
          goal: { atMost: 2.6 },
        }),
      ],
    }
  },
  async recordProfile(stage) {
    const { databaseUrl, people } = await prepare(stage)
    const lanyard = await lanyardBadges(stage, databaseUrl)
    await using server = await lanyard.start()
    return await recordSelfTime(server, stage.repository, async () => {
      using _readers = await openReaders(stage, lanyard, server, people)
      await wait(settleMilliseconds)
    })
  },
}

async function measureMemory(
  stage: Stage,
  server: BadgeServer,
  people: readonly Person[],
): Promise<Measurement> {
  await using process = await server.start()
  {
    using _first = await openReaders(stage, server, process, people.slice(0, firstSockets))
    await wait(settleMilliseconds)
  }
  await wait(settleMilliseconds)
  const before = await process.ask('memory')

  using _readers = await openReaders(stage, server, process, people)
  await wait(settleMilliseconds)
  const after = await process.ask('memory')
  return { kilobytesPerSocket: (after - before) / people.length / 1024 }
}

function openReaders(
  { signal }: Stage,
  server: BadgeServer,
  process: ServerProcess,
  people: readonly Person[],
): Promise<BadgeReaders> {
  return BadgeReaders.open(people, (person) => server.requestOf(process.port, person), signal)
}
