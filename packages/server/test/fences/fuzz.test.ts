import { isErrorCode } from '@lanyard/contract/error-code'
import fc, { type GeneratorValue } from 'fast-check'
import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { expect, test } from 'vitest'
import { createSchema } from '../../src/schema.ts'
import { createTestServer, refusalOf } from '../server.ts'

const requests = 2000
/** The same requests each time, so that what is found is found again; another seed finds other things. */
const seed = 13

const server = await createTestServer()
const schema = await createSchema()
const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
const { token } = await server.build.token(accountUser)
const browser = await server.as(user)
const program = server.withToken(token)
const callers = [browser, browser, browser, browser, program, program, server.anonymous]

/** Never in an answer, in whatever case. `column` stands in the place of an error, which is left out before. */
const secrets = [
  'select ',
  '.ts:',
  '.js:',
  '    at ',
  'node_modules',
  'constraint',
  'relation',
  'column',
  'econn',
  'pg_',
  'mikro',
  'internal server error',
]

/** JSON as it is sent: what no JavaScript value can say (1e400, a key twice, `__proto__`) can be said here. */
const traps = String.raw`
  null true false "" [] {} [null] [[[[[[]]]]]] 0 -0 0.1 1e15 1e400 -1e308
  9007199254740992 -9007199254740993 2147483648 123456789012345678901234567890
  "\u0000" "a\u0000b" "\ud800" "\udfff\ud800" "\u202e\u200b" "\ufeff" "%00" "';--"
  {"__proto__":{"polluted":1}} [{"__proto__":{"polluted":1}}] "__proto__" "constructor"
  {"constructor":{"prototype":{"polluted":1}}} {"toString":1,"valueOf":null} {"then":1}
  {"$ne":null} {"length":1000000000} {"name":1,"name":2} ["a","a"]
  "2026-01-01" "2026-02-30T00:00:00Z" "2026-01-01T24:00:00Z" "2026-01-01T00:00:00+99:99"
  "0000-01-01T00:00:00Z" "2016-12-31T23:59:60Z" "9999-12-31T23:59:59.999999999Z"
  "+275760-09-13T00:00:00.001Z" "292278994-08-17T07:12:55Z"
  "00000000-0000-0000-0000-000000000000" "ffffffff-ffff-ffff-ffff-ffffffffffff"
`
  .trim()
  .split(/\s+/)

const oddJson = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...traps) },
  { weight: 6, arbitrary: fc.json() },
  {
    weight: 6,
    arbitrary: fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(text)),
  },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.date({ noInvalidDate: true }).map((date) => JSON.stringify(date)) },
  { weight: 1, arbitrary: fc.nat({ max: 90_000 }).map((length) => JSON.stringify('x'.repeat(length))) },
)

/** A value that may fit the type, with something odd at any place of it. */
function jsonFor(g: GeneratorValue, type: GraphQLInputType): string {
  if (g(fc.nat, { max: 7 }) === 0) return g(() => oddJson)
  const inner = getNullableType(type)
  if (isListType(inner)) {
    const length = g(fc.nat, { max: 3 })
    return `[${Array.from({ length }, () => jsonFor(g, inner.ofType)).join()}]`
  }
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter(
      (field) => isNonNullType(field.type) || g(fc.boolean),
    )
    const entries = fields.map(({ name, type: fieldType }) => `"${name}":${jsonFor(g, fieldType)}`)
    const surplus = g(
      fc.constantFrom,
      ...Array<string>(16).fill(''),
      '"surplus":1',
      '"__proto__":{"polluted":1}',
    )
    return `{${[...entries, ...(surplus ? [surplus] : [])].join()}}`
  }
  if (isEnumType(inner))
    return JSON.stringify(g(fc.constantFrom, ...inner.getValues().map(({ name }) => name)))
  return JSON.stringify(g(fc.constantFrom, ...fitting(inner.name)))
}

function fitting(scalar: string): unknown[] {
  const later = new Date(server.clock.now().getTime() + 86_400_000).toISOString()
  const byScalar: Record<string, unknown[]> = {
    ID: [accountUser.id, account.id, user.id, 'TICKET_ASSIGNED'],
    String: ['Something', user.username, 'https://example.com/1'],
    Int: [1, 10, 100],
    Boolean: [true, false],
    DateTime: [later],
  }
  return byScalar[scalar] ?? [null]
}

/** A random operation on the whole schema: one in six is odd in its form, in the others only a value may be. */
class RandomOperation {
  readonly #g: GeneratorValue
  readonly #declared: string[] = []
  readonly #given: string[] = []
  readonly #isOddInForm: boolean
  #fields = 0

  constructor(g: GeneratorValue) {
    this.#g = g
    this.#isOddInForm = g(fc.nat, { max: 5 }) === 0
  }

