import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { Channel } from '../delivery/channel.ts'

// Sends nothing: the tests say what became of a delivery.
const server = await createTestServer({ environment: { ROLE: 'api' } })

const everyField = `id channel messageKind addressId address state reason detail attempts carrier carrierId
  carrierStatus createdAt sentAt deliveredAt failedAt`

test('a person reads what was sent to them, newest first, each with what became of it', async () => {
  const user = await server.build.user()
  const browser = await server.as(user)
  const createdAt = server.clock.now()
  const first = await server.build.delivery(user, { createdAt })
  const second = await server.build.delivery(user, {
    channel: Channel.SMS,
    message: 'PHONE_CODE',
    address: '+12125550142',
    createdAt: new Date(createdAt.getTime() + 1000),
  })
  await sql`update delivery set state = 'FAILED', reason = 'CARRIER_REFUSED', detail = '20003 Authenticate', attempts = 1,
    carrier = 'twilio', failed_at = ${createdAt} where id = ${second.id}`.execute(
    server.orm.em.fork().getKysely(),
  )

  const { data } = await browser.query(
    `query ($id: ID!) { me { deliveries { totalCount nodes { ${everyField} } } delivery(id: $id) { state } } }`,
    { id: second.id },
  )
  expect(data.me.delivery).toEqual({ state: 'FAILED' })
  expect(data.me.deliveries.totalCount).toBe(2)
  expect(data.me.deliveries.nodes).toMatchObject([
    {
      id: second.id,
      channel: 'SMS',
      messageKind: 'PHONE_CODE',
      address: '+12125550142',
      state: 'FAILED',
      reason: 'CARRIER_REFUSED',
      detail: '20003 Authenticate',
      attempts: 1,
      carrier: 'twilio',
      failedAt: createdAt.toISOString(),
    },
    { id: first.id, messageKind: 'TEST', state: 'QUEUED', reason: null, sentAt: null, failedAt: null },
  ])
})

test('the list can be that of one address, page by page in both directions', async () => {
  const user = await server.build.user()
  const browser = await server.as(user)
  const addressId = randomUUID()
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    await server.build.delivery(user)
    ids.unshift((await server.build.delivery(user, { addressId })).id)
  }
  const pageOf = async (args: string) => {
    const { data } = await browser.query(
      `query ($addressId: ID) { me { deliveries(addressId: $addressId, ${args}) {
        totalCount nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } } }`,
      { addressId },
    )
    const { nodes, ...rest } = data.me.deliveries
    return { ids: nodes.map(({ id }: { id: string }) => id), ...rest }
  }
  const first = await pageOf('first: 2')
  expect(first).toMatchObject({ totalCount: 5, ids: ids.slice(0, 2), pageInfo: { hasNextPage: true } })
  const second = await pageOf(`first: 3, after: "${first.pageInfo.endCursor}"`)
  expect(second).toMatchObject({ ids: ids.slice(2), pageInfo: { hasNextPage: false } })
  const back = await pageOf(`last: 1, before: "${second.pageInfo.startCursor}"`)
  expect(back).toMatchObject({ ids: ids.slice(1, 2), pageInfo: { hasPreviousPage: true } })
})

test('a token sees what is about its own account and about none, not what is about another', async () => {
  const { user, account, accountUser } = await server.build.member()
  const { token } = await server.build.token(accountUser)
  const about = await server.build.delivery(user, { accountId: account.id })
  const aboutNone = await server.build.delivery(user)
  const elsewhere = await server.build.delivery(user, { accountId: randomUUID() })
  const { data } = await server
    .withToken(token)
    .query('query ($id: ID!) { me { deliveries { totalCount nodes { id } } delivery(id: $id) { id } } }', {
      id: elsewhere.id,
    })
  expect(data.me).toEqual({
    deliveries: { totalCount: 2, nodes: [{ id: aboutNone.id }, { id: about.id }] },
    delivery: null,
  })
})

test.each(['deliveries(addressId: "x") { totalCount }', 'delivery(id: "x") { id }'])(
  'an id that is none is refused in %s',
  async (selection) => {
    const browser = await server.as(await server.build.user())
    const answer = await browser.query(`{ me { ${selection} } }`)
    expect(refusalOf(answer)).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'FORMAT' })
  },
)
