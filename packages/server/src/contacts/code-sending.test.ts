import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { QueuedMessages } from '../../test/queued-messages.ts'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import { TestClock } from '../../test/test-clock.ts'
import { createOrm } from '../database/orm.ts'
import { Channel } from '../delivery/channel.ts'
import { AppError } from '../errors/app-error.ts'
import { defaultLimits, type Limits } from '../limits.ts'
import { newCode } from './address-proof.ts'
import { type CodeSending, countSending, recordConversion } from './code-sending.ts'
import { prefixOf } from './phone-number.ts'

const database = await createTestDatabase()
const orm = await createOrm(database.url)
afterAll(async () => {
  await orm.close(true)
  await database.drop()
})

const { codes: limits } = defaultLimits
const generous: Limits['codes'] = {
  ...limits,
  phones: { ...limits.phones, everybodyDay: 100_000, perCountryHour: 100_000 },
}

let count = 0
const clock = new TestClock()

/** A text to somebody new, at a number of a prefix of its own, from an address of its own. */
function sending(given: Partial<CodeSending> = {}): CodeSending {
  const addressKey = given.addressKey ?? `+${1_000_000_0000 + count++ * 10_000}`
  return {
    userId: randomUUID(),
    addressId: randomUUID(),
    channel: Channel.SMS,
    addressKey,
    prefix: prefixOf(addressKey),
    country: 'US',
    source: randomUUID(),
    sentAt: clock.now(),
    ...given,
  }
}

/** @returns 0 when it is sent, else the seconds to wait */
async function waitOf(one: CodeSending, these = generous): Promise<number> {
  try {
    await orm.em.fork().transactional((tx) => countSending(tx, these, one))
    return 0
  } catch (error) {
    if (error instanceof AppError && error.code === 'RATE_LIMITED')
      return error.details.retryAfterSeconds ?? NaN
    throw error
  }
}

/** How many of so many one after the other are sent, each a little later than the one before. */
async function sentOf(attempts: number, secondsApart: number, next: () => CodeSending): Promise<number> {
  let sent = 0
  for (let index = 0; index < attempts; index++) {
    sent += (await waitOf(next())) === 0 ? 1 : 0
    clock.advanceSeconds(secondsApart)
  }
  return sent
}

test('codes to one number are a minute apart, three in ten minutes and six a day', async () => {
  const { addressKey } = sending()
  expect(await waitOf(sending({ addressKey }))).toBe(0)
  expect(await waitOf(sending({ addressKey }))).toBe(60)
  clock.advanceSeconds(59)
  expect(await waitOf(sending({ addressKey }))).toBe(1)
  clock.advanceSeconds(1)
  expect(await waitOf(sending({ addressKey }))).toBe(0)
  clock.advanceSeconds(60)
  expect(await waitOf(sending({ addressKey }))).toBe(0)
  clock.advanceSeconds(60)
  // The first of the three was three minutes ago.
  expect(await waitOf(sending({ addressKey }))).toBe(420)
  clock.advanceSeconds(3600)
  expect(await sentOf(8, 600, () => sending({ addressKey }))).toBe(3)
  clock.advanceSeconds(86_400)
  expect(await waitOf(sending({ addressKey }))).toBe(0)
})

test.each<[string, number, number, () => () => CodeSending]>([
  [
    'one person gets ten codes a day, over all numbers',
    10,
    3600,
    () => {
      const userId = randomUUID()
      return () => sending({ userId })
    },
  ],
  [
    'twenty codes an hour are asked for from one network address',
    20,
    60,
    () => {
      const source = randomUUID()
      return () => sending({ source })
    },
  ],
  [
    'ten codes an hour go to numbers that differ in the last four digits',
    10,
    60,
    () => {
      const { prefix } = sending()
      let last = 1000
      return () => sending({ addressKey: `${prefix}${last++}` })
    },
  ],
  [
    'five calls an hour go to such numbers',
    5,
    60,
    () => {
      const { prefix } = sending()
      let last = 1000
      return () => sending({ addressKey: `${prefix}${last++}`, channel: Channel.VOICE })
    },
  ],
  [
    'a number is called three times a day',
    3,
    900,
    () => {
      const { addressKey } = sending()
      return () => sending({ addressKey, channel: Channel.VOICE })
    },
  ],
])('%s', async (_what, most, secondsApart, make) => {
  const next = make()
  expect(await sentOf(most + 3, secondsApart, next)).toBe(most)
  clock.advanceSeconds(86_400)
  expect(await waitOf(next())).toBe(0)
})

test('a country and everybody together get so many and no more, and mail is counted apart', async () => {
  clock.advanceSeconds(2 * 86_400)
  const few: Limits['codes'] = {
    ...limits,
    phones: { ...limits.phones, perCountryHour: 3, everybodyDay: 5 },
  }
  const outcomes: boolean[] = []
  for (const country of ['US', 'US', 'US', 'US', 'GB', 'GB', 'GB']) {
    outcomes.push((await waitOf(sending({ country }), few)) === 0)
  }
  expect(outcomes).toEqual([true, true, true, false, true, true, false])
  const mail = sending({
    channel: Channel.EMAIL,
    addressKey: 'pat@example.com',
    prefix: 'example.com',
    country: null,
  })
  expect(await waitOf(mail, few)).toBe(0)
})

