import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const { user } = await server.build.member()
const browser = await server.as(user)

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ')

/** Thirteen objects an item, as rules are a list. */
const ofItem = 'account { notificationRules { account { id } attachedTo { id } } }'

/** Each way of asking for too much, a little over its limit, and just within it. */
const limits: { what: string; over: string; within: string }[] = [
  {
    what: 'root fields',
    over: `{ ${repeat(11, (index) => `m${index}: me { id }`)} }`,
    within: `{ ${repeat(10, (index) => `m${index}: me { id }`)} }`,
  },
  {
    what: 'aliases of one field',
    over: `{ me { ${repeat(16, (index) => `n${index}: name`)} } }`,
    within: `{ me { ${repeat(15, (index) => `n${index}: name`)} } }`,
  },
  {
    what: 'aliases of one field, spread over fragments',
    over: `{ me { ... { ${repeat(8, (index) => `a${index}: name`)} } ...B } } fragment B on User { ${repeat(8, (index) => `b${index}: name`)} }`,
    within: `{ me { ... { ${repeat(8, (index) => `a${index}: name`)} } ...B } } fragment B on User { ${repeat(7, (index) => `b${index}: name`)} }`,
  },
  {
    what: 'depth',
    over: '{ me { accountUsers { account { notificationRules { account { notificationRules { account { notificationRules { id } } } } } } } } }',
    within:
      '{ me { accountUsers { account { notificationRules { account { notificationRules { id } } } } } } }',
  },
  {
    what: 'directives',
    over: `{ me { ${repeat(21, () => 'id @include(if: true)')} } }`,
    within: `{ me { ${repeat(20, () => 'id @include(if: true)')} } }`,
  },
  {
    what: 'fields',
    over: `{ me { ${'id '.repeat(1000)} } }`,
    within: `{ me { ${'id name username publicName timeZone '.repeat(150)} } }`,
  },
  {
    what: 'items of a list',
    over: `{ me { notifications(first: 100) { nodes { ${ofItem} } } } }`,
    within: `{ me { notifications(first: 50) { nodes { ${ofItem} } } } }`,
  },
  {
    what: 'items of a list that does not say how many',
    over: `{ me { notifications { nodes { ${ofItem} } } } }`,
    within: '{ me { notifications { nodes { id title account { id } } } } }',
  },
  {
    what: 'items counted from the end',
    over: `{ me { notifications(last: 100) { edges { node { ${ofItem} } } } } }`,
    within: `{ me { notifications(last: 50) { edges { node { ${ofItem} } } } } }`,
  },
  {
    what: 'items of two lists together',
    over: `{ me { a: notifications(first: 50) { nodes { ${ofItem} } } b: notifications(first: 50) { nodes { ${ofItem} } } } }`,
    within: `{ me { a: notifications(first: 20) { nodes { ${ofItem} } } b: notifications(first: 20) { nodes { ${ofItem} } } } }`,
  },
]

test.each(limits)(
  'a document over the limit of $what is refused before anything runs',
  async ({ over, within }) => {
    const refused = await browser.query(over)
    expect(refused.status).toBe(400)
    expect(refused.errors).toHaveLength(1)
    expect(refusalOf(refused)).toEqual({ code: 'DOCUMENT_TOO_COSTLY' })

    const admitted = await browser.query(within)
    expect(admitted.errors).toBeUndefined()
    expect(admitted.data.me ?? admitted.data.m0).toBeTruthy()
  },
)

test('the size of a list counts as it is given in a variable', async () => {
  const query = `query ($first: Int) { me { notifications(first: $first) { nodes { ${ofItem} } } } }`
  expect(refusalOf(await browser.query(query, { first: 100 }))).toEqual({ code: 'DOCUMENT_TOO_COSTLY' })
  expect((await browser.query(query, { first: 10 })).errors).toBeUndefined()
})

test.each([{ toString: 1, valueOf: null }, ['5'], '5', true, 1.5])(
  'a size that is no whole number is refused as such: %j',
  async (first) => {
    const query = 'query ($first: Int) { me { notifications(first: $first) { totalCount } } }'
    const answer = await browser.query(query, { first })
    expect(answer.status).toBe(400)
    expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field: 'first', reason: 'FORMAT' })
  },
)

