import { fileURLToPath } from 'node:url'

import { HttpCandidate } from '../http-candidate.ts'
import { httpBenchmark, type OpenedCandidates } from '../http-benchmark.ts'
import { startLanyard, trustedDocument } from '../lanyard.ts'
import { findPeople, spreadOver } from '../people.ts'
import {
  asAnybody,
  type Asker,
  asTextWithToken,
  byHashWithCookie,
  byPath,
  learnAnswers,
  postOf,
  requireSameData,
} from '../requests.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { postgraphileBody, postgraphileDocument, requireSameRows } from './postgraphile-profile.ts'

const people = 100_000
/** So many of them take turns. */
const hotPeople = 1000

const names = {
  limit: 'limit: node:http, one statement',
  byHash: 'Lanyard: signed in, by hash',
  byToken: 'Lanyard: by token, as text',
  mercurius: 'Mercurius 16, JIT, SQL per field',
  postgraphile: 'PostGraphile 5',
} as const

const figures = [
  {
    what: 'profile, signed in by cookie, by hash',
    against: 'the limit: node:http, one prepared statement',
    candidate: names.byHash,
    reference: names.limit,
    goal: { atLeast: 0.6 },
  },
  {
    what: 'the same',
    against: 'Mercurius 16 with JIT and hand-written SQL per field',
    candidate: names.byHash,
    reference: names.mercurius,
    goal: { atLeast: 2.5 },
  },
  {
    what: 'the same',
    against: 'PostGraphile 5 on the same tables',
    candidate: names.byHash,
    reference: names.postgraphile,
    goal: { atLeast: 2.5 },
  },
  {
    what: 'profile, by token, as text, through Apollo Server',
    against: 'the limit',
    candidate: names.byToken,
    reference: names.limit,
    goal: { atLeast: 0.35 },
  },
].map((figure) => ({ ...figure, quantity: 'perSecond' as const }))

/** The page that everybody opens, beside the least that Node and PostgreSQL need to answer it. */
export const profileBenchmark = httpBenchmark({ name: 'profile', figures, open })

async function open(stage: Stage, opened: AsyncDisposableStack): Promise<OpenedCandidates> {
  const { signal } = stage
  const databaseUrl = await stage.crowd(people)
  const document = await trustedDocument(stage, 'query Profile')
  const start = async (file: string, DOCUMENT = '') => {
    const script = fileURLToPath(new URL(file, import.meta.url))
    return opened.use(await ServerProcess.start(script, { DATABASE_URL: databaseUrl, DOCUMENT }))
  }
  const lanyard = opened.use(await startLanyard(stage, databaseUrl))
  const limit = await start('limit.server.ts')
  const mercurius = await start('mercurius.server.ts', document.text)
  const postgraphile = await start('postgraphile.server.ts', postgraphileDocument)

  stage.onProgress(`Comparing the answers for ${hotPeople.toLocaleString('en')} people`)
  const asked = await findPeople(databaseUrl, spreadOver(people, hotPeople))
  const candidate = async (name: string, server: ServerProcess, asker: Asker) => {
    const exchanges = await learnAnswers(asker, asked, signal)
    return { exchanges, candidate: new HttpCandidate({ name, server, exchanges, signal }) }
  }
  const ofLimit = await candidate(
    names.limit,
    limit,
    byPath(limit.port, ({ userId, sessionId }) => `/${userId}/${sessionId}`),
  )
  const byHash = await candidate(names.byHash, lanyard, byHashWithCookie(lanyard.port, document.id, {}))
  const byToken = await candidate(names.byToken, lanyard, asTextWithToken(lanyard.port, document.text))
  const ofMercurius = await candidate(names.mercurius, mercurius, persistedForHeaders(mercurius.port))
  const ofPostgraphile = await candidate(
    names.postgraphile,
    postgraphile,
    asAnybody(postgraphile.port, postgraphileBody),
  )
  requireSameData(byHash.exchanges, ofLimit.exchanges)
  requireSameData(byToken.exchanges, ofLimit.exchanges, withoutSession)
  requireSameData(byHash.exchanges, ofMercurius.exchanges)
  for (const [index, { expectedBody }] of byHash.exchanges.entries()) {
    requireSameRows(expectedBody, ofPostgraphile.exchanges[index]?.expectedBody ?? Buffer.alloc(0))
  }
  return {
    lanyard: byHash.candidate,
    candidates: [ofLimit, byHash, byToken, ofMercurius, ofPostgraphile].map(({ candidate }) => candidate),
  }
}

/** As `persistedQueries` of Mercurius wants it. */
function persistedForHeaders(port: number): Asker {
  const body = JSON.stringify({ query: 'profile', persisted: true })
  return {
    port,
    requestOf: ({ userId, sessionId }) =>
      postOf(port, body, [`X-User-Id: ${userId}`, `X-Session-Id: ${sessionId}`]),
  }
}

/** Who comes with a token has no session; all else of the profile is the same (decision 3). */
function withoutSession(data: string): string {
  return data.replace(/"currentSession":\{[^}]*\}/, '"currentSession":null')
}