  /** The body of a request. */
  body(): string {
    const root = this.#g(fc.boolean) ? schema.getQueryType() : schema.getMutationType()
    if (!root) throw new Error('the schema has no such root')
    const selection = this.#selection(root, 0)
    const declarations = this.#declared.length > 0 ? `(${this.#declared.join(' ')})` : ''
    const directive = this.#odd(' @skip(if: 1)', ' @nope', ' @include', ' @include(if: $nope)')
    const query = `${root.name.toLowerCase()} Random${declarations}${directive} ${selection}`
    const members = [`"query":${JSON.stringify(query)}`, `"variables":{${this.#given.join()}}`]
    const name = this.#odd('variables', 'operationName', 'extensions', 'documentId', '__proto__')
    if (name) members.push(`"${name}":${this.#g(() => oddJson)}`)
    return `{${members.join()}}`
  }

  #odd(...forms: string[]): string {
    return this.#isOddInForm ? this.#g(fc.constantFrom, '', '', '', '', ...forms) : ''
  }

  #selection(type: GraphQLObjectType, depth: number): string {
    // Signing out has no argument to get wrong, and would end the session of every request after it.
    const fields = Object.values(type.getFields()).filter(({ name }) => name !== 'signOut')
    const count = depth === 0 ? 1 : this.#g(fc.integer, { min: 1, max: 3 })
    const chosen = Array.from({ length: count }, () => {
      // By its place, as fast-check compares what it is given and a field refers to the whole schema.
      const field = fields[this.#g(fc.nat, { max: fields.length - 1 })]
      if (!field) throw new Error(`${type.name} has no such field`)
      const fieldType = getNamedType(field.type)
      if (isObjectType(fieldType) && depth === 5) return '__typename'
      const alias = this.#odd('a: ', '__proto__: ', 'constructor: ') || `f${this.#fields++}: `
      const inner = isObjectType(fieldType) ? ` ${this.#selection(fieldType, depth + 1)}` : ''
      return `${alias}${field.name}${this.#arguments(field.args)}${inner}`
    })
    return `{ ${[...chosen, this.#odd('nope', '...Nope', 'id(a: 1)', '... on Nope { id }')].join(' ')} }`
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.filter(({ type }) => isNonNullType(type) || this.#g(fc.boolean))
    if (given.length === 0) return ''
    const texts = given.map(({ name, type }) => {
      const json = jsonFor(this.#g, type)
      if (this.#g(fc.nat, { max: 3 }) === 0) return `${name}: ${literal(json)}`
      const variable = `v${this.#given.length}`
      this.#declared.push(`$${variable}: ${String(type)}`)
      this.#given.push(`"${variable}":${json}`)
      return `${name}: $${variable}`
    })
    return `(${texts.join(' ')})`
  }
}

/** JSON as GraphQL writes it, where keys bear no quotes; a key that is no name makes a document that is none. */
function literal(json: string): string {
  return json.replaceAll(/"(\w+)":/g, '$1: ')
}

test(`${requests} random operations are answered without a fault of ours, and tell nothing of the inside`, async () => {
  let refused = 0
  const property = fc.asyncProperty(fc.gen(), fc.nat({ max: callers.length - 1 }), async (g, index) => {
    const body = new RandomOperation(g).body()
    const answer = await callers[index]?.send(body)
    if (!answer) throw new Error('there is no such caller')

    const { status, text, errors = [] } = answer
    if (errors.length > 0) refused++
    const said = text.replaceAll(/"locations":\[[^\]]*\]/g, '').toLowerCase()
    const told = secrets.filter((secret) => said.includes(secret))
    const untyped = errors.filter(({ extensions: { code } }) => !isErrorCode(code) || code === 'INTERNAL')
    if (status >= 500 || told.length > 0 || untyped.length > 0) {
      throw new Error(`${status} ${text.slice(0, 500)}\nto ${body.slice(0, 2000)}`)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
  await fc.assert(property, { numRuns: requests, seed })

  // Were nearly all refused, or nearly none, it would have seen little of the server.
  expect(refused).toBeGreaterThan(requests / 4)
  expect(refused).toBeLessThan((requests * 9) / 10)
}, 120_000)

test('strings of 10 MB are turned away before anything reads them', async () => {
  const query = 'mutation ($name: String) { updateProfile(input: { name: $name }) { me { id } } }'
  for (const body of [
    JSON.stringify({ query, variables: { name: 'x'.repeat(10_000_000) } }),
    JSON.stringify({ query: `{ me { id } } # ${'x'.repeat(10_000_000)}` }),
    `${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`,
  ]) {
    const answer = await browser.send(body)
    expect(answer.status).toBe(413)
    expect(refusalOf(answer)).toEqual({ code: 'BAD_REQUEST' })
  }
})
