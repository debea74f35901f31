import { join } from 'node:path'
import { type OperationDefinitionNode, parse } from 'graphql'
import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import trustedDocuments from '../../client/src/graphql/trusted-documents.json' with { type: 'json' }
import { statementSettings } from '../src/database/statements.ts'
import { seedCrowd, sessionKeyOf } from './crowd.ts'
import { type Answer, createTestServer, type TestServer } from './server.ts'
import { type Planning, type SentStatement, type StatementCost, StatementPlans } from './statement-plans.ts'

/** A query that reads a table that grows reads twenty times as much in the city. */
const fewPeople = 500
const manyPeople = 10_000

/**
 * People of the village, and for each one of the city who has the same: what a person of a crowd has follows from the
 * remainders of their number.
 */
const pairs = Array.from({ length: 10 }, (_, index) => {
  const villager = 1 + index * 49
  const citizen = villager + 30 * Math.floor((index * (manyPeople - fewPeople)) / 9 / 30)
  return { villager, citizen }
})

interface Town {
  server: TestServer
  client: pg.Client
  plans: StatementPlans
}

/** A server with so many people, who find the page of this build there. */
async function townOf(people: number): Promise<Town> {
  const clientDirectory = join(import.meta.dirname, '../../client/src/graphql')
  // No worker asks the database beside it.
  const server = await createTestServer({ clientDirectory, environment: { ROLE: 'api' } })
  const client = new pg.Client({ connectionString: server.databaseUrl, options: statementSettings })
  await client.connect()
  afterAll(() => client.end())
  await seedCrowd(client, { people })
  for (const statement of besideTheCrowd(people)) await client.query(statement)
  return { server, client, plans: await StatementPlans.on(client) }
}

/**
 * What makes two towns comparable: a table of a page or two is rightly read whole, one that is empty cannot grow, and
 * what a person has lies together. So there are accounts of other people, older and newer ones, with rules, and
 * everybody prefers something.
 */
function besideTheCrowd(people: number): string[] {
  return [
    `insert into account (id, name, owner_id, created_at)
      select uuidv7((number - ${people / 4}) * interval '1 minute'), 'Firm of others ' || number, owner_id, now()
      from generate_series(1, ${people / 2}) as number, (select owner_id from account limit 1)`,
    `insert into notification_rule (account_id, id, name, rules, created_at)
      select id, uuidv7(), 'Wake gently', E'- match: always\\n', now() from account where name like 'Firm of others %'`,
    `insert into notification_preference (user_id, account_user_id, event_type, channels)
      select user_id, id, 'TASK_ASSIGNED', '{}' from account_user`,
    // Some of them lie beside a person's others, most among those of everybody.
    `insert into delivery (user_id, id, channel, message, address_id, address, language, time_zone, content, state,
        due_at, expires_at, created_at, sent_at)
      select user_id, uuidv7((number - 40) * interval '1 minute'), 'EMAIL', 'TEST', id, address, 'EN', 'UTC', '{}', 'SENT',
        now(), now(), now(), now()
      from generate_series(1, 40) as number, email where verified_at is not null`,
    `insert into address_health (user_id, address_id, last_delivered_at) select user_id, id, now() from email`,
    `cluster badge using badge_pkey`,
    `vacuum (freeze, analyze) account, notification_rule, notification_preference, badge, delivery,
      address_health`,
  ]
}

const village = await townOf(fewPeople)
const city = await townOf(manyPeople)
const growing = await tablesThatGrow()

async function tablesThatGrow(): Promise<ReadonlySet<string>> {
  const [before, after] = await Promise.all([village, city].map(rowsByTable))
  const names = [...(after ?? [])].flatMap(([table, rows]) =>
    rows > 2 * (before?.get(table) ?? 0) ? table : [],
  )
  return new Set(names)
}

