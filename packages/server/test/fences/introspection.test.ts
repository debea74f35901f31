import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  isObjectType,
  printSchema,
} from 'graphql'
import { afterAll, expect, test } from 'vitest'
import { createSchema } from '../../src/schema.ts'
import { RawSocket } from '../raw-socket.ts'
import { createTestServer, refusalOf } from '../server.ts'

const directory = await mkdtemp(join(tmpdir(), 'lanyard-introspection-'))
const page = '<!doctype html><title>Lanyard</title>'
await writeFile(join(directory, 'index.html'), page)
afterAll(() => rm(directory, { recursive: true }))

const server = await createTestServer({ clientDirectory: directory })
const schema = await createSchema()
const { user, accountUser } = await server.build.member()
const { token } = await server.build.token(accountUser, { readOnly: true })
const whole = getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true })

test('who is signed in gets the whole schema over HTTP, with a session and with a token', async () => {
  for (const caller of [await server.as(user), server.withToken(token)]) {
    const { data, errors } = await caller.query(whole)
    expect(errors).toBeUndefined()
    expect(printSchema(buildClientSchema(data as IntrospectionQuery))).toBe(printSchema(schema))
  }
})

test.each([
  ['all of it', whole],
  ['a type', '{ __type(name: "User") { fields { name } } }'],
  ['the names under another name', '{ me: __schema { types { name } } }'],
  ['it in a fragment', '{ ...F } fragment F on Query { __schema { types { name } } }'],
  ['it beside what is free to all', '{ me { id } ... on Query { __schema { queryType { name } } } }'],
])('who is not signed in gets nothing of the schema: %s', async (_what, query) => {
  const answer = await server.anonymous.query(query)
  expect(refusalOf(answer)).toEqual({ code: 'UNAUTHENTICATED' })
  expect(answer.data).toBeUndefined()
})

test('who is not signed in is told no name of the schema, however near the guess', async () => {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  const names = new Set(types.flatMap((type) => [type.name, ...Object.keys(type.getFields())]))
  // A name with one letter less, to be corrected; and one where a selection or none is wanted.
  const near = [...names]
    .map((name) => name.slice(0, -1))
    .filter((name) => name.length > 2 && !names.has(name))
  const queries = [
    ...near.map((name) => `{ me { ${name} } }`),
    ...near.slice(0, 20).map((name) => `{ ${name} }`),
    ...near.slice(0, 20).map((name) => `{ me { ... on ${name} { id } } }`),
    '{ me { accountUsers } }',
    '{ me { id { id } } }',
    '{ me { notification } }',
    '{ me { notifications(firs: 1) { totalCount } } }',
    'mutation { signIn { status } }',
    'mutation { signIn(input: { logi: "a" }) { status } }',
    'mutation ($input: SignInInpu!) { signIn(input: $input) { status } }',
  ]
  for (const query of queries) {
    const { errors = [] } = await server.anonymous.query(query)
    expect(errors.length).toBeGreaterThan(0)
    for (const { message } of errors) {
      expect([
        'Sign in first.',
        'The document does not fit the schema.',
        'A field of the input is not acceptable.',
      ]).toContain(message)
    }
  }
})

test('nobody is told what was perhaps meant', async () => {
  for (const caller of [await server.as(user), server.withToken(token), server.anonymous]) {
    for (const query of [
      '{ me { usernam } }',
      '{ mee { id } }',
      '{ me { ... on Use { id } } }',
      '{ me { id @skp } }',
    ]) {
      const { text, errors } = await caller.query(query)
      expect(errors).toBeDefined()
      expect(text).not.toMatch(/did you mean/i)
    }
  }
})

test('a socket tells nothing of the schema, whoever asks', async () => {
  const { key } = await server.build.session(user)
  const page = await new RawSocket(server.url, {
    origin: 'http://localhost:4000',
    cookie: `lanyard-4000=${key}`,
  }).init()
  const program = await new RawSocket(server.url, {}).init({ authorization: `Bearer ${token}` })
  for (const socket of [page, program]) {
    for (const [id, query] of [
      ['1', whole],
      ['2', '{ __type(name: "User") { name } }'],
      ['3', 'subscription { __schema { types { name } } }'],
      ['4', 'subscription { notificationBadge { unread } __type(name: "User") { name } }'],
    ] as const) {
      expect(await socket.subscribe(id, query)).toMatchObject({ type: 'error' })
    }
    socket.terminate()
  }
})

test.each([
  ['/graphql', 404],
  ['/graphql/', 404],
  ['/graphql?query={me{id}}', 404],
  ['/graphiql', 200],
  ['/playground', 200],
  ['/sandbox', 200],
])('a browser that opens %s finds no page to try the API on', async (path, status) => {
  const { key } = await server.build.session(user)
  const response = await fetch(`${server.url}${path}`, {
    headers: { accept: 'text/html', cookie: `lanyard-4000=${key}` },
  })
  // Any other path may be one of our page, which says so itself.
  expect({ path, status: response.status }).toEqual({ path, status })
  expect([page, 'Not found\n', '']).toContain(await response.text())
})

test('a browser that posts to the API gets JSON, whatever it would rather have', async () => {
  const answer = await (await server.as(user)).send({ query: '{ me { id } }' }, { accept: 'text/html' })
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
})
