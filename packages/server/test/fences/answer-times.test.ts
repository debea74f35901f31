import { beforeEach, expect, test } from 'vitest'
import { type Answer, type Caller, createTestServer } from '../server.ts'

// Waits and limits are the same for every address, and tried elsewhere; here every try is free.
const server = await createTestServer({
  limits: {
    signIn: {
      firstWaitSeconds: 0,
      longestWaitSeconds: 0,
      addressFreeFailures: 10_000,
      globalFailuresPerMinute: 10_000,
    },
    passwordReset: { perAddressHour: 10_000, perSourceHour: 10_000 },
    codes: {
      phones: {
        perNumberTenMinutes: 10_000,
        perNumberDay: 10_000,
        perPersonDay: 10_000,
        perSourceHour: 10_000,
        perPrefixHour: 10_000,
        perCountryHour: 10_000,
        everybodyDay: 10_000,
        brakeCodes: 10_000,
      },
      emails: {
        perAddressTenMinutes: 10_000,
        perAddressDay: 10_000,
        perPersonDay: 10_000,
        perSourceHour: 10_000,
        perDomainHour: 10_000,
      },
    },
    session: { provenSeconds: 86_400 },
  },
  // Links are mailed by another process: what is measured is the answer.
  environment: { ROLE: 'api' },
})
const password = 'correct horse battery'
beforeEach(() => server.clock.advanceSeconds(3600))

const rounds = 300

interface Question {
  name: string
  input: Record<string, unknown>
}

function ask({ name, input }: Question, asker: Caller): Promise<Answer> {
  return asker.mutate(name, input, name === 'signIn' ? 'status' : 'me { id }')
}

/** What a stranger sees beside the time. */
function seen({ status, text, headers }: Answer): string {
  return JSON.stringify([status, text, [...headers.keys()], headers.getSetCookie()])
}

/** How likely an answer of the first kind takes longer than one of the second: 0.5 when the time tells nothing. */
function areaUnderCurve(ones: readonly number[], others: readonly number[]): number {
  const wins = ones.flatMap((one) => others.map((other) => (one === other ? 0.5 : Number(one > other))))
  return wins.reduce((sum, win) => sum + win, 0) / wins.length
}

/**
 * Asks both in turn, in an order that changes, so that whatever else the machine does slows both alike.
 * Source of the bounds: S-C1.
 */
async function compare(
  one: () => Question,
  other: () => Question,
  { asker = server.anonymous, afterEach = async () => {} } = {},
): Promise<void> {
  const milliseconds: [number[], number[]] = [[], []]
  const looks = new Set<string>()
  for (let round = -5; round < rounds; round++) {
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const which of order) {
      const question = which === 0 ? one() : other()
      const start = performance.now()
      const answer = await ask(question, asker)
      const took = performance.now() - start
      looks.add(seen(answer))
      if (round >= 0) milliseconds[which].push(took)
      await afterEach()
    }
  }
  expect([...looks]).toHaveLength(1)
  const area = areaUnderCurve(...milliseconds)
  expect(area).toBeGreaterThan(0.4)
  expect(area).toBeLessThan(0.6)
}

let names = 0
const nobody = () => `nobody.${++names}`

test('asking for a link takes as long for an address that somebody has as for any other', async () => {
  const { username } = await server.build.user({ password, email: 'somebody@example.com' })
  expect(username).toBeDefined()
  const request = (email: string): Question => ({ name: 'requestPasswordReset', input: { email } })
  await compare(
    () => request('somebody@example.com'),
    () => request('somebody.else@example.com'),
  )
}, 120_000)

test('a link that was replaced takes as long as one that never was', async () => {
  const use = (token: string): Question => ({
    name: 'resetPassword',
    input: { token, newPassword: 'kq7-vMx2-pLz9wq' },
  })
  const user = await server.build.user({ password })
  const expired = 'A'.repeat(43)
  await server.orm.em.fork().execute(
    `insert into password_reset (hash, user_id, proven_emails, created_at, expires_at)
      values (sha256(?::bytea), ?, '', now() - interval '1 hour', now() - interval '30 minutes')`,
    [expired, user.id],
  )
  await compare(
    () => use(expired),
    () => use('B'.repeat(43)),
  )
}, 120_000)

test.each([
  ['a name that nobody has', () => Promise.resolve(undefined)],
  ['somebody disabled', async () => (await disabled()).username],
  ['somebody without a password', async () => (await server.build.user()).username],
])(
  'a wrong password takes as long as %s',
  async (_what, build) => {
    const known = await server.build.user({ password })
    const login = await build()
    const signIn = (name: string): Question => ({
      name: 'signIn',
      input: { login: name, password: 'wrong password' },
    })
    await compare(
      () => signIn(known.username),
      () => signIn(login ?? nobody()),
    )
  },
  120_000,
)

async function disabled() {
  const user = await server.build.user({ password })
  await server.orm.em.fork().execute('update "user" set disabled_at = now() where id = ?', [user.id])
  return user
}

test('adding an email takes as long whether somebody else has it or nobody', async () => {
  await server.build.email(await server.build.user(), { address: 'theirs@example.com' })
  await compareAdding('email', (address): Question => ({ name: 'addEmail', input: { address } }), [
    'theirs@example.com',
    'free@example.com',
  ])
}, 120_000)

test('adding a phone takes as long whether somebody else has it or nobody', async () => {
  await server.build.phone(await server.build.user(), { number: '+12025550143' })
  const add = (number: string): Question => ({ name: 'addPhone', input: { number, channel: 'SMS' } })
  await compareAdding('phone', add, ['+12025550143', '+12025550144'])
}, 120_000)

/** Each is taken away again before the next, and codes to one address are a minute apart. */
async function compareAdding(
  table: 'email' | 'phone',
  add: (address: string) => Question,
  [theirs, free]: [string, string],
): Promise<void> {
  const viewer = await server.build.user()
  await compare(
    () => add(theirs),
    () => add(free),
    {
      asker: await server.as(viewer),
      afterEach: async () => {
        await server.orm.em.fork().execute(`delete from ${table} where user_id = ?`, [viewer.id])
        server.clock.advanceSeconds(61)
      },
    },
  )
}
