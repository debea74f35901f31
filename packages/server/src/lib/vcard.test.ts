import { expect, test } from 'vitest'
import { vCardOf } from './vcard.ts'

test('a card has a name, its numbers and an address', () => {
  const card = vCardOf({
    name: 'Lanyard',
    numbers: ['+12025550142', '+13125550117'],
    email: 'lanyard@example.com',
  })
  expect(card).toBe(
    [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'KIND:org',
      'FN:Lanyard',
      'ORG:Lanyard',
      'TEL;VALUE=uri;TYPE="voice,text":tel:+12025550142',
      'TEL;VALUE=uri;TYPE="voice,text":tel:+13125550117',
      'EMAIL:lanyard@example.com',
      'END:VCARD',
      '',
    ].join('\r\n'),
  )
})

test('a name cannot end its line, and a long one is folded between characters', () => {
  const card = vCardOf({ name: `A;B,C\\D\nTEL:${'é'.repeat(60)}`, numbers: [] })
  expect(card).toContain('FN:A\\;B\\,C\\\\D\\nTEL:')
  for (const line of card.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  expect(card.replaceAll('\r\n ', '')).toContain(`TEL:${'é'.repeat(60)}\r\n`)
  expect(card).not.toContain('�')
})
