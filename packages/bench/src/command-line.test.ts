import { expect, test } from 'vitest'

import { readCommandLine } from './command-line.ts'

const known = ['profile', 'inbox', 'growth']

test('without a name everything runs', () => {
  expect(readCommandLine([], known)).toEqual({ names: known, profile: false })
})

test('some run in the order in which all do', () => {
  const expected = { names: ['profile', 'growth'], profile: false }
  expect(readCommandLine(['growth', 'profile'], known)).toEqual(expected)
})

test('where the time goes is shown of one benchmark, by itself of the first', () => {
  expect(readCommandLine(['--profile', 'inbox'], known)).toEqual({ names: ['inbox'], profile: true })
  expect(readCommandLine(['--profile'], known)).toEqual({ names: ['profile'], profile: true })
  expect(readCommandLine(['--profile', 'inbox', 'growth'], known)).toEqual({
    fault: '--profile takes one benchmark',
  })
})

test('a name that is not known is answered with those that are', () => {
  const rest = 'there is only profile, inbox, growth and --profile'
  expect(readCommandLine(['inbx'], known)).toEqual({ fault: `inbx: ${rest}` })
  expect(readCommandLine(['--fast'], known)).toEqual({ fault: `--fast: ${rest}` })
})
