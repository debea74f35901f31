import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { heldBytes } from '../held-bytes.ts'
import { RawSocket } from '../raw-socket.ts'
import { createTestServer } from '../server.ts'

const server = await createTestServer()
const { user, accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser)
const browser = await server.as(user)
const program = server.withToken(token)

interface Probe {
  what: string
  query: string
  /** As JSON, which may say what no value can. */
  variables?: string
}

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ')

/** Each spreads the next one twice: 2 to the power of `count` in all. */
const fanOut = (count: number, type: string, leaf: string) =>
  `${repeat(count, (index) => `fragment F${index} on ${type} { ...F${index + 1} ...F${index + 1} }`)}
    fragment F${count} on ${type} { ${leaf} }`

const nestedLists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** Documents made to keep a server busy, or to make it hold or send much. */
const probes: Probe[] = [
  {
    what: '1,000 aliases of a root field',
    query: `{ ${repeat(1000, (index) => `m${index}: me { id }`)} }`,
  },
  { what: '600 aliases of a field', query: `{ me { ${repeat(600, (index) => `n${index}: name`)} } }` },
  {
    what: 'nine fields inside each other',
    query:
      '{ me { accountUsers { account { notificationRules { account { notificationRules { attachedTo { user { name } } } } } } } } }',
  },
  { what: 'nesting 600 deep', query: `{ me ${'{ me '.repeat(600)}{ id }${' }'.repeat(600)} }` },
  { what: 'a list of 100,000', query: '{ me { notifications(first: 100000) { nodes { id } } } }' },
  {
    what: 'a list of 100,000 in a variable',
    query: 'query ($first: Int) { me { notifications(first: $first) { nodes { id } } } }',
    variables: '{"first":100000}',
  },
  {
    what: '100 items, each with its account, and so on',
    query:
      '{ me { notifications(first: 100) { nodes { account { notificationRules { attachedTo { id } account { id } } } } } } }',
  },
  {
    what: '120 fragments, each spread twice by the one before',
    query: `{ ...F0 } ${fanOut(120, 'Query', 'me { id }')}`,
  },
  {
    what: '80 fragments below a field, each spread twice by the one before',
    query: `{ me { ...F0 } } ${fanOut(80, 'User', 'id')}`,
  },
  {
    what: '600 spreads of one fragment',
    query: `{ me { ${'...F '.repeat(600)} } } fragment F on User { id name username timeZone }`,
  },
  {
    what: '400 overlapping fragments',
    query: `{ me { ${repeat(400, (index) => `...F${index}`)} } } ${repeat(400, (index) => `fragment F${index} on User { accountUsers { id } }`)}`,
  },
  {
    what: '150 overlapping fragments within the tokens',
    query: `{ me { ${repeat(150, (index) => `...F${index}`)} } } ${repeat(150, (index) => `fragment F${index} on User { accountUsers { id${index % 2 ? '' : ': account'} } }`)}`,
  },
  {
    what: '140 overlapping fields',
    query: `{ me { ${repeat(140, (index) => `accountUsers { account { id name } roles { id } ... { id } } # ${index}\n`)} } }`,
  },
  {
    what: 'fragments that spread each other',
    query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
  },
  {
    what: 'a fragment that spreads itself further down',
    query: '{ me { ...A } } fragment A on User { accountUsers { user { ...A } } }',
  },
  { what: '3,000 directives', query: `{ me { id ${'@include(if: true) '.repeat(3000)} } }` },
  { what: '600 unknown directives', query: `{ me { id ${repeat(600, (index) => `@d${index}`)} } }` },
  { what: '9,000 duplicate fields', query: `{ me { ${'id '.repeat(9000)} } }` },
  { what: '3,000 unknown fields', query: `{ me { ${repeat(3000, (index) => `unknown${index}`)} } }` },
  { what: '900 unknown fields', query: `{ me { ${repeat(900, (index) => `unknown${index}`)} } }` },
  {
    what: '400 variables that nothing uses',
    query: `query (${repeat(400, (index) => `$v${index}: Int`)}) { me { id } }`,
  },
  {
    what: '300 operations of which none is meant',
    query: repeat(300, (index) => `query Q${index} { me { id } }`),
  },
  { what: 'a field with a name of 50 KB', query: `{ me { ${'n'.repeat(50_000)} } }` },
  { what: 'a text of 50 KB', query: `{ me(text: "${'x'.repeat(50_000)}") { id } }` },
  { what: 'nothing but 50 KB of commas', query: ','.repeat(50_000) },
  { what: 'a comment of 50 KB', query: `# ${'x'.repeat(50_000)}` },
  {
    what: 'lists 900 deep in the document',
    query: `{ me { notification(id: ${nestedLists(900)}) { id } } }`,
  },
  {
    what: 'lists 30,000 deep in a variable',
    query: 'query ($ids: [ID!]) { me { id } }',
    variables: `{"ids":${nestedLists(30_000)}}`,
  },
  {
    what: 'the schema of the schema of the schema',
    query: `{ __schema { types { ${'fields { type { '.repeat(6)}name${' } }'.repeat(6)} } } }`,
  },
]

