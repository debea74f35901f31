import { createHash } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, expect, test, vi } from 'vitest'
import { HttpStandIn, type PlainAnswer, type ReceivedRequest } from '../../test/stand-ins/http-stand-in.ts'
import { AppError } from '../errors/app-error.ts'
import { OutboundHttp } from '../lib/outbound-http.ts'
import { defaultLimits } from '../limits.ts'
import { PasswordHashing } from './password-hashing.ts'
import { type Chooser, PasswordPolicy } from './password-policy.ts'
import { PasswordStrength } from './password-strength.ts'

const hashing = new PasswordHashing(defaultLimits.signIn)
const strength = new PasswordStrength()
const policy = new PasswordPolicy({ hashing, strength, breaches: null, onUnreachable: () => {} })
afterAll(async () => {
  await strength[Symbol.asyncDispose]()
  await hashing[Symbol.asyncDispose]()
})

const someone: Chooser = {
  words: ['Margarethe Sonnenfeld', 'margarethe.s', 'margarethe.s@example.com', 'Harbour Lights Networks'],
  hasSecondFactor: false,
}
const withFactor: Chooser = { ...someone, hasSecondFactor: true }

/** Why it is refused; undefined when it is not. */
async function faultOf(password: string, chooser = someone, by = policy): Promise<string | undefined> {
  try {
    await by.check(password, 'newPassword', chooser)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError) || error.details.field !== 'newPassword') throw error
    return error.details.reason
  }
}

const noise = (length: number) =>
  Array.from({ length }, (_, index) =>
    String.fromCodePoint(33 + ((index * index * 7 + index * 31) % 94)),
  ).join('')

test.each<[string, string, string | undefined, Chooser?]>([
  ['nothing', '', 'TOO_SHORT'],
  ['fourteen characters', 'kq7-vMx2-pLz9w', 'TOO_SHORT'],
  ['fourteen that are more bytes', 'žluťoučký kůňv', 'TOO_SHORT'],
  ['fourteen with a second accent apart', 'kq7-vMx2-pLz9e\u0301', 'TOO_SHORT'],
  ['fifteen characters', 'kq7-vMx2-pLz9wq', undefined],
  ['fifteen emoji that tell nothing of each other', '🦊🎷🌵🧲🪁🦉🎻🌶🧭🪕🦔🎲🌋🧵🪀', undefined],
  ['sixty-four characters', noise(64), undefined],
  ['a hundred and twenty-eight', noise(128), undefined],
  ['as many as there may be', noise(1024), undefined],
  ['one more than that', noise(1025), 'TOO_LONG'],
  ['seven with a second factor', 'kq7-vMx', 'TOO_SHORT', withFactor],
  ['eight with a second factor', 'kq7-vMx2', undefined, withFactor],
  ['eight that everybody knows', 'iloveyou', 'GUESSABLE', withFactor],
  ['eight that everybody knows, decorated', 'Iloveyou1!', 'GUESSABLE', withFactor],
  ['eight that everybody knows, in signs', 'p@$$w0rd', 'GUESSABLE', withFactor],
  ['small letters alone, without a pattern', 'vqzkhwtxnmrbplf', undefined],
  ['digits alone, without a pattern', '839201746529183', undefined],
  ['words', 'correct horse battery', undefined],
  ['German words', 'Blaue Elefanten schwimmen nachts', undefined],
  ['words of no alphabet of ours', 'вчера медведь читал газету', undefined],
  ['Japanese, which says more with fewer', '昨日熊が新聞を読んでいたそうですよ', undefined],
  ['blanks between words', 'lamp   over  the   river', undefined],
  ['a blank at the end', 'kq7-vMx2-pLz9w ', undefined],
  ['blanks alone', ' '.repeat(20), 'GUESSABLE'],
  ['the first that anybody tries', 'password1234567', 'GUESSABLE'],
  ['the same in signs', 'P@ssw0rd1234567', 'GUESSABLE'],
  ['the same twice', 'passwordpassword', 'GUESSABLE'],
  ['the same backwards', 'drowssapdrowssap', 'GUESSABLE'],
  ['digits in order', '123456789012345', 'GUESSABLE'],
  ['letters in order', 'abcdefghijklmnopqrstuvwxyz', 'GUESSABLE'],
  ['keys in order', 'qwertyuiopasdfghjkl', 'GUESSABLE'],
  ['one letter', 'a'.repeat(40), 'GUESSABLE'],
  ['one letter to the end', 'a'.repeat(1024), 'GUESSABLE'],
  ['a few letters again and again', 'abcabcabcabcabcabc', 'GUESSABLE'],
  ['a date again and again', '01.01.2001'.repeat(3), 'GUESSABLE'],
  ['the account', 'Harbour Lights Networks', 'GUESSABLE'],
  ['the account run together with a year', 'harbourlightsnetworks2026', 'GUESSABLE'],
  ["the person's name", 'margarethesonnenfeld', 'GUESSABLE'],
  ["the person's email", 'margarethe.s@example.com', 'GUESSABLE'],
  ["the product's name", 'lanyardlanyard1', 'GUESSABLE'],
  ['one letter with something at its end', `${'a'.repeat(72)}-kq7-vMx2-pLz9w`, undefined],
])('%s', async (_what, password, fault, chooser) => {
  expect(await faultOf(password, chooser)).toBe(fault)
})