test('an operation that was cheap enough is weighed again when more is asked of its lists', async () => {
  const list = (alias: string, size: string) => `${alias}: notifications(${size}) { nodes { ${ofItem} } }`
  const query = `query ($a: Int, $b: Int) { me { ${list('a', 'first: $a')} ${list('b', 'last: $b')} } }`

  expect((await browser.query(query, { a: 5, b: 10 })).errors).toBeUndefined()
  expect((await browser.query(query, { a: 10, b: 5 })).errors).toBeUndefined()
  expect((await browser.query(query, { a: 5, b: 10 })).errors).toBeUndefined()
  expect(refusalOf(await browser.query(query, { a: 5, b: 100 }))).toEqual({ code: 'DOCUMENT_TOO_COSTLY' })
  expect(refusalOf(await browser.query(query, { a: 5 }))).toEqual({ code: 'DOCUMENT_TOO_COSTLY' })
})

test('an operation that somebody signed in has sent stays closed to everybody else', async () => {
  const query = 'query OnceAllowed { account(id: "00000000-0000-7000-8000-000000000000") { name } }'
  expect(refusalOf(await browser.query(query))).toMatchObject({ code: 'NOT_FOUND' })
  expect(refusalOf(await server.anonymous.query(query))).toEqual({ code: 'UNAUTHENTICATED' })
})

test('whoever is not signed in reaches me and signIn, and nothing by any other way', async () => {
  expect((await server.anonymous.query('{ me { id } __typename }')).data).toEqual({
    me: null,
    __typename: 'Query',
  })
  for (const query of [
    '{ notificationEventTypes { id } }',
    '{ ...F } fragment F on Query { notificationEventTypes { id } }',
    '{ me { id } ... on Query { account(id: "x") { id } } }',
    '{ __schema { types { name } } }',
    '{ __type(name: "User") { name } }',
    'mutation { signOut { me { id } } }',
    'subscription { notificationBadge { unread } }',
  ]) {
    for (const operationName of [undefined, '']) {
      const answer = await server.anonymous.send({ query, operationName })
      expect({ query, ...refusalOf(answer) }).toEqual({ query, code: 'UNAUTHENTICATED' })
      expect(answer.data).toBeUndefined()
    }
  }
})

test('of several operations the request names one, or none is run', async () => {
  const query = 'query Id { me { id } } query Name { me { name } }'
  expect((await browser.send({ query, operationName: 'Name' })).data).toEqual({ me: { name: user.name } })
  for (const operationName of [undefined, '', 'Other']) {
    const answer = await browser.send({ query, operationName })
    expect(answer.status).toBe(400)
    expect(refusalOf(answer)).toEqual({ code: 'BAD_REQUEST' })
  }
})

test('what is not GraphQL is refused with the place, and without a word of it', async () => {
  const answer = await browser.query('{ me { id }\n  MARKER(')
  expect(answer.status).toBe(400)
  expect(answer.errors).toEqual([
    {
      message: 'The document is not GraphQL.',
      locations: [{ line: 2, column: 10 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    },
  ])
})

test('U+0000 written into a document is refused with its field, wherever it would be stored', async () => {
  const before = (await browser.query('{ me { name } }')).data
  for (const [argument, field] of [
    ['updateProfile(input: { name: "a\\u0000b" }) { me { id } }', 'name'],
    ['updatePreferences(input: { timeZone: "\\u{0}" }) { me { id } }', 'timeZone'],
    [
      'deletePersonalAccessToken(input: { personalAccessTokenId: "\\u0000" }) { removedId }',
      'personalAccessTokenId',
    ],
  ]) {
    const answer = await browser.query(`mutation { ${argument} }`)
    expect(answer.status).toBe(400)
    expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason: 'FORMAT' })
  }
  expect((await browser.query('{ me { name } }')).data).toEqual(before)
})

test('variables that are nested without end are refused, and so is U+0000 wherever it stands', async () => {
  const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
  const deep = await browser.send(
    `{"query":"query ($ids: [ID!]) { me { id } }","variables":{"ids":${nested}}}`,
  )
  expect(deep.status).toBe(400)
  expect(refusalOf(deep)).toEqual({ code: 'BAD_USER_INPUT', field: 'ids', reason: 'FORMAT' })

  const preferences = [{ eventType: 'TASK\0ASSIGNED', channels: [] }]
  const input = { accountUserId: user.id, preferences }
  const inVariable = await browser.mutate('setNotificationPreferences', input, 'accountUser { id }')
  expect(refusalOf(inVariable)).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'preferences.0.eventType',
    reason: 'FORMAT',
  })
  const inText = await browser.query(
    'mutation { updateProfile(input: { name: "a\\u0000b" }) { me { id } } }',
  )
  expect(refusalOf(inText)).toEqual({ code: 'BAD_USER_INPUT', field: 'name', reason: 'FORMAT' })
  const inKey = await browser.send({ query: '{ me { id } }', variables: { 'a\0<b>': 'c\0' } })
  expect(refusalOf(inKey)).toEqual({ code: 'BAD_USER_INPUT', field: 'variables', reason: 'FORMAT' })
})
