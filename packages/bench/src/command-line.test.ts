import { expect, test } from 'vitest'

import { readCommandLine } from './command-line.ts'

const known = ['profile', 'inbox', 'growth']

test('without a name everything runs', () => {
  expect(readCommandLine([], known)).toEqual({ names: known, profile: false })
})

test('some run in the order in which all do', () => {
  expect(readCommandLine(['growth', 'profile'], known).names).toEqual(['profile', 'growth'])
})

test('where the time goes is shown of one benchmark, by itself of the first', () => {
  expect(readCommandLine(['--profile', 'inbox'], known)).toEqual({ names: ['inbox'], profile: true })
  expect(readCommandLine(['--profile'], known)).toEqual({ names: ['profile'], profile: true })
  expect(() => readCommandLine(['--profile', 'inbox', 'growth'], known)).toThrow('takes one benchmark')
})

test('a name that is not known is answered with those that are', () => {
  expect(() => readCommandLine(['inbx'], known)).toThrow('inbx: there is only profile, inbox, growth')
  expect(() => readCommandLine(['--fast'], known)).toThrow('--fast')
})