test('an accent counts alike however it is composed, and the seventy-third byte counts as any other', async () => {
  const composed = await hashing.hash('kq7-vMx2-pLz9w-é')
  expect(await hashing.verify(composed, 'kq7-vMx2-pLz9w-e\u0301')).toBe(true)
  expect(await faultOf('kq7-vMx2-pLz9w-e\u0301', { ...someone, currentHash: composed })).toBe('UNCHANGED')

  const seventyTwo = noise(72)
  const long = await hashing.hash(`${seventyTwo}a`)
  expect(await faultOf(`${seventyTwo}a`, { ...someone, currentHash: long })).toBe('UNCHANGED')
  expect(await faultOf(`${seventyTwo}b`, { ...someone, currentHash: long })).toBeUndefined()
  expect(await faultOf(`${seventyTwo}a `, { ...someone, currentHash: long })).toBeUndefined()
})

test('what is made to be hard to judge holds up nobody else, and is judged in the end', async () => {
  await faultOf('the dictionaries are loaded')
  const hostile = [
    '4@8({<6|!15$7+%2'.repeat(64),
    'ab12ab12cd34cd34'.repeat(64),
    '01.01.2001'.repeat(102),
    '1!|lI'.repeat(204),
    'e\u0301'.repeat(512),
    '\u{fdfa}'.repeat(1024),
  ]
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const [, ...others] = await Promise.all(
    [...hostile, 'kq7-vMx2-pLz9wq'].map((password) => faultOf(password)),
  )
  delay.disable()
  expect(others.at(-1)).toBeUndefined()
  // Not the longest delay: on a busy machine that tells of others.
  expect(delay.percentile(90) / 1e6).toBeLessThan(50)
}, 60_000)

test('a crowd waits in line, and past the line it is sent away', async () => {
  const crowded = new PasswordStrength()
  const answers = await Promise.allSettled(
    Array.from({ length: 60 }, (_, index) =>
      crowded.isGuessable({ password: `password${index}`, words: [], leastScore: 3 }),
    ),
  )
  const refused = answers.filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(9)
  expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED' } })
  await crowded[Symbol.asyncDispose]()
}, 60_000)

/** In the place of Pwned Passwords. */
class BreachesStandIn extends HttpStandIn {
  readonly suffixes = new Map<string, number>()

  static start(): Promise<BreachesStandIn> {
    return new BreachesStandIn().listen()
  }

  private constructor() {
    super()
  }

  protected accept(_request: ReceivedRequest): PlainAnswer {
    const lines = [...this.suffixes].map(([suffix, count]) => `${suffix}:${count}`)
    return { status: 200, body: ['0018A45C4D1DEF81644B54AB7F969B88D65:3', ...lines].join('\r\n') }
  }
}

test('a stolen password is refused, its name never leaves the house, and a service that is down refuses nobody', async () => {
  await using service = await BreachesStandIn.start()
  await using http = new OutboundHttp({ allowedHosts: [service.host] })
  const onUnreachable = vi.fn()
  const asking = new PasswordPolicy({
    hashing,
    strength,
    breaches: { http, service: new URL(service.url) },
    onUnreachable,
  })
  const stolen = 'kq7-vMx2-pLz9wq'
  const hash = createHash('sha1').update(stolen).digest('hex').toUpperCase()
  expect(await faultOf(stolen, someone, asking)).toBeUndefined()
  service.suffixes.set(hash.slice(5), 0)
  expect(await faultOf(stolen, someone, asking)).toBeUndefined()
  service.suffixes.set(hash.slice(5), 12)
  expect(await faultOf(stolen, someone, asking)).toBe('BREACHED')
  expect(service.requests.map(({ path }) => path)).toEqual(Array(3).fill(`/range/${hash.slice(0, 5)}`))
  expect(service.requests.map(({ headers }) => headers['add-padding'])).toEqual(['true', 'true', 'true'])
  expect(onUnreachable).not.toHaveBeenCalled()

  service.answerAlways({ status: 503 })
  expect(await faultOf(stolen, someone, asking)).toBeUndefined()
  service.answerAlways('reset')
  expect(await faultOf(stolen, someone, asking)).toBeUndefined()
  expect(onUnreachable).toHaveBeenCalledTimes(1)
})
