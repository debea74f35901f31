import { expect, test } from 'vitest'

import { mailboxAddress } from './mailbox-address.ts'

test.each([
  ['ada@example.com', 'ada@example.com'],
  ["o'hara+alerts@mail.example.com", "o'hara+alerts@mail.example.com"],
  ['A.B@EXAMPLE.com', 'A.B@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
])('%s is one mailbox', (text, address) => {
  expect(mailboxAddress(text)).toBe(address)
})

const nested = (count: number) => `${'('.repeat(count)}${')'.repeat(count)}`
const hostile = {
  'a header after it': 'a@x.example\r\nBcc: b@y.example',
  'a line break': 'a@x.example\n',
  'a command': 'a@x.example>\r\nRCPT TO:<b@y.example',
  'a quoted address before it': '"a@evil.example x"@good.example',
  'a quoted local part': '"a b"@good.example',
  'a list': 'a@x.example, b@y.example',
  'another list': 'a@x.example; b@y.example',
  'a list without blanks': 'a@x.example,b@y.example',
  'a name': 'Ada <a@x.example>',
  'two in brackets': '<a@x.example><b@y.example>',
  'a group': 'friends: a@x.example, b@y.example;',
  'nested groups': `${'g:'.repeat(10_000)}a@x.example${';'.repeat(10_000)}`,
  'nested comments': `a${nested(10_000)}@x.example`,
  'a comment': 'a(b@y.example)@x.example',
  'a route': '@y.example:a@x.example',
  'two at signs': 'a@y.example@x.example',
  'percent routing': 'a%y.example@x.example',
  'a bang path': 'y.example!a@x.example',
  'a pipe': '|a@x.example',
  'percent routing in the domain': 'a@y%x.example',
  'a bang path in the domain': 'a@y!x.example',
  'an address of the network': 'a@[127.0.0.1]',
  'a bare address of the network': 'a@127.0.0.1',
  'no dot': 'a@localhost',
  'a dot at the end': 'a@x.example.',
  'two dots': 'a@x..example',
  'a dot before the at sign': 'a.@x.example',
  'a dash first': 'a@-x.example',
  'an underscore': 'a@x_y.example',
  'a blank': 'a @x.example',
  'an invisible blank': 'a@x\u200b.example',
  'a soft hyphen': 'a@x\u00ad.example',
  'a wide dot': 'a@x\u3002example',
  'an encoded word': '=?utf-8?q?a=40evil.example=3e=00?=@x.example ',
  'an encoded at sign': 'a@x.example%0d%0aRCPT',
  'letters outside ASCII before the at sign': 'ä@x.example',
  'a null': 'a\u0000@x.example',
  'half a letter': 'a\ud800@x.example',
  nothing: '',
  nobody: '@x.example',
  nowhere: 'a@',
  'a name that is too long': `${'a'.repeat(65)}@x.example`,
  'an address that is too long': `a@${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.${'x'.repeat(60)}.example`,
  'a long tail of digits': `a@x.${'9'.repeat(63)}`,
}

test.each(Object.entries(hostile))('%s is refused, and at once', (_what, text) => {
  // Not by the clock, as others use the machine as well.
  const before = process.cpuUsage()
  expect(mailboxAddress(text)).toBeUndefined()
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(50)
})
