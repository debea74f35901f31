import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { codeAt, codeOf } from '../../test/authenticator-app.ts'
import { testNeeding } from '../../test/needs.ts'
import { decodeBase32, encodeBase32 } from '../lib/base32.ts'
import { newTotpSecret, otpauthUrl, readTotpCode, stepOfTotpCode } from './totp.ts'

const rfcKey = Buffer.from('12345678901234567890')
const rfcSecret = encodeBase32(rfcKey)

// RFC 6238, appendix B, for SHA-1; what we use are the last six of its eight digits.
const rfcVectors: [seconds: number, code: string][] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
]

test.each(rfcVectors)('at second %i the code of the RFC, %s, counts', (seconds, code) => {
  expect(codeOf(rfcKey, Math.floor(seconds / 30), 8)).toBe(code)
  const now = new Date(seconds * 1000)
  expect(stepOfTotpCode(rfcSecret, code.slice(2), now)).toBe(Math.floor(seconds / 30))
})

// RFC 4226, appendix D: the codes of the first ten counters.
const hotpVectors = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')

test.each(hotpVectors.map((code, step) => [code, step] as const))(
  '%s of RFC 4226 is the code of step %i',
  (code, step) => {
    expect(stepOfTotpCode(rfcSecret, code, new Date(step * 30_000))).toBe(step)
  },
)

test('a code counts in its own half minute, and in the one before and the one after', () => {
  const now = new Date('2026-11-26T12:00:10Z')
  const step = Math.floor(now.getTime() / 30_000)
  const found = [-3, -2, -1, 0, 1, 2, 3].map((steps) =>
    stepOfTotpCode(rfcSecret, codeAt(rfcSecret, now, steps), now),
  )
  expect(found).toEqual([undefined, undefined, step - 1, step, step + 1, undefined, undefined])
})

// What speakeasy alone would take for the code 026920.
test.each([
  '26920x',
  ' 26920',
  '+26920',
  '26920.',
  '26920 ',
  '-26920',
  '2692e1',
  '０２６９２０',
  '026920\n',
  '0x6928',
  '26920',
  '0026920',
  '',
])('"%s" is no code', (text) => {
  expect(readTotpCode(text)).toBeUndefined()
})

test.each(['026920', '026 920', '02 69 20', '0 2 6 9 2 0'])('"%s" is read as 026920', (text) => {
  expect(readTotpCode(text)).toBe('026920')
})

test('what is not read as a code is not tried as one either', () => {
  for (const text of ['287 082', '287082 ', '+287082', '287082x']) {
    expect(stepOfTotpCode(rfcSecret, text, new Date(59_000))).toBeUndefined()
  }
})

test.each([
  '',
  '!!!!0189',
  encodeBase32(Buffer.alloc(19)),
  encodeBase32(Buffer.alloc(21)),
  rfcKey.toString(),
])('"%s" is refused as a secret, whatever the code', (secret) => {
  expect(() => stepOfTotpCode(secret, '287082', new Date(59_000))).toThrow(/base32|20 bytes/)
})

test('each secret is 160 new bits, in 32 letters', () => {
  const secrets = Array.from({ length: 200 }, newTotpSecret)
  expect(new Set(secrets).size).toBe(200)
  for (const secret of secrets) {
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(decodeBase32(secret)).toHaveLength(20)
  }
  // Every letter comes up: 6,400 draws miss one of 32 less than once in 10^86 runs.
  expect(new Set(secrets.join('')).size).toBe(32)
})

test('the URL names issuer and person, however they are spelt, and says what is reckoned with', () => {
  const url = otpauthUrl({ secret: rfcSecret, issuer: 'Lanyard (ops & co)', label: 'ada:ü@example.com' })
  expect(url).toBe(
    'otpauth://totp/Lanyard%20(ops%20%26%20co):ada%3A%C3%BC%40example.com' +
      `?secret=${rfcSecret}&issuer=Lanyard%20(ops%20%26%20co)&algorithm=SHA1&digits=6&period=30`,
  )
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
    secret: rfcSecret,
    issuer: 'Lanyard (ops & co)',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  })
})

testNeeding(
  'oathtool',
  spawnSync('oathtool', ['--version']).status === 0,
  'the codes are those of oathtool, for five secrets and an hour of each',
  async () => {
    const from = new Date('2026-11-26T00:00:00Z')
    for (let round = 0; round < 5; round++) {
      const secret = newTotpSecret()
      const codes = execFileSync(
        'oathtool',
        [
          '--base32',
          '--totp',
          '--window=119',
          `--now=${from.toISOString().replace('T', ' ').slice(0, 19)} UTC`,
          secret,
        ],
        { encoding: 'utf8' },
      )
        .trim()
        .split('\n')
      expect(codes).toHaveLength(120)
      for (const [steps, code] of codes.entries()) {
        const at = new Date(from.getTime() + steps * 30_000)
        expect(stepOfTotpCode(secret, code, at)).toBe(Math.floor(at.getTime() / 30_000))
      }
    }
  },
)
