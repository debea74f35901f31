import { Client } from 'pg'

import { HttpCandidate } from '../http-candidate.ts'
import { httpBenchmark, type OpenedCandidates } from '../http-benchmark.ts'
import { startLanyard, trustedDocument } from '../lanyard.ts'
import { findPeople, type Person, spreadOver } from '../people.ts'
import { byHashWithCookie, learnAnswers } from '../requests.ts'
import type { Stage } from '../stage.ts'
import { checkPlans } from './plan-check.ts'
import { shuffle } from './shuffle.ts'

const few = 10_000
const many = 1_000_000
/** Evenly spread, in random order; all of them where there are fewer. */
const hotPeople = 50_000

const nameOf = (people: number) => `Lanyard: ${people.toLocaleString('en')} people`

/** The profile page with a hundred times the people, on the same PostgreSQL: what an index costs when it is deep. */
export const growthBenchmark = httpBenchmark({
  name: 'growth',
  figures: [
    {
      what: `profile at ${many.toLocaleString('en')} people, ${hotPeople.toLocaleString('en')} of them in turns`,
      against: `itself at ${few.toLocaleString('en')}`,
      quantity: 'perSecond',
      candidate: nameOf(many),
      reference: nameOf(few),
      goal: { atLeast: 0.9 },
    },
  ],
  open,
})

async function open(stage: Stage, opened: AsyncDisposableStack): Promise<OpenedCandidates> {
  const document = await trustedDocument(stage, 'query Profile')
  async function openWith(people: number): Promise<HttpCandidate> {
    const { signal } = stage
    const databaseUrl = await stage.crowd(people)
    const numbers = shuffle(spreadOver(people, Math.min(people, hotPeople)))
    const asked = await findPeople(databaseUrl, numbers)
    await seeLater(databaseUrl, asked)

    const server = opened.use(await startLanyard(stage, databaseUrl))
    stage.onProgress(`Asking for each of ${asked.length.toLocaleString('en')} people once`)
    const exchanges = await learnAnswers(byHashWithCookie(server.port, document.id, {}), asked, signal)
    return new HttpCandidate({ name: nameOf(people), server, exchanges, signal })
  }
  const small = await openWith(few)
  const large = await openWith(many)
  return {
    candidates: [small, large],
    lanyard: large,
    async check() {
      stage.onProgress('Looking at what each query of the page reads')
      const crowdOf = async (people: number) => ({ databaseUrl: await stage.crowd(people), people })
      await checkPlans(stage, await crowdOf(few), await crowdOf(many))
    },
  }
}

/**
 * When a session was last used is written once a minute. Where fewer people take turns that would be fewer writes, so
 * nobody's is due while it is measured.
 */
async function seeLater(databaseUrl: string, asked: readonly Person[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `update session set last_seen_at = now() + interval '2 hours'
        from unnest($1::uuid[], $2::uuid[]) as asked (user_id, session_id)
        where session.user_id = asked.user_id and session.id = asked.session_id`,
      [asked.map(({ userId }) => userId), asked.map(({ sessionId }) => sessionId)],
    )
    await client.query('vacuum (analyze) session')
  } finally {
    await client.end()
  }
}
