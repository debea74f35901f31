import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { Client } from 'pg'

import type { createApp } from '../../../server/src/app.ts'
import type { loadConfig } from '../../../server/src/config.ts'
import type { StatementPool } from '../../../server/src/database/statements.ts'
import { sessionKeyOf } from '../../../server/test/crowd.ts'
import { type SentStatement, StatementPlans } from '../../../server/test/statement-plans.ts'
import type { Stage } from '../stage.ts'
import { median } from '../statistics.ts'
import { everyQuery, type PageQuery, variablesOf } from './page-queries.ts'

/** People of the small crowd who are looked at. What somebody has follows from the remainders of their number. */
const people = Array.from({ length: 20 }, (_, index) => 1 + index * 450)
const remainders = 30

/**
 * Two indexes serve the items of a person, of one kind or of all, and which is cheaper is a near thing: both hold a
 * person's own 20 items at most, which lie on a page of each of five weeks.
 */
const slack = { rows: 20, pages: 5 }

interface Reads {
  rows: number
  /** Without those above the leaves of an index, whose trees are a level higher in a large table. */
  pages: number
}

interface Crowd {
  databaseUrl: string
  people: number
}

/** The parts of the compiled server that are used here. */
interface CompiledServer {
  createApp: typeof createApp
  loadConfig: typeof loadConfig
  StatementPool: typeof StatementPool
  statementSettings: string
}

/**
 * Explains what every query of the page sends, for people of both crowds who have the same, and tells what it reads.
 * @throws Error when a query reads more of the large crowd, or a whole table that grows
 */
export async function checkPlans(stage: Stage, small: Crowd, large: Crowd): Promise<void> {
  const { repository, onProgress } = stage
  const queries = await everyQuery(repository)
  const server = await compiledServer(repository)
  const inSmall = await readsOf(server, small, people, queries)
  const inLarge = await readsOf(server, large, people.map(counterpartIn(large)), queries)

  const worse: string[] = []
  for (const { name } of queries) {
    const [few, many] = [inSmall.get(name), inLarge.get(name)]
    if (!few || !many) throw new Error(`${name} was not looked at`)
    onProgress(
      `  ${name}: ${few.rows} rows and ${few.pages} pages of the small crowd, ${many.rows} and ${many.pages} of the large`,
    )
    if (many.rows > few.rows + slack.rows || many.pages > few.pages + slack.pages) worse.push(name)
  }
  if (worse.length > 0) throw new Error(`${worse.join()} read more where there are more people`)
}

function counterpartIn({ people: count }: Crowd): (number: number) => number {
  return (number) => number + remainders * Math.floor((count - 10_000) / remainders / 2)
}

async function compiledServer(repository: string): Promise<CompiledServer> {
  const part = (path: string): Promise<unknown> =>
    import(pathToFileURL(join(repository, 'packages/server/dist', path)).href)
  const parts = await Promise.all([part('app.js'), part('config.js'), part('database/statements.js')])
  // What tsc made of these very sources.
  return Object.assign({}, ...parts) as CompiledServer
}

/** The medians over the people. */
async function readsOf(
  server: CompiledServer,
  { databaseUrl }: Crowd,
  numbers: readonly number[],
  queries: readonly PageQuery[],
): Promise<Map<string, Reads>> {
  await using opened = new AsyncDisposableStack()
  const config = { ...server.loadConfig({ PUBLIC_URL: 'http://localhost:4000' }), port: 0 }
  const app = opened.use(await server.createApp(config, databaseUrl, { quiet: true, housekeeping: false }))
  const url = await app.listen()
  const client = new Client({ connectionString: databaseUrl, options: server.statementSettings })
  await client.connect()
  opened.defer(() => client.end())
  const plans = await StatementPlans.on(client)

  const sent: SentStatement[] = []
  const { prototype } = server.StatementPool
  const { run } = prototype
  prototype.run = function remember(this, { name, text }, values) {
    sent.push({ text, values })
    return run.call(this, { name, text }, values) as never
  }
  opened.defer(() => {
    prototype.run = run
  })

  const reads = new Map<string, Reads>()
  for (const query of queries) {
    const each: Reads[] = []
    for (const number of numbers) {
      const ask = (asked: PageQuery, variables: object) => askAs(url, number, asked, variables)
      const variables = await variablesOf(query, queries, ask)
      sent.length = 0
      await ask(query, variables)
      const costs = []
      for (const statement of sent) costs.push(await plans.costOf(statement, 'generic'))
      each.push({
        rows: costs.reduce((sum, { rowsRead }) => sum + rowsRead, 0),
        pages: costs.reduce((sum, { pages }) => sum + pages, 0),
      })
    }
    reads.set(query.name, {
      rows: median(each.map(({ rows }) => rows)),
      pages: median(each.map(({ pages }) => pages)),
    })
  }
  return reads
}

async function askAs(
  url: string,
  number: number,
  { id, name }: PageQuery,
  variables: object,
): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `lanyard-4000=${sessionKeyOf(number)}` },
    body: JSON.stringify({ documentId: id, variables }),
  })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown }
  if (errors) throw new Error(`${name} answered ${JSON.stringify(errors)}`)
  return data
}
