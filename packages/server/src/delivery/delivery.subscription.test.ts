import { randomUUID } from 'node:crypto'
import type { Client } from 'graphql-ws'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'
import { Channel } from './channel.ts'
import type { Delivery, DeliveryState } from './delivery.entity.ts'
import { deliveryChangedTopic } from './delivery-topic.ts'

// Neither sends: the tests say what became of a delivery.
const environment = { ROLE: 'api' }
const first = await createTestServer({ environment })
const second = await createTestServer({ environment, databaseUrl: first.databaseUrl, clock: first.clock })
const kysely = () => first.orm.em.fork().getKysely()

/** What a sender does: the row, and the hint for whoever waits. */
async function change({ userId, id }: Delivery, state: DeliveryState, hint = true): Promise<void> {
  const ended = state === 'UNDELIVERED' || state === 'FAILED' || state === 'SUPPRESSED'
  await sql`update delivery set state = ${state}, attempts = attempts + 1,
    reason = ${ended ? 'FAULT' : null}, failed_at = ${ended ? first.clock.now() : null} where id = ${id}`.execute(
    kysely(),
  )
  if (hint) await notify({ userId, id })
}

async function notify(changed: { userId: string; id: string }): Promise<void> {
  await sql`select pg_notify(${deliveryChangedTopic}, ${JSON.stringify(changed)})`.execute(kysely())
}

function follow(client: Client, id: string) {
  return client.iterate<{ deliveryChanged: { state: string; attempts: number } }>({
    query: 'subscription ($id: ID!) { deliveryChanged(id: $id) { state attempts } }',
    variables: { id },
  })
}

async function nextState(states: ReturnType<typeof follow>) {
  const { value, done } = await states.next()
  return done ? 'the end' : value.data?.deliveryChanged.state
}

test('who waits for a delivery is told how it stands, then each change on whichever server, until it is decided', async () => {
  const user = await first.build.user()
  const delivery = await first.build.delivery(user, { live: true })
  const states = follow(await second.socketAs(user), delivery.id)
  expect(await nextState(states)).toBe('QUEUED')
  await change(delivery, 'SENDING' as DeliveryState)
  expect(await nextState(states)).toBe('SENDING')
  await change(delivery, 'SENT' as DeliveryState)
  expect(await nextState(states)).toBe('SENT')
  await change(delivery, 'DELIVERED' as DeliveryState)
  expect(await nextState(states)).toBe('DELIVERED')
  expect(await nextState(states)).toBe('the end')
})

test.each(['DELIVERED', 'UNDELIVERED', 'FAILED', 'SUPPRESSED'] as DeliveryState[])(
  'a delivery that is %s already is told once',
  async (state) => {
    const user = await first.build.user()
    const delivery = await first.build.delivery(user, { live: true })
    await change(delivery, state, false)
    const states = follow(await first.socketAs(user), delivery.id)
    expect(await nextState(states)).toBe(state)
    expect(await nextState(states)).toBe('the end')
  },
)

test('a push that its service accepted is the end, as nobody reports more; a text that was accepted is not', async () => {
  const user = await first.build.user()
  const socket = await first.socketAs(user)
  const statesOf = async (channel: Channel) => {
    const delivery = await first.build.delivery(user, { live: true, channel })
    const states = follow(socket, delivery.id)
    expect(await nextState(states)).toBe('QUEUED')
    await change(delivery, 'SENT' as DeliveryState)
    expect(await nextState(states)).toBe('SENT')
    return { states, delivery }
  }
  const pushed = await statesOf(Channel.PUSH)
  expect(await nextState(pushed.states)).toBe('the end')
  const texted = await statesOf(Channel.SMS)
  await change(texted.delivery, 'UNDELIVERED' as DeliveryState)
  expect(await nextState(texted.states)).toBe('UNDELIVERED')
})

test('hints that tell nothing new are not handed on', async () => {
  const user = await first.build.user()
  const delivery = await first.build.delivery(user, { live: true })
  const states = follow(await first.socketAs(user), delivery.id)
  expect(await nextState(states)).toBe('QUEUED')
  for (let hint = 0; hint < 3; hint++) await notify(delivery)
  await change(delivery, 'SENT' as DeliveryState)
  expect(await nextState(states)).toBe('SENT')
})

test('what changed while nobody could hear it is told once the connection is back', async () => {
  const user = await first.build.user()
  const delivery = await first.build.delivery(user, { live: true })
  const states = follow(await second.socketAs(user), delivery.id)
  expect(await nextState(states)).toBe('QUEUED')
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`.execute(kysely())
  await change(delivery, 'FAILED' as DeliveryState, false)
  expect(await nextState(states)).toBe('FAILED')
  expect(await nextState(states)).toBe('the end')
})

test("nobody follows another person's delivery, one that is not there, or with a token one about another account", async () => {
  const { user, accountUser } = await first.build.member()
  const { token } = await first.build.token(accountUser)
  const foreign = await first.build.delivery(await first.build.user(), { live: true })
  const elsewhere = await first.build.delivery(user, { live: true, accountId: randomUUID() })
  const own = await first.build.delivery(user, { live: true })
  const refusalFor = async (client: Client, id: string) => {
    const { value } = await follow(client, id).next()
    return value?.errors?.map(({ extensions }: { extensions: unknown }) => extensions)
  }
  const notFound = [{ code: 'NOT_FOUND', field: 'id' }]
  const socket = await first.socketAs(user)
  expect(await refusalFor(socket, foreign.id)).toEqual(notFound)
  expect(await refusalFor(socket, randomUUID())).toEqual(notFound)
  expect(await refusalFor(socket, 'x')).toEqual([{ code: 'BAD_USER_INPUT', field: 'id', reason: 'FORMAT' }])
  const withToken = first.socketWithToken(token)
  expect(await refusalFor(withToken, elsewhere.id)).toEqual(notFound)
  expect(await nextState(follow(withToken, own.id))).toBe('QUEUED')
})
