import { expect, test } from 'vitest'
import { AppError } from '../errors/app-error.ts'
import { checkEmailAddress } from './email-address.ts'

function reasonOf(text: string): string | undefined {
  try {
    checkEmailAddress(text, 'address')
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.details.field === 'address' ? error.details.reason : undefined
  }
}

test('an address keeps its spelling and is compared in lower case', () => {
  expect(checkEmailAddress('  Pat.Sample+Work@Example.COM ', 'address')).toEqual({
    address: 'Pat.Sample+Work@example.com',
    addressKey: 'pat.sample+work@example.com',
    domain: 'example.com',
  })
  for (const plain of [
    "o'sample@example.com",
    'a_b-c@sub.example.com',
    '1@example.co.uk',
    '{x}=y/z?@example.com',
  ]) {
    expect(checkEmailAddress(plain, 'address').address).toBe(plain)
  }
})

test('a domain in other letters is stored in those of DNS, so that no two look the same', () => {
  const written = ['pat@exämple.com', 'pat@EXÄMPLE.com', 'pat@exa\u0308mple.com', 'pat@xn--exmple-cua.com']
  const keys = written.map((text) => checkEmailAddress(text, 'address').addressKey)
  expect(new Set(keys)).toEqual(new Set(['pat@xn--exmple-cua.com']))
  // A Cyrillic а.
  expect(checkEmailAddress('pat@ex\u0430mple.com', 'address').address).toBe('pat@xn--exmple-4nf.com')
})

test.each([
  ['lines of a header', ['a@x.test\r\nBcc: b@y', 'a@x.test\nBcc: b@y.test', 'a\r@x.test', 'a@x.test\0']],
  ['commands of SMTP', ['a@x.test> RCPT TO:<b@y.test', '<a@x.test>', 'a@x.test SIZE=1']],
  ['quoted names', ['"a@evil.test x"@good.test', '"a b"@x.test', '"a"@x.test', 'a."b".c@x.test']],
  ['lists', ['a@x.test,b@y.test', 'a@x.test;b@y.test', 'a@x.test b@y.test', 'group:a@x.test,b@y.test;']],
  ['names before the address', ['Pat <a@x.test>', '<a@x.test> Pat', 'mailto:a@x.test']],
  ['comments', ['a(comment)@x.test', 'a@x.test(comment)', 'a@(x)y.test']],
  [
    'address literals',
    ['a@[192.0.2.1]', 'a@[IPv6:2001:db8::1]', 'a@192.0.2.1', 'a@2130706433', 'a@0x7f.1'],
  ],
  ['routes', ['a%b@x.test', 'x.test!a@y.test', '@x.test:a@y.test', 'a@b@x.test', 'a\\@b@x.test']],
  [
    'what only a URL takes for a domain',
    ['a@x.test/y', 'a@x.test?y', 'a@x.test#y', 'a@x%2etest', 'a@x.test:25'],
  ],
  [
    'characters that nobody sees',
    ['a\u200b@x.test', 'a@x\u00ad.test', 'a@x.test\u202e', 'a\u00a0b@x.test'],
  ],
  ['names in other letters', ['ä@x.test', '\u0430dmin@x.test', '用户@x.test']],
  ['halves', ['a', '@', 'a@', '@x.test', 'a@x', 'a@localhost', '.a@x.test', 'a.@x.test', 'a..b@x.test']],
  ['domains that cannot be', ['a@-x.test', 'a@x..test', 'a@x.test.', 'a@.x.test', 'a@x_y.test']],
])('%s are no address', (_what, texts) => {
  for (const text of texts) expect({ text, reason: reasonOf(text) }).toEqual({ text, reason: 'FORMAT' })
})

test('an address longer than SMTP carries is refused, and so is none', () => {
  const domain = `${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}`
  expect(reasonOf(`${'a'.repeat(64)}@${domain}.test`)).toBeUndefined()
  expect(reasonOf(`${'a'.repeat(64)}@${domain}.testing`)).toBe('TOO_LONG')
  expect(reasonOf(`${'a'.repeat(65)}@x.test`)).toBe('FORMAT')
  expect(reasonOf(' ')).toBe('EMPTY')
})

test('what is made to keep a parser busy is refused at once', () => {
  const groups = `${'g:'.repeat(10_000)}a@x.test${';'.repeat(10_000)}`
  const busy = [
    groups,
    '('.repeat(10_000),
    '"'.repeat(9999),
    `a@${'x.'.repeat(100)}`,
    'a@'.repeat(126),
    '.'.repeat(254),
  ]
  const startedAt = performance.now()
  for (const text of busy) expect(reasonOf(text)).toMatch(/^(?:TOO_LONG|FORMAT)$/)
  expect(performance.now() - startedAt).toBeLessThan(50)
})
