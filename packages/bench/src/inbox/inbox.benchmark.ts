import { fileURLToPath } from 'node:url'

import { Client } from 'pg'

import { HttpCandidate } from '../http-candidate.ts'
import { httpBenchmark, type OpenedCandidates } from '../http-benchmark.ts'
import { startLanyard, trustedDocument } from '../lanyard.ts'
import { findPeople, type Person, spreadOver } from '../people.ts'
import { byHashWithCookie, byPath, dataOf, learnAnswers, requireSameData } from '../requests.ts'
import { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'

const people = 100_000
const hotPeople = 1000
const variables = { kind: 'NOTIFICATION', first: 25 }

const names = { limit: 'limit: node:http, one statement', lanyard: 'Lanyard: signed in, by hash' } as const

/** One page of 25 items, with cursors, beside the least that Node and PostgreSQL need for it. */
export const inboxBenchmark = httpBenchmark({
  name: 'inbox',
  figures: [
    {
      what: 'inbox page of 25',
      against: 'the limit, built likewise',
      quantity: 'perSecond',
      candidate: names.lanyard,
      reference: names.limit,
      goal: { atLeast: 0.55 },
    },
  ],
  open,
})

async function open(stage: Stage, opened: AsyncDisposableStack): Promise<OpenedCandidates> {
  const { signal } = stage
  const databaseUrl = await stage.crowd(people)
  const asked = await findPeople(databaseUrl, spreadOver(people, hotPeople))
  await fillPages(databaseUrl, asked)
  const lanyard = opened.use(await startLanyard(stage, databaseUrl))
  const document = await trustedDocument(stage, 'query InboxItems')

  stage.onProgress(`Comparing the answers for ${hotPeople.toLocaleString('en')} people, byte by byte`)
  const ofLanyard = await learnAnswers(
    byHashWithCookie(lanyard.port, document.id, variables),
    asked,
    signal,
  )
  const limit = opened.use(
    await ServerProcess.start(fileURLToPath(new URL('inbox-limit.server.ts', import.meta.url)), {
      DATABASE_URL: databaseUrl,
      EVENT_TYPES: eventTypesIn(ofLanyard[0]?.expectedBody),
    }),
  )
  const { kind, first } = variables
  const ofLimit = await learnAnswers(
    byPath(limit.port, ({ userId }) => `/${userId}/${kind}/${first}`),
    asked,
    signal,
  )
  requireSameData(ofLanyard, ofLimit)
  requireFullPages(ofLanyard)

  const candidate = new HttpCandidate({
    name: names.lanyard,
    server: lanyard,
    exchanges: ofLanyard,
    signal,
  })
  return {
    lanyard: candidate,
    candidates: [
      new HttpCandidate({ name: names.limit, server: limit, exchanges: ofLimit, signal }),
      candidate,
    ],
  }
}

/** A crowd has fewer items than a page shows: whoever is asked for gets 30 more, with a link, and has read them. */
async function fillPages(databaseUrl: string, asked: readonly Person[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into notification
          (user_id, id, account_id, kind, event_type, title, body, entity, read_at, created_at)
        select user_id, uuidv7(-age), account_id, 'NOTIFICATION', 'TICKET_REPLIED', 'Ticket ' || 50000 + which,
          'The customer says that the line is up again', jsonb_build_object('type', 'ticket', 'id', which,
            'name', 'Ticket ' || 50000 + which, 'url', 'https://desk.example.com/tickets/' || 50000 + which),
          now() - age, now() - age
        from unnest($1::uuid[]) as user_id, generate_series(1, 30) as which,
          lateral (select which * interval '9 hours' as age) as its,
          lateral (select account_id from account_user m where m.user_id = user_id.user_id
            order by account_id offset which % 2 limit 1) as membership
        where not exists (
          select from notification n where n.user_id = user_id.user_id and n.event_type = 'TICKET_REPLIED')`,
      [asked.map(({ userId }) => userId)],
    )
    await client.query('vacuum (analyze) notification')
  } finally {
    await client.end()
  }
}

/** The catalogue is no data of the person's: the limit answers it from memory, as Lanyard does. */
function eventTypesIn(body: Buffer | undefined): string {
  const eventTypes = body && /"notificationEventTypes":(\[.*\])/.exec(dataOf(body))?.[1]
  if (!eventTypes) throw new Error(`an inbox without event types: ${String(body)}`)
  return eventTypes
}

function requireFullPages(exchanges: readonly { expectedBody: Buffer }[]): void {
  for (const { expectedBody } of exchanges) {
    const items = String(expectedBody).split('"NotificationEdge"').length - 1
    if (items !== variables.first) throw new Error(`a page of ${items} items: ${String(expectedBody)}`)
  }
}
