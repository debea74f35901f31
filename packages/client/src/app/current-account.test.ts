import { expect, test } from 'vitest'
import { chooseAccount } from './current-account.tsx'

const open = { closed: null, permissions: [] }
const acme = { ...open, accountUserId: 'au1', account: { id: 'a1', name: 'Acme Networks' } }
const northwind = { ...open, accountUserId: 'au2', account: { id: 'a2', name: 'Northwind Fibre' } }
const both = [acme, northwind]

test('the account of the address wins, then the one used last, then the first', () => {
  expect(chooseAccount(both, 'a2', 'a1')).toMatchObject(northwind)
  expect(chooseAccount(both, null, 'a2')).toMatchObject(northwind)
  expect(chooseAccount(both, null, null)).toMatchObject(acme)
})

test('an account one does not belong to is not chosen', () => {
  expect(chooseAccount(both, 'someone-elses', 'left-long-ago')).toMatchObject(acme)
})

test('a person in no account has none', () => {
  expect(chooseAccount([], 'a1', null)).toBeUndefined()
})
