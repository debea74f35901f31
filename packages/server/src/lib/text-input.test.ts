import { expect, test } from 'vitest'
import { AppError } from '../errors/app-error.ts'
import { checkHttpUrl, checkId, checkText } from './text-input.ts'

/** Why the check refuses; undefined when it does not. */
function reasonOf(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof AppError && error.details.field === 'name') return error.details.reason
    throw error
  }
}

const name = (value: string) => checkText(value, 'name', { max: 10, min: 2 })

test.each([
  ['letters of any script', 'Ļūķa Ωß', 'Ļūķa Ωß'],
  ['Arabic, with the joiner it needs', 'می\u200cخو', 'می\u200cخو'],
  ['an emoji made of several', '👩\u200d👧 Jo', '👩\u200d👧 Jo'],
  ['blanks around it', ' \u00a0Jo\u3000 ', 'Jo'],
  ['an accent apart from its letter', 'Jose\u0301', 'José'],
  ['ten characters outside the basic plane', '😀'.repeat(10), '😀'.repeat(10)],
])('a text with %s is kept', (_what, text, stored) => {
  expect(name(text)).toBe(stored)
})

test.each([
  ['nothing', '', 'EMPTY'],
  ['blanks alone', ' \t\n\u00a0\u2003', 'EMPTY'],
  ['characters of no width alone', '\u200b\u200d\u2060\ufeff\u00ad', 'EMPTY'],
  ['fillers alone', '\u3164\u115f', 'EMPTY'],
  ['one character', 'J', 'TOO_SHORT'],
  ['eleven characters', 'J'.repeat(11), 'TOO_LONG'],
  ['U+0000', 'J\0o', 'FORMAT'],
  ['a line break', 'J\no', 'FORMAT'],
  ['a tab', 'J\to', 'FORMAT'],
  ['an escape sequence', 'J\u001b[31mo', 'FORMAT'],
  ['a control character of the second set', 'J\u0085o', 'FORMAT'],
  ['a line separator', 'J\u2028o', 'FORMAT'],
  ['what turns the writing around', 'J\u202eo', 'FORMAT'],
  ['what isolates a direction', 'J\u2066o', 'FORMAT'],
  ['half of a surrogate pair', 'J\ud800', 'FORMAT'],
])('a text with %s is refused', (_what, text, reason) => {
  expect(reasonOf(() => name(text))).toBe(reason)
})

test('a text of several lines keeps its lines and tabs, and refuses what forges others', () => {
  const body = (value: string) => checkText(value, 'name', { max: 100, multiline: true })
  expect(body('one\n\ttwo\r\nthree')).toBe('one\n\ttwo\r\nthree')
  for (const wrong of ['a\0b', 'a\u001bb', 'a\u202eb', 'a\u0007b']) {
    expect(reasonOf(() => body(wrong))).toBe('FORMAT')
  }
})

test('an id is a UUID, in lower case once it is checked', () => {
  expect(checkId('01A20A1A-0C24-74C0-9D16-94C911EA742C', 'name')).toBe(
    '01a20a1a-0c24-74c0-9d16-94c911ea742c',
  )
  for (const wrong of ['', '1', 'me', "' or 1=1 --", '01a20a1a0c2474c09d1694c911ea742c']) {
    expect(reasonOf(() => checkId(wrong, 'name'))).toBe('FORMAT')
  }
})

test.each([
  ['https://host.example.com/tickets/7?a=b#c', undefined],
  ['http://10.0.0.7:8080/', undefined],
  ['HTTPS://HOST.example.com', undefined],
  ['javascript:alert(1)', 'FORMAT'],
  [' javascript:alert(1)', 'FORMAT'],
  ['java\tscript:alert(1)', 'FORMAT'],
  ['data:text/html,<script>', 'FORMAT'],
  ['vbscript:x', 'FORMAT'],
  ['file:///etc/passwd', 'FORMAT'],
  ['//host.example.com', 'FORMAT'],
  ['/tickets/7', 'FORMAT'],
  ['https://', 'FORMAT'],
  ['ticket 7', 'FORMAT'],
  ['', 'EMPTY'],
  [`https://host.example.com/${'x'.repeat(2000)}`, 'TOO_LONG'],
])('as a link, "%.60s" is refused for %s', (url, reason) => {
  expect(reasonOf(() => checkHttpUrl(url, 'name', 2000))).toBe(reason)
})
