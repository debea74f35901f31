import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { expect, test } from 'vitest'
import { isErrorCode } from '@lanyard/contract/error-code'
import { isFieldFault } from '@lanyard/contract/field-fault'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { createSchema } from '../schema.ts'

const server = await createTestServer()
const schema = await createSchema()
const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
const browser = await server.as(user)

/** Never in an answer, in whatever case. */
const secrets = [
  'select ',
  'insert ',
  '.ts:',
  '.js:',
  'node_modules',
  'constraint',
  'relation',
  'column "',
  'econn',
  'pg_',
  'mikro',
  'kysely',
  'marker',
  'internal server error',
]

/** Sends what must be refused, in typed codes that tell nothing. */
async function expectRefusal(body: unknown): Promise<void> {
  const { status, text, errors = [] } = await browser.send(JSON.stringify(body))
  const isTyped = errors.every(({ extensions: { code, field, reason } }) => {
    if (!isErrorCode(code) || code === 'INTERNAL') return false
    return reason === undefined || (isFieldFault(reason) && /^[a-z]\w*(\.\w+)*$/i.test(String(field)))
  })
  const told = secrets.filter((secret) => text.toLowerCase().includes(secret))
  const isRefusal = status < 500 && errors.length > 0 && isTyped && told.length === 0
  expect(isRefusal ? 'refused' : { body: JSON.stringify(body)?.slice(0, 300), status, told, text }).toBe(
    'refused',
  )
}

const injection = "MARKER'; drop table account; --"

/** Values that fit neither a text of ours nor an id, an enum, a number or an instant. */
const wrongValues: unknown[] = [
  `MARKER-${'x'.repeat(5000)}`,
  'MARKER\u0000',
  '\ud800MARKER',
  injection,
  { surplus: 'MARKER' },
  { $ne: null },
  JSON.parse('{"__proto__":{"surplus":1}}'),
  { constructor: { prototype: 'MARKER' } },
  ['MARKER', ['MARKER']],
  Number.MAX_SAFE_INTEGER + 1,
  1e308,
  -0.5,
  true,
  null,
]

/** A value that fits the type, as far as the type alone says. */
function fitting(type: GraphQLInputType): unknown {
  const inner = getNullableType(type)
  if (isListType(inner)) return [fitting(inner.ofType)]
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter((field) => isNonNullType(field.type))
    return Object.fromEntries(fields.map((field) => [field.name, fitting(field.type)]))
  }
  if (isEnumType(inner)) return inner.getValues()[0]?.name
  const byScalar: Record<string, unknown> = {
    ID: accountUser.id,
    String: 'Something',
    Int: 10,
    Boolean: true,
    DateTime: new Date(server.clock.now().getTime() + 1000).toISOString(),
  }
  return byScalar[String(inner)]
}

/** Whether a wrong value is in fact a right one for the type. */
function isAcceptable(type: GraphQLInputType, value: unknown): boolean {
  const inner = getNullableType(type)
  if (value === null) return !isNonNullType(type)
  if (String(inner) === 'Boolean') return typeof value === 'boolean'
  return String(inner) === 'String' && value === injection
}

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(
  ({ args }) => args.length > 0,
)

test.each(mutations.map(({ name }) => name))(
  'whatever is wrong with a field of %s, the answer is typed and tells nothing of it',
  async (name) => {
    const mutation = mutations.find((field) => field.name === name)
    const inputType = getNullableType(mutation?.args[0]?.type ?? null)
    if (!isInputObjectType(inputType)) throw new Error(`${name} takes no input object`)
    const query = `mutation ($input: ${inputType.name}!) { ${name}(input: $input) { __typename } }`
    const fits = fitting(inputType) as Record<string, unknown>

    for (const [fieldName, { type }] of Object.entries(inputType.getFields())) {
      for (const wrong of wrongValues) {
        if (isAcceptable(type, wrong)) continue
        await expectRefusal({ query, variables: { input: { ...fits, [fieldName]: wrong } } })
      }
    }
    for (const input of [undefined, null, 'MARKER', 7, [['MARKER']]]) {
      await expectRefusal({ query, variables: { input } })
    }
    await expectRefusal({ query, variables: { input: { ...fits, isAdmin: 'MARKER' } } })
    await expectRefusal({ query: query.replace('input: $input', 'input: "MARKER", other: "MARKER"') })
  },
)

