import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PasswordHashing } from '../../src/security/password-hashing.ts'
import { RawSocket } from '../raw-socket.ts'
import { createTestServer, refusalOf } from '../server.ts'

const server = await createTestServer()
const password = 'correct horse battery'
const user = await server.build.user({ password })
const kysely = server.orm.em.fork().getKysely()

const verify = vi.spyOn(PasswordHashing.prototype, 'verify')
beforeEach(() => {
  verify.mockClear()
})
afterEach(async () => {
  const counted = await sql`select from sign_in_throttle`.execute(kysely)
  // Neither tried nor counted: one who guesses in this way learns nothing and spends none of the owner's tries.
  expect(verify).not.toHaveBeenCalled()
  expect(counted.rows).toHaveLength(0)
})

const input = `input: { login: "${user.username}", password: "${password}" }`
const signIn = (alias: string) => `${alias}: signIn(${input}) { status }`
const many = (count: number) => Array.from({ length: count }, (_, index) => signIn(`a${index}`)).join(' ')

test.each([
  ['two aliases', `mutation { ${many(2)} }`],
  ['three hundred aliases', `mutation { ${many(300)} }`],
  [
    'two fragments',
    `mutation { ...A ...B } fragment A on Mutation { ${signIn('a')} } fragment B on Mutation { ${signIn('b')} }`,
  ],
  [
    'fragments inside each other',
    `mutation { ...A } fragment A on Mutation { ...B ${signIn('a')} } fragment B on Mutation { ${signIn('b')} }`,
  ],
  ['inline fragments', `mutation { ... { ${signIn('a')} } ... on Mutation { ${signIn('b')} } }`],
  ['the same one twice', `mutation { signIn(${input}) { status } signIn(${input}) { status } }`],
  [
    'one that is left out and one that is not',
    `mutation { ${signIn('a')} @skip(if: true) ${signIn('b')} }`,
  ],
  [
    'a guess beside a fragment that is left out',
    `mutation { ${signIn('a')} ... @include(if: false) { ${signIn('b')} } }`,
  ],
])('two guesses in one operation, by %s, are no guess at all', async (_how, query) => {
  for (const operationName of [undefined, null, '']) {
    const answer = await server.anonymous.send({ query, operationName })
    expect(answer.status).toBe(400)
    expect(['DOCUMENT_TOO_COSTLY', 'GRAPHQL_PARSE_FAILED']).toContain(refusalOf(answer)?.['code'])
    expect(answer.data).toBeUndefined()
  }
})

const guess = { query: `mutation { ${signIn('a')} }` }

test.each([
  ['a list of one', [guess]],
  ['a list of a hundred', Array.from({ length: 100 }, () => guess)],
  ['a list in a list', [[guess]]],
  ['a list of documents', { query: [guess.query, guess.query] }],
  ['a list of variables', { ...guess, variables: [{}, {}] }],
  ['an object like a list', { 0: guess, 1: guess, length: 2 }],
])('%s is no request', async (_what, body) => {
  const answer = await server.anonymous.send(body)
  expect(answer.status).toBe(400)
  expect(refusalOf(answer)).toMatchObject({ code: 'BAD_REQUEST' })
})

test('several operations in one document are none, unless one is named', async () => {
  const query = `mutation A { ${signIn('a')} } mutation B { ${signIn('b')} }`
  const answer = await server.anonymous.send({ query })
  expect(answer.status).toBe(400)
  expect(refusalOf(answer)).toEqual({ code: 'BAD_REQUEST' })
})

test.each(['query', 'subscription'])('a guess is no %s', async (kind) => {
  const answer = await server.anonymous.query(`${kind} { ${signIn('a')} }`)
  expect(answer.errors).toBeDefined()
  expect(answer.data).toBeUndefined()
})

test('a socket takes no guess, from nobody and from somebody', async () => {
  const origin = 'http://localhost:4000'
  const nobody = await new RawSocket(server.url, { origin }).ready()
  nobody.send({ type: 'subscribe', id: '1', payload: guess })
  expect(await nobody.closed).toBe(4401)

  const { key } = await server.build.session(user)
  const somebody = await new RawSocket(server.url, { origin, cookie: `lanyard-4000=${key}` }).init()
  expect(await somebody.subscribe('1', guess.query)).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'BAD_REQUEST' } }],
  })
  somebody.terminate()
})
