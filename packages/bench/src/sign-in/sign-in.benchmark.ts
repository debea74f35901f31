import { fileURLToPath } from 'node:url'

import { Client } from 'pg'

import { defaultLimits } from '../../../server/src/limits.ts'
import type { Benchmark } from '../benchmark.ts'
import { figureOf, type FigureOf } from '../figure.ts'
import { HttpConnection } from '../http-connection.ts'
import { startLanyard, trustedDocument } from '../lanyard.ts'
import { applyLoad, type Exchange } from '../load.ts'
import { type Candidate, measureInTurns } from '../measure.ts'
import { findPeople, type Person, spreadOver } from '../people.ts'
import { byHashWithCookie, learnAnswers, postOf } from '../requests.ts'
import { recordSelfTime } from '../self-time.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { quantile } from '../statistics.ts'
import { passwordHash } from './password-hash.ts'

const people = 10_000
const signIns = 400
const connections = 16
const crowd = 200
const atRestSeconds = 4
const atOnce = defaultLimits.signIn.concurrentHashes

const names = {
  limit: `limit: argon2id with the same parameters, ${atOnce} at once, nothing else`,
  lanyard: 'Lanyard: sign-ins from known browsers, to a new session',
  atRest: 'Lanyard: the profile page, nobody signs in',
  besideCrowd: `Lanyard: the profile page while ${crowd} sign in at once`,
} as const

const figures: readonly FigureOf[] = [
  {
    what: 'sign-ins from known browsers, to a new session',
    against: 'argon2id with the same parameters, nothing else',
    quantity: 'perSecond',
    candidate: names.lanyard,
    reference: names.limit,
    goal: { atLeast: 0.8 },
  },
  {
    what: `p95 of the profile page while ${crowd} sign in at once`,
    against: 'itself while nobody does',
    quantity: 'p95Milliseconds',
    candidate: names.besideCrowd,
    reference: names.atRest,
    goal: { atMost: 3 },
  },
]

/** What signing in costs beside the hash that it has to compute, and what others notice of a crowd that does. */
export const signInBenchmark: Benchmark = {
  name: 'sign-in',
  async run(stage) {
    await using opened = new AsyncDisposableStack()
    const { candidates } = await open(stage, opened)
    const measured = await measureInTurns(candidates, stage.onProgress)
    return { measured, figures: figures.map((wanted) => figureOf(measured, wanted)) }
  },
  async recordProfile(stage) {
    await using opened = new AsyncDisposableStack()
    const { lanyard, server } = await open(stage, opened)
    return await recordSelfTime(server, stage.repository, async () => {
      await lanyard.measure()
    })
  },
}

async function open(stage: Stage, opened: AsyncDisposableStack) {
  const databaseUrl = await stage.crowd(people)
  const guests = await findPeople(databaseUrl, spreadOver(people, crowd))
  const usernames = await givePasswords(databaseUrl, guests)
  const server = opened.use(
    await startLanyard(stage, databaseUrl, {
      // They come from one address, which nobody in the world does.
      LIMITS: JSON.stringify({
        signIn: { addressFreeFailures: 1_000_000, globalFailuresPerMinute: 1_000_000 },
      }),
    }),
  )
  const bare = opened.use(
    await ServerProcess.start(fileURLToPath(new URL('bare-argon2.server.ts', import.meta.url)), {}),
  )
  const { port } = server
  stage.onProgress(`Signing ${crowd} people in once, so that their browsers are known`)
  const exchanges = await signInExchanges(port, usernames, stage.signal)
  const { id } = await trustedDocument(stage, 'query Profile')
  const readers = await findPeople(
    databaseUrl,
    spreadOver(people, crowd).map((number) => number + 20),
  )
  const pages = await learnAnswers(byHashWithCookie(port, id, {}), readers, stage.signal)

  const limit: Candidate = {
    name: names.limit,
    async measure() {
      const begunAt = performance.now()
      const answer = await fetch(`http://127.0.0.1:${bare.port}/${signIns}/${atOnce}`, { method: 'POST' })
      if (!answer.ok) throw new Error('the hashes were not computed')
      return { perSecond: (signIns / (performance.now() - begunAt)) * 1000 }
    },
  }
  const load = { port, mostRequests: signIns, seconds: 120, signal: stage.signal }
  const lanyard: Candidate = {
    name: names.lanyard,
    async measure() {
      const before = await server.cpuMicroseconds()
      const { requests, seconds } = await applyLoad(exchanges, { ...load, connections })
      const cpu = (await server.cpuMicroseconds()) - before
      return { perSecond: requests / seconds, cpuMicroseconds: cpu / requests }
    },
  }
  /** One reader, one page after the other. */
  const readUntil = async (isOver: () => boolean) => {
    const latencies: number[] = []
    using connection = await HttpConnection.open(port)
    for (let page = 0; !isOver(); page++) {
      stage.signal.throwIfAborted()
      const exchange = pages[page % pages.length]
      if (!exchange) throw new Error('there are pages')
      const begunAt = performance.now()
      const { status } = await connection.exchange(exchange.request)
      if (status !== 200) throw new Error(`the page was answered ${status}`)
      latencies.push(performance.now() - begunAt)
    }
    const sorted = Float64Array.from(latencies)
    return {
      medianMilliseconds: quantile(sorted, 0.5),
      p95Milliseconds: quantile(sorted, 0.95),
      p99Milliseconds: quantile(sorted, 0.99),
    }
  }
  const atRest: Candidate = {
    name: names.atRest,
    async measure() {
      const endAt = performance.now() + atRestSeconds * 1000
      return readUntil(() => performance.now() > endAt)
    },
  }
  const besideCrowd: Candidate = {
    name: names.besideCrowd,
    async measure() {
      let isOver = false
      const crowded = applyLoad(exchanges, { ...load, connections: crowd, mostRequests: crowd }).finally(
        () => {
          isOver = true
        },
      )
      const [measurement] = await Promise.all([readUntil(() => isOver), crowded])
      return measurement
    },
  }
  await lanyard.measure()
  await atRest.measure()
  return { candidates: [limit, lanyard, atRest, besideCrowd], lanyard, server }
}

/** @returns their usernames */
async function givePasswords(databaseUrl: string, guests: readonly Person[]): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const ids = guests.map(({ userId }) => userId)
    await client.query(
      `insert into password (user_id, hash, changed_at) select id, $2, now() from unnest($1::uuid[]) as id
        on conflict (user_id) do update set hash = excluded.hash`,
      [ids, passwordHash.hash],
    )
    const { rows } = await client.query<{ username: string }>(
      'select username from "user" where id = any($1::uuid[])',
      [ids],
    )
    return rows.map(({ username }) => username)
  } finally {
    await client.end()
  }
}

/** Each signs in once, and keeps the cookie of the browser that is known then. */
async function signInExchanges(
  port: number,
  usernames: readonly string[],
  signal: AbortSignal,
): Promise<Exchange[]> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }'
  const exchanges: Exchange[] = []
  for (const login of usernames) {
    const body = JSON.stringify({ query, variables: { input: { login, password: passwordHash.password } } })
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal,
    })
    const device = /lanyard-\d+-device=[\w-]{43}/.exec(answer.headers.getSetCookie().join())?.[0]
    if (!device) throw new Error(`${login} could not sign in: ${await answer.text()}`)
    exchanges.push({
      request: postOf(port, body, [`Cookie: ${device}`]),
      expectedBody: Buffer.from(await answer.arrayBuffer()),
    })
  }
  return exchanges
}