test('wrong arguments of lists and objects are refused in the same way', async () => {
  const badPages = [
    'first: 101',
    'first: -1',
    'first: 2, last: 2',
    'after: "MARKER"',
    'before: ""',
    'last: 999',
  ]
  for (const field of ['notifications', 'activity']) {
    for (const page of badPages) {
      await expectRefusal({ query: `{ me { ${field}(${page}) { totalCount } } }` })
    }
    for (const wrong of wrongValues.filter((value) => value !== null)) {
      const query = `query ($after: String, $first: Int) { me { ${field}(after: $after, first: $first) { totalCount } } }`
      await expectRefusal({ query, variables: { after: wrong } })
      await expectRefusal({ query, variables: { first: wrong } })
    }
  }
  for (const wrong of wrongValues) {
    await expectRefusal({ query: 'query ($id: ID!) { account(id: $id) { id } }', variables: { id: wrong } })
    await expectRefusal({
      query: 'query ($id: ID!) { me { notification(id: $id) { id } } }',
      variables: { id: wrong },
    })
  }
  for (const query of [
    'MARKER',
    '{ me { id }',
    '{ me { MARKER(a: "MARKER" } }',
    '{ me(a: "MARKER") { id } }',
    '""',
    '',
  ]) {
    await expectRefusal({ query })
  }
  for (const body of [
    'MARKER',
    7,
    null,
    [],
    [{ query: '{ me { id } }' }],
    {},
    { query: 7 },
    { query: { MARKER: 1 } },
  ]) {
    await expectRefusal(body)
  }
  for (const variables of ['MARKER', 7, ['MARKER']])
    await expectRefusal({ query: '{ me { id } }', variables })
  await expectRefusal({ documentId: 'MARKER' })
  await expectRefusal({ documentId: { MARKER: 1 }, query: '{ me { id } }' })
})

test.each([
  ['an unknown field', { nope: 1 }, 'nope'],
  ['a wrong type', { name: 12 }, 'name'],
])('%s of an input is named', async (_what, input, field) => {
  const answer = await browser.mutate('updateProfile', input, 'me { id }')
  expect(answer.status).toBe(400)
  expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field, reason: 'FORMAT' } }])
})

test('a field deep inside an input is named with its path, a missing one too', async () => {
  const preferences = [
    { eventType: 'TASK_ASSIGNED', channels: [] },
    { eventType: 'JOB_ASSIGNED', channels: ['PIGEON'] },
  ]
  const unknownChannel = await browser.mutate(
    'setNotificationPreferences',
    { accountUserId: accountUser.id, preferences },
    'accountUser { id }',
  )
  expect(refusalOf(unknownChannel)).toMatchObject({ field: 'preferences.1.channels.0' })
  const missing = await browser.mutate(
    'setNotificationPreferences',
    { accountUserId: accountUser.id, preferences: [{ channels: [] }] },
    'accountUser { id }',
  )
  expect(refusalOf(missing)).toMatchObject({ field: 'preferences.0.eventType' })
})

test('who is signed in is told which part of the schema does not fit, others are not', async () => {
  const query = '{ me { passwordHash } }'
  const told = await browser.query(query)
  expect(told.errors).toMatchObject([
    {
      message: 'Cannot query field "passwordHash" on type "User".',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ])
  const untold = await server.anonymous.query(query)
  expect(untold.errors).toMatchObject([
    { message: 'The document does not fit the schema.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ])
})

test('a fault of ours is told by a request id alone, which the answer carries in a header too', async () => {
  await server.orm.em.fork().execute('alter table notification_rule rename to rule_elsewhere')
  try {
    const answer = await browser.query(
      'query ($id: ID!) { account(id: $id) { notificationRules { id } } }',
      { id: account.id },
    )
    expect(answer.errors).toEqual([
      {
        message: 'Something went wrong on our side.',
        path: ['account'],
        locations: [{ line: 1, column: 20 }],
        extensions: { code: 'INTERNAL', requestId: answer.headers.get('x-request-id') },
      },
    ])
  } finally {
    await server.orm.em.fork().execute('alter table rule_elsewhere rename to notification_rule')
  }
})