test('fifty requests at once get exactly what is left', async () => {
  clock.advanceSeconds(2 * 86_400)
  const { prefix } = sending()
  const userIds = Array.from({ length: 10 }, () => randomUUID())
  const attempts = Array.from({ length: 50 }, (_, index) => {
    const userId = userIds[index % 10]
    return sending({ addressKey: `${prefix}${1000 + index}`, ...(userId ? { userId } : {}) })
  })
  const waits = await Promise.all(attempts.map((attempt) => waitOf(attempt)))
  expect(waits.filter((wait) => wait === 0)).toHaveLength(10)
  expect(waits.filter((wait) => wait === 3600)).toHaveLength(40)
}, 30_000)

test('a prefix from which hardly any code comes back is stopped for the day', async () => {
  clock.advanceSeconds(2 * 86_400)
  const { prefix } = sending()
  let last = 1000
  const next = () => sending({ addressKey: `${prefix}${last++}` })
  const answered = async (one: CodeSending) => {
    expect(await waitOf(one)).toBe(0)
    await orm.em.fork().transactional((tx) => recordConversion(tx, { ...one, provenAt: clock.now() }))
  }
  const begunAt = clock.now().getTime()
  // Three of twenty come back, and one of those that still may has not yet.
  for (let index = 0; index < 3; index++) await answered(next())
  expect(await sentOf(17, 600, next)).toBe(17)
  const elapsed = (clock.now().getTime() - begunAt) / 1000
  expect(await waitOf(next())).toBe(86_400 - elapsed)
  // Elsewhere people go on.
  expect(await waitOf(sending())).toBe(0)
  clock.advanceSeconds(86_400 - elapsed)
  await answered(next())
})

test('a prefix from which one code in five comes back goes on', async () => {
  const { prefix } = sending()
  let last = 1000
  const next = () => sending({ addressKey: `${prefix}${last++}` })
  for (let index = 0; index < 20; index++) {
    const one = next()
    expect(await waitOf(one)).toBe(0)
    if (index % 5 === 0) {
      await orm.em.fork().transactional((tx) => recordConversion(tx, { ...one, provenAt: clock.now() }))
    }
    clock.advanceSeconds(601)
  }
  expect(await waitOf(next())).toBe(0)
})

test('codes are six digits, uniform by the chi-square of each place', () => {
  const codes = Array.from({ length: 20_000 }, newCode)
  expect(codes.filter((code) => !/^\d{6}$/.test(code))).toEqual([])
  for (let place = 0; place < 6; place++) {
    const found = Array<number>(10).fill(0)
    for (const code of codes) {
      const digit = Number(code[place])
      found[digit] = (found[digit] ?? 0) + 1
    }
    const chiSquare = found.reduce((sum, times) => sum + (times - 2000) ** 2 / 2000, 0)
    // Nine degrees of freedom; chance exceeds it once in ten million.
    expect(chiSquare).toBeLessThan(51.5)
  }
})

test('people who pump codes into one prefix get ten an hour, whatever they do, and somebody else gets theirs', async () => {
  const queued = new QueuedMessages()
  const server = await createTestServer({ environment: { TRUSTED_PROXIES: '1' } })
  const people: Caller[] = []
  for (let index = 0; index < 12; index++) people.push(await server.as(await server.build.user()))
  const add = (caller: Caller, number: string, source: string) =>
    caller.send(
      {
        query: 'mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } } }',
        variables: { input: { number, channel: 'SMS' } },
      },
      { 'x-forwarded-for': source },
    )
  const pump = async (from: number) => {
    for (let start = from; start < from + 40; start += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const number = `+12025550${100 + start + index}`
          const caller = people[index % people.length] ?? server.anonymous
          return add(caller, number, `198.51.100.${start + index}`)
        }),
      )
    }
  }
  await pump(0)
  expect(queued.all.filter(({ message }) => message.kind === 'PHONE_CODE').length).toBeGreaterThanOrEqual(
    10,
  )
  const sent = async () => {
    const rows = await server.orm.em
      .fork()
      .execute<{ sent: number }[]>(
        `select count(*)::int as sent from delivery where message = 'PHONE_CODE'`,
      )
    return rows[0]?.sent
  }
  expect(await sent()).toBe(10)

  // Another process on the same database knows as much.
  const { databaseUrl, clock: sameClock } = server
  const restarted = await createTestServer({
    databaseUrl,
    clock: sameClock,
    environment: { TRUSTED_PROXIES: '1' },
  })
  const again = await add(
    await restarted.as(await restarted.build.user()),
    '+12025550199',
    '198.51.100.250',
  )
  expect(refusalOf(again)).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 3600 })
  const honest = await add(await restarted.as(await restarted.build.user()), '+13035550101', '192.0.2.7')
  expect(honest.errors).toBeUndefined()
  expect(await sent()).toBe(11)
}, 30_000)