async function rowsByTable({ client }: Town): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; rows: number }>(
    `select relname as name, reltuples::int as rows from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  )
  return new Map(rows.map(({ name, rows: count }) => [name, count]))
}

/** Every query of the page, by name and id. */
const queries = Object.entries(trustedDocuments).flatMap(([hash, text]) => {
  const operation = parse(text).definitions.find(isOperation)
  if (operation?.operation !== 'query') return []
  return [{ name: operation.name?.value ?? '', documentId: `sha256:${hash}` }]
})

function isOperation(definition: { kind: string }): definition is OperationDefinitionNode {
  return definition.kind === 'OperationDefinition'
}

type Ask = (documentName: string, variables?: object) => Promise<Answer>
type Variables = (ask: Ask) => Promise<object[]>

/** What the page gives to those of its queries that take something: each page of a list, each kind of item. */
/** An account that the person administers; undefined when there is none. */
async function administered(ask: Parameters<Variables>[0]): Promise<string | undefined> {
  const profile = await ask('Profile')
  const withRoles: { id: string; roles: { name: string }[] }[] = profile.data.me.accountUsers
  const own = withRoles.find(({ roles }) => roles.some(({ name }) => name === 'Administrator'))
  if (!own) return undefined
  const tokens = await ask('AccessTokens')
  const withAccounts: { id: string; account: { id: string } }[] = tokens.data.me.accountUsers
  return withAccounts.find(({ id }) => id === own.id)?.account.id
}

const variablesOf: Record<string, Variables> = {
  async AccountTokens(ask) {
    const accountId = await administered(ask)
    if (accountId === undefined) return []
    const first = await ask('AccountTokens', { accountId })
    const after = String(first.data.account.personalAccessTokens.pageInfo.endCursor)
    return [{ accountId }, { accountId, after }]
  },
  async Members(ask) {
    const accountId = await administered(ask)
    if (accountId === undefined) return []
    const first = await ask('Members', { accountId })
    const after = String(first.data.account.accountUsers.pageInfo.endCursor)
    return [{ accountId }, { accountId, after }]
  },
  async OwnMembership(ask) {
    const { data } = await ask('AccessTokens')
    return [{ accountId: data.me.accountUsers[0].account.id }]
  },
  async Activity(ask) {
    const { data } = await ask('Activity', { first: 4 })
    return [{}, { first: 4 }, { first: 4, after: data.me.activity.pageInfo.endCursor }]
  },
  async Deliveries(ask) {
    const { data } = await ask('Deliveries')
    const { endCursor: after } = data.me.deliveries.pageInfo
    const contacts = await ask('Contacts')
    const [email] = contacts.data.me.emails
    return [{}, { after }, { addressId: email.id }]
  },
  async InboxItems(ask) {
    const { data } = await ask('InboxItems', { kind: 'NOTIFICATION', first: 4 })
    const after = String(data.me.notifications.pageInfo.endCursor)
    return [
      { kind: 'NOTIFICATION' },
      { kind: 'ALERT' },
      { kind: 'NOTIFICATION', first: 4 },
      { kind: 'NOTIFICATION', first: 4, after },
    ]
  },
  async SignInSettings(ask) {
    const accountId = await administered(ask)
    return accountId === undefined ? [] : [{ accountId }]
  },
  /** What was sent to somebody is looked for by its id, whether it is there or not. */
  DeliveryNow: () => Promise.resolve([{ id: '0199aaaa-0000-7000-8000-000000000000' }]),
  async InboxItem(ask) {
    const { data } = await ask('InboxItems', { kind: 'NOTIFICATION' })
    const ids: string[] = data.me.notifications.edges.map(({ node }: { node: { id: string } }) => node.id)
    return [{ id: ids.at(0) }, { id: ids.at(-1) }]
  },
}

/**
 * Two indexes serve the items of a person, of one kind or of all, and which is cheaper is a near thing in a week with
 * few of them. Both hold a person's own 20 items at most, which lie on a page of each of five weeks.
 */
const slack = { rows: 20, pages: 5 }

/** A page of 25 people: they lie beside each other among few, and among many each of them on a page of their own. */
const pagesOfPeople: Record<string, number> = { Members: 25 }

/** What the server sends to the database for a person's query, as often as there are variables to try. */
async function statementsOf(name: string, town: Town, person: number): Promise<SentStatement[][]> {
  const caller = town.server.withCookie(sessionKeyOf(person))
  const ask: Ask = async (documentName, variables = {}) => {
    const documentId = queries.find((query) => query.name === documentName)?.documentId
    const answer = await caller.send({ documentId, variables })
    expect(answer.errors).toBeUndefined()
    return answer
  }
  const tries = await (variablesOf[name]?.(ask) ?? Promise.resolve([{}]))
  const statements: SentStatement[][] = []
  for (const variables of tries) statements.push(await sentDuring(() => ask(name, variables)))
  return statements
}

/** Everything that this process sends to a database meanwhile, but for the queue of nightly work. */
async function sentDuring(work: () => Promise<unknown>): Promise<SentStatement[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    const sent = query.mock.calls.map(([given]): SentStatement & { name?: string } => {
      // pg takes a text, or a text with its values.
      const config = given as string | { text: string; values?: unknown[]; name?: string }
      return typeof config === 'string' ? { text: config, values: [] } : { values: [], ...config }
    })
    // When a session was last used is written after the answer, and so perhaps while the next is made.
    // The worker looks once a second for what is due.
    const besides = new Set(['touch_sessions', 'find_due_channels'])
    const ofRequest = sent.filter(({ text, name = '' }) => !text.includes('pgboss') && !besides.has(name))
    // Whoever names a statement has it planned once for each connection.
    expect(ofRequest.filter(({ name }) => name === undefined)).toEqual([])
    return ofRequest
  } finally {
    query.mockRestore()
  }
}

async function costOf(
  { plans }: Town,
  statements: readonly SentStatement[],
  planning: Planning,
): Promise<StatementCost> {
  const total: StatementCost = { rowsRead: 0, pages: 0, pagesOfDescents: 0, readWhole: [] }
  for (const statement of statements) {
    const cost = await plans.costOf(statement, planning)
    total.rowsRead += cost.rowsRead
    total.pages += cost.pages
    total.pagesOfDescents += cost.pagesOfDescents
    total.readWhole.push(...cost.readWhole)
  }
  return total
}

test('the crowd grows where people have something, and every query that takes variables is given some', () => {
  expect([...growing]).toEqual(
    expect.arrayContaining(['user', 'account', 'account_user', 'activity_entry', 'session_key']),
  )
  const needing = queries.filter(({ documentId }) => {
    const text = Object.entries(trustedDocuments).find(([hash]) => documentId.endsWith(hash))?.[1] ?? ''
    return (parse(text).definitions.find(isOperation)?.variableDefinitions ?? []).length > 0
  })
  expect(needing.map(({ name }) => name).toSorted()).toEqual(Object.keys(variablesOf).toSorted())
})

test.each(queries)(
  '$name costs no more among many people than among few',
  async ({ name }) => {
    const cheapest = new Map<string, { few: number; many: number }>()
    for (const { villager, citizen } of pairs) {
      const there = await statementsOf(name, village, villager)
      const here = await statementsOf(name, city, citizen)
      for (const [index, statements] of here.entries()) {
        // Named in full where there are more.
        expect(statements.slice(2).map(({ text }) => text)).toEqual([])
        expect(statements.length).toBeGreaterThan(0)
        for (const planning of ['generic', 'custom'] as const) {
          const few = await costOf(village, there[index] ?? [], planning)
          const many = await costOf(city, statements, planning)
          expect(many.rowsRead).toBeLessThanOrEqual(few.rowsRead + slack.rows)
          const readWhole = [...few.readWhole, ...many.readWhole]
          expect(readWhole.filter((table) => growing.has(table))).toEqual([])

          const before = cheapest.get(`${planning} ${index}`) ?? { few: Infinity, many: Infinity }
          cheapest.set(`${planning} ${index}`, {
            few: Math.min(before.few, few.pages),
            many: Math.min(before.many, many.pages),
          })
        }
      }
    }
    // Some people's rows lie across the end of a page, in either town; what grows with a table, grows for everybody.
    const pages = pagesOfPeople[name] ?? slack.pages
    for (const { few, many } of cheapest.values()) expect(many).toBeLessThanOrEqual(few + pages)
  },
  60_000,
)

test('it would be noticed if a query read a table that grows', async () => {
  const text = 'select count(*) from email where address_key like $1'
  const statement = { text, values: ['person-0000001%'] }
  const few = await village.plans.costOf(statement, 'generic')
  const many = await city.plans.costOf(statement, 'generic')
  expect(many.readWhole).toEqual(['email'])
  expect(growing.has('email')).toBe(true)
  expect([few.rowsRead, many.rowsRead]).toEqual([2 * fewPeople, 2 * manyPeople])
  expect(many.pages).toBeGreaterThan(10 * few.pages)
})

test('it would be noticed if a query wrote', async () => {
  const touching = { text: 'update session set last_seen_at = now() where user_id = $1', values: [null] }
  await expect(village.plans.costOf(touching, 'generic')).rejects.toThrow('read-only transaction')
})
