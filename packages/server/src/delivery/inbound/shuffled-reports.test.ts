import { randomUUID } from 'node:crypto'

import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { expect, test } from 'vitest'

import { fewAtOnce } from '../../../test/few-at-once.ts'
import { createInboundBench, type SentDelivery } from '../../../test/inbound-bench.ts'
import { Channel } from '../channel.ts'

const authToken = 'token-of-the-tests'
const bench = await createInboundBench({
  environment: {
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_FROM: '+14155550100',
  },
})

/** Always the same, so that a failure can be looked at twice. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const random = generator(20_261_126)

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item)
}

interface Callback {
  delivery: SentDelivery
  sid: string
  status: string
}

const paths = [
  ['queued', 'sent', 'delivered'],
  ['queued', 'sent', 'undelivered'],
  ['sent', 'delivered', 'read'],
  ['queued', 'sending', 'sent'],
  ['delivered', 'undelivered', 'queued'],
]

/** What it comes to in whatever order they arrive: the furthest state that was told. */
function oracle(statuses: readonly string[]): string {
  if (statuses.includes('undelivered')) return 'UNDELIVERED'
  return statuses.some((status) => ['delivered', 'read'].includes(status)) ? 'DELIVERED' : 'SENT'
}

function post({ delivery, sid, status }: Callback) {
  const path = `/carriers/twilio/status/${delivery.reference}`
  const parameters = { MessageSid: sid, MessageStatus: status, To: delivery.address }
  return bench.post(path, new URLSearchParams(parameters).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': getExpectedTwilioSignature(
      authToken,
      `https://lanyard.example.com${path}`,
      parameters,
    ),
  })
}

test(
  'callbacks by the thousand, shuffled, some told twice and fifty at once, come to what the oracle says',
  { timeout: 60_000 },
  async () => {
    const deliveries = await fewAtOnce(500, async (index) => ({
      delivery: await bench.sent({ id: randomUUID() }, Channel.SMS, '+12125550142'),
      sid: `SM${randomUUID()}`,
      statuses: paths[index % paths.length] ?? [],
    }))
    const told = deliveries.flatMap(({ delivery, sid, statuses }) =>
      statuses.map((status): Callback => ({ delivery, sid, status })),
    )
    const queue = shuffled([...told, ...shuffled(told).slice(0, 600)])

    const statuses = new Set<number>()
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (let next = queue.pop(); next; next = queue.pop()) statuses.add((await post(next)).statusCode)
      }),
    )
    expect([...statuses]).toEqual([204])
    for (const { delivery, statuses: path } of deliveries)
      expect(await bench.stateOf(delivery)).toMatchObject({ state: oracle(path) })
    const [{ n } = { n: 0 }] = await bench.execute<{ n: number }>(
      'select count(*)::int as n from carrier_event',
    )
    expect(n).toBe(told.length)
  },
)
