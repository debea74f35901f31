import { expect, test } from 'vitest'

import { newSealingKey, SealingKeys } from './sealing-keys.ts'

const [older, newer] = [newSealingKey(), newSealingKey()]
const keys = new SealingKeys([older])

test('what was sealed opens where it was kept, and nowhere else', () => {
  const sealed = keys.seal('472913', 'delivery:1')
  expect(sealed.toString('latin1')).not.toContain('472913')
  expect(keys.open(sealed, 'delivery:1')).toBe('472913')
  expect(() => keys.open(sealed, 'delivery:2')).toThrow(/authenticate/)
})

test('what was changed by one bit does not open', () => {
  const sealed = keys.seal('472913', 'delivery:1')
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => keys.open(changed, 'delivery:1')).toThrow(/authenticate|lacks/)
  }
})

test('the same text is sealed differently each time', () => {
  expect(keys.seal('a', 'x').equals(keys.seal('a', 'x'))).toBe(false)
})

test('a key that is not the first any more still opens and checks, and seals nothing new', () => {
  const rotated = new SealingKeys([newer, older])
  expect(rotated.open(keys.seal('a', 'x'), 'x')).toBe('a')
  expect(rotated.signatures('bounce', 'x')).toContainEqual(keys.sign('bounce', 'x'))
  expect(() => keys.open(rotated.seal('a', 'x'), 'x')).toThrow('a key that SECRET_KEYS lacks')
  expect(rotated.prefix).not.toEqual(keys.prefix)
  expect(rotated.seal('a', 'x').subarray(0, rotated.prefix.length)).toEqual(rotated.prefix)
})

test('a signature for one purpose is none for another', () => {
  expect(keys.sign('bounce', 'x').equals(keys.sign('callback', 'x'))).toBe(false)
})