const refusals = new Set(
  'DOCUMENT_TOO_COSTLY GRAPHQL_PARSE_FAILED GRAPHQL_VALIDATION_FAILED BAD_USER_INPUT BAD_REQUEST'.split(
    ' ',
  ),
)

/** As text, and each time another one, as a document that is known may cost less. */
let sent = 0
function bodyOf({ query, variables = '{}' }: Probe): string {
  return `{"query":${JSON.stringify(`${query}\n# ${sent++}`)},"variables":${variables}}`
}

/** Several times what the dearest of them takes: two thousand tokens are soon read, unless something grows faster. */
const quickMilliseconds = 400
const tries = 5

test.each(probes)('$what: refused at once, by session and by token', async (probe) => {
  for (const caller of [browser, program]) {
    let fastest = Infinity
    // A machine busy with something else delays one try, not all of them; what grows without bound delays each.
    for (let count = 0; count < tries && fastest >= quickMilliseconds; count++) {
      const startedAt = performance.now()
      const { status, errors = [], text } = await caller.send(bodyOf(probe))
      fastest = Math.min(fastest, performance.now() - startedAt)
      expect(status).toBe(400)
      expect(errors.length).toBeGreaterThan(0)
      expect(errors.filter(({ extensions: { code } }) => !refusals.has(String(code)))).toEqual([])
      expect(text.length).toBeLessThan(100_000)
    }
    expect(fastest).toBeLessThan(quickMilliseconds)
  }
})

const open: RawSocket[] = []
afterEach(() => {
  for (const socket of open.splice(0)) socket.terminate()
})

test.each(probes)('$what: refused by an error on a socket, which goes on', async (probe) => {
  const { key } = await server.build.session(user)
  const cookie = { cookie: `lanyard-4000=${key}`, origin: 'http://localhost:4000' }
  const authorization = { authorization: `Bearer ${token}` }
  for (const [headers, parameters] of [[cookie], [{}, authorization]] as const) {
    const socket = new RawSocket(server.url, headers)
    open.push(socket)
    await socket.init(parameters)
    socket.sendText(`{"type":"subscribe","id":"probe","payload":${bodyOf(probe)}}`)
    const { type, payload } = await socket.message(({ id }) => id === 'probe')
    expect(type).toBe('error')
    for (const { extensions } of payload as { extensions: { code: string } }[]) {
      expect(refusals).toContain(extensions.code)
    }
    const badge = 'subscription { notificationBadge { unread } }'
    expect(await socket.subscribe('after it', badge)).toMatchObject({ type: 'next' })
  }
})

test('all of them one after the other take little memory, and somebody else is answered meanwhile', async () => {
  const other = await server.as(await server.build.user())
  const bodies = probes.map(bodyOf)
  const sendAll = async () => {
    for (const body of bodies) await browser.send(body)
  }
  await sendAll()

  const heldBefore = heldBytes()
  const attack = (async () => {
    for (let round = 0; round < 5; round++) await sendAll()
    return 'over'
  })()
  const waits: number[] = []
  for (;;) {
    const startedAt = performance.now()
    expect((await other.query('{ me { id } }')).errors).toBeUndefined()
    waits.push(performance.now() - startedAt)
    if ((await Promise.race([attack, sleep(5)])) === 'over') break
  }
  expect(heldBytes() - heldBefore).toBeLessThan(20_000_000)
  const [slowest = Infinity] = waits.toSorted((one, two) => two - one)
  expect(slowest).toBeLessThan(1000)
  expect(waits.length).toBeGreaterThan(10)
})
