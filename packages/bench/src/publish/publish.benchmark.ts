import { fileURLToPath } from 'node:url'

import { Client } from 'pg'

import { usernameOf } from '../../../server/test/crowd.ts'
import { HttpCandidate } from '../http-candidate.ts'
import { httpBenchmark, type OpenedCandidates } from '../http-benchmark.ts'
import { startLanyard } from '../lanyard.ts'
import { findPeople, type Person, spreadOver } from '../people.ts'
import { type Asker, asTextWithToken, learnAnswers, postOf } from '../requests.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { startThrowAwayPostgres } from '../throw-away-postgres.ts'

const people = 10_000
/** So many publish in turns, each to somebody else, so that nobody waits for another's row. */
const publishers = 1000

const names = {
  limit: 'limit: node:http, one INSERT, one UPDATE',
  atOnce: 'the same in one statement',
  lanyard: 'Lanyard: publishEvent by token',
} as const

/** An event that is in the inbox and in the badge of its recipient, on the disk, when it is answered. */
export const publishBenchmark = httpBenchmark({
  name: 'publish',
  figures: [
    {
      what: 'publishEvent over HTTP to durable inbox and badge, one recipient',
      against: 'one INSERT and one counter UPDATE on bare pg behind node:http',
      quantity: 'perSecond',
      candidate: names.lanyard,
      reference: names.limit,
      goal: { atLeast: 0.4 },
    },
  ],
  open,
})

const title = 'Ticket 4711 assigned to you'
const body = 'Packet loss on the uplink of cabinet 12'
const mutation = `mutation PublishEvent($input: PublishEventInput!) {
  publishEvent(input: $input) { accepted notified }
}`
const expectedAnswer = /^\{"data":\{"publishEvent":\{"accepted":true,"notified":1\}\}\}\n?$/

async function open(stage: Stage, opened: AsyncDisposableStack): Promise<OpenedCandidates> {
  const { signal } = stage
  stage.onProgress('Starting a PostgreSQL that waits for the disk')
  const { url: databaseUrl } = opened.use(await startThrowAwayPostgres({ durable: true }))
  await stage.fill(databaseUrl, people)
  const asked = await findPeople(databaseUrl, spreadOver(people, publishers))
  const recipients = await findRecipients(databaseUrl, asked)

  const lanyard = opened.use(await startLanyard(stage, databaseUrl))
  const limit = opened.use(
    await ServerProcess.start(fileURLToPath(new URL('publish-limit.server.ts', import.meta.url)), {
      DATABASE_URL: databaseUrl,
    }),
  )
  const toLanyard = asTextWithToken(lanyard.port, mutation, (person) => ({
    input: {
      accountId: person.accountId,
      type: 'TICKET_ASSIGNED',
      recipients: [usernameOf(neighbourOf(person))],
      title,
      body,
    },
  }))
  const toLimit = (suffix = ''): Asker => ({
    port: limit.port,
    requestOf: (person) => {
      const recipientId = recipients.get(neighbourOf(person))
      const path = `/${person.accountId}/${recipientId}${suffix}`
      return postOf(limit.port, JSON.stringify({ title, body }), [], path)
    },
  })
  const open = async (name: string, server: ServerProcess, asker: Asker) => {
    const exchanges = await learnAnswers(asker, asked, signal)
    for (const { expectedBody } of exchanges) {
      if (!expectedAnswer.test(String(expectedBody))) throw new Error(`answered ${String(expectedBody)}`)
    }
    return new HttpCandidate({ name, server, exchanges, signal })
  }
  // Learning the answers stores something, so what is there is counted after it.
  const ofLanyard = await open(names.lanyard, lanyard, toLanyard)
  const candidates = [
    await open(names.limit, limit, toLimit()),
    await open(names.atOnce, limit, toLimit('/at-once')),
    ofLanyard,
  ]
  const before = await countStored(databaseUrl)

  return {
    candidates,
    lanyard: ofLanyard,
    async check() {
      const { items, unread } = await countStored(databaseUrl)
      const answered = candidates.reduce((sum, candidate) => sum + candidate.answered, 0)
      if (items - before.items !== answered || unread - before.unread !== answered) {
        throw new Error(`${answered} were answered, ${items - before.items} are stored`)
      }
    },
  }
}

/** Who has one number less is in the same account: it is their second one. */
function neighbourOf({ number }: Person): number {
  return number - 1
}

async function findRecipients(
  databaseUrl: string,
  asked: readonly Person[],
): Promise<ReadonlyMap<number, string>> {
  const neighbours = await findPeople(databaseUrl, asked.map(neighbourOf))
  return new Map(neighbours.map(({ number, userId }) => [number, userId]))
}

async function countStored(databaseUrl: string): Promise<{ items: number; unread: number }> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ items: number; unread: number }>(
      `select (select count(*)::int from notification) as items, (select sum(unread)::int from badge) as unread`,
    )
    const [counts] = rows
    if (!counts) throw new Error('a count is one row')
    return counts
  } finally {
    await client.end()
  }
}
