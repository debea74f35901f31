import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { newSealingKey, SealingKeys } from '../sealing-keys.ts'
import { readReference, referenceOf } from './delivery-reference.ts'

const keys = new SealingKeys([newSealingKey()])
const key = { userId: randomUUID(), deliveryId: randomUUID() }

test('a reference fits a mailbox name with room for a prefix, and survives a change of case', () => {
  const reference = referenceOf(keys, key)
  expect(reference).toMatch(/^[a-z2-7]{60}$/)
  expect(readReference(keys, reference)).toEqual(key)
  expect(readReference(keys, reference.toUpperCase())).toEqual(key)
})

test('one for another delivery cannot be made of it', () => {
  const reference = referenceOf(keys, key)
  for (let index = 0; index < 59; index++) {
    const changed =
      reference.slice(0, index) + (reference[index] === 'a' ? 'b' : 'a') + reference.slice(index + 1)
    expect(readReference(keys, changed)).toBeUndefined()
  }
  expect(readReference(keys, '')).toBeUndefined()
  expect(readReference(new SealingKeys([newSealingKey()]), reference)).toBeUndefined()
})
