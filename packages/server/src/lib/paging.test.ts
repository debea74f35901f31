import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
const browser = await server.as(user)
const publisher = server.withToken((await server.build.token(accountUser)).token)

// Twenty items of one instant, twenty of another, and so on: an order by time alone would lose some.
for (let index = 0; index < 60; index++) {
  if (index % 20 === 0) server.clock.advanceSeconds(60)
  const type = index % 3 === 0 ? 'NETWORK_ALERT' : 'TASK_ASSIGNED'
  const input = {
    accountId: account.id,
    type,
    recipients: [user.username],
    title: `Item ${index}`,
    body: '-',
  }
  await publisher.mutate('publishEvent', input, 'notified')
}
const newestFirst = Array.from({ length: 60 }, (_, index) => `Item ${59 - index}`)

interface Page {
  titles: string[]
  hasNextPage: boolean
  hasPreviousPage: boolean
  startCursor: string | null
  endCursor: string | null
}

async function page(args: string): Promise<Page> {
  const { data } = await browser.query(
    `{ me { notifications(${args}) { nodes { title } edges { cursor node { title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
  )
  const { nodes, edges, pageInfo } = data.me.notifications
  const titles = nodes.map(({ title }: { title: string }) => title)
  expect(edges.map((edge: { node: { title: string } }) => edge.node.title)).toEqual(titles)
  expect([edges[0]?.cursor ?? null, edges.at(-1)?.cursor ?? null]).toEqual([
    pageInfo.startCursor,
    pageInfo.endCursor,
  ])
  return { titles, ...pageInfo }
}

test.each([1, 7, 20, 59, 60, 100])(
  'in pages of %i, forwards and backwards, every item comes once and in order',
  async (size) => {
    const forwards: string[] = []
    let next = await page(`first: ${size}`)
    forwards.push(...next.titles)
    while (next.hasNextPage) {
      next = await page(`first: ${size}, after: "${next.endCursor}"`)
      expect(next.hasPreviousPage).toBe(true)
      forwards.push(...next.titles)
    }
    expect(forwards).toEqual(newestFirst)

    const backwards: string[] = []
    let previous = await page(`last: ${size}`)
    backwards.unshift(...previous.titles)
    while (previous.hasPreviousPage) {
      previous = await page(`last: ${size}, before: "${previous.startCursor}"`)
      expect(previous.hasNextPage).toBe(true)
      backwards.unshift(...previous.titles)
    }
    expect(backwards).toEqual(newestFirst)
  },
)

test('between two cursors lies what lies between them', async () => {
  const { startCursor, endCursor } = await page('first: 10')
  const between = await page(`first: 100, after: "${startCursor}", before: "${endCursor}"`)
  expect(between.titles).toEqual(newestFirst.slice(1, 9))
  expect((await page(`last: 3, after: "${startCursor}", before: "${endCursor}"`)).titles).toEqual(
    newestFirst.slice(6, 9),
  )
  expect((await page(`first: 5, after: "${endCursor}", before: "${startCursor}"`)).titles).toEqual([])
})

test('a page of nothing is empty, and knows that there is more', async () => {
  expect(await page('first: 0')).toEqual({
    titles: [],
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  })
})

test('without a size a page has the rows that the person chose', async () => {
  expect((await page('kind: ALERT')).titles).toHaveLength(20)
  expect((await page('unread: true')).titles).toHaveLength(25)
})

test('one connection under several names, each with its own arguments and fields', async () => {
  const { data, errors } = await browser.query(`{ me {
    alerts: notifications(kind: ALERT, first: 2) { totalCount nodes { title kind } }
    oldest: notifications(last: 1) { edges { node { title } } }
    read: notifications(unread: false) { totalCount nodes { id } }
    notifications(first: 1) { nodes { at: createdAt account { called: name } } }
  } }`)
  expect(errors).toBeUndefined()
  expect(data.me).toEqual({
    alerts: {
      totalCount: 20,
      nodes: [
        { title: 'Item 57', kind: 'ALERT' },
        { title: 'Item 54', kind: 'ALERT' },
      ],
    },
    oldest: { edges: [{ node: { title: 'Item 0' } }] },
    read: { totalCount: 0, nodes: [] },
    notifications: {
      nodes: [{ at: server.clock.now().toISOString(), account: { called: account.name } }],
    },
  })
})

test('the same document with other arguments reads something else', async () => {
  const query = `query ($first: Int, $last: Int, $kind: NotificationKind) {
    me { notifications(first: $first, last: $last, kind: $kind) { nodes { title } } } }`
  const titles = async (variables: Record<string, unknown>) => {
    const { data } = await browser.query(query, variables)
    return data.me.notifications.nodes.map(({ title }: { title: string }) => title)
  }
  expect(await titles({ first: 1 })).toEqual(['Item 59'])
  expect(await titles({ last: 1 })).toEqual(['Item 0'])
  expect(await titles({ first: 1, kind: 'ALERT' })).toEqual(['Item 57'])
  expect(await titles({ last: 2, kind: 'NOTIFICATION' })).toEqual(['Item 2', 'Item 1'])
  expect(await titles({ first: null, kind: null })).toHaveLength(25)
})

test.each([
  ['first: -1', 'first', 'OUT_OF_RANGE'],
  ['first: 101', 'first', 'OUT_OF_RANGE'],
  ['last: -1', 'last', 'OUT_OF_RANGE'],
  ['last: 101', 'last', 'OUT_OF_RANGE'],
  ['first: 5, last: 5', 'last', 'DUPLICATE'],
  ['after: ""', 'after', 'FORMAT'],
  ['after: "garbage"', 'after', 'FORMAT'],
  ['before: "Z2FyYmFnZQ"', 'before', 'FORMAT'],
  ['before: "\\u0000"', 'before', 'FORMAT'],
  ['after: "1 or 1=1"', 'after', 'FORMAT'],
])('%s is refused', async (args, field, reason) => {
  const answer = await browser.query(`{ me { notifications(${args}) { totalCount } } }`)
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
})

test('fields asked for twice, by fragments and under conditions come together', async () => {
  const query = `query ($withBody: Boolean!, $withoutKind: Boolean!) { me { ...Inbox ...Ids id } }
    fragment Inbox on User { notifications(first: 1) { nodes { title } ...More } }
    fragment More on NotificationConnection { nodes { body @include(if: $withBody) kind @skip(if: $withoutKind) account { id } } edges { node { account { name } } } }
    fragment Ids on User { id ... on User { notifications(first: 1) { totalCount @skip(if: $withoutKind) } } }`
  const whole = await browser.query(query, { withBody: true, withoutKind: false })
  expect(whole.data.me).toEqual({
    id: user.id,
    notifications: {
      nodes: [{ title: 'Item 59', body: '-', kind: 'NOTIFICATION', account: { id: account.id } }],
      edges: [{ node: { account: { name: account.name } } }],
      totalCount: 60,
    },
  })
  const part = await browser.query(query, { withBody: false, withoutKind: true })
  expect(part.data.me.notifications).toEqual({
    nodes: [{ title: 'Item 59', account: { id: account.id } }],
    edges: [{ node: { account: { name: account.name } } }],
  })
})

test('one name for two things in nodes and in edges is read as each says', async () => {
  const { data, errors } = await browser.query(
    '{ me { notifications(first: 1) { nodes { text: title } edges { node { text: body } } } } }',
  )
  expect(errors).toBeUndefined()
  expect(data.me.notifications).toEqual({ nodes: [{ text: 'Item 59' }], edges: [{ node: { text: '-' } }] })
})

test('who asks for nothing but type names is told them', async () => {
  const { data, errors } = await browser.query(
    '{ __typename me { __typename notifications(first: 1) { __typename nodes { __typename account { __typename } } } accountUsers { __typename } } }',
  )
  expect(errors).toBeUndefined()
  expect(data).toEqual({
    __typename: 'Query',
    me: {
      __typename: 'User',
      notifications: {
        __typename: 'NotificationConnection',
        nodes: [{ __typename: 'Notification', account: { __typename: 'Account' } }],
      },
      accountUsers: [{ __typename: 'AccountUser' }],
    },
  })
})

test('items that come while one pages do not shift the pages', async () => {
  const first = await page('first: 20')
  const input = {
    accountId: account.id,
    type: 'JOB_FAILED',
    recipients: [user.username],
    title: 'Newest',
    body: '-',
  }
  await publisher.mutate('publishEvent', input, 'notified')
  expect((await page(`first: 20, after: "${first.endCursor}"`)).titles).toEqual(newestFirst.slice(20, 40))
  expect((await page(`last: 5, before: "${first.startCursor}"`)).titles).toEqual(['Newest'])
})
