import { expect, test } from 'vitest'

import { exitCodes, StartupError } from '../startup-error.ts'
import { AppError } from './app-error.ts'
import { describeError } from './describe-error.ts'

/** As the database's driver makes them. */
class DriverError extends Error {
  override readonly name = 'error'
  readonly code = '23505'
  readonly constraint = 'email_once'
  readonly table = 'email'
  readonly detail = 'Key (address)=(MARKER) already exists.'
  readonly where = 'MARKER'
  readonly parameters = ['MARKER']
}

test('of a library’s or the database’s error stay its kind, code, names of ours and its place', () => {
  const described = describeError(
    new DriverError('insert into email values (MARKER)\n    at MARKER (/x.ts:1:1)'),
  )
  expect(described).toMatchObject({
    type: 'error',
    message: '',
    code: '23505',
    constraint: 'email_once',
    table: 'email',
    stack: expect.stringContaining('describe-error.test.ts'),
  })
  expect(JSON.stringify(described)).not.toContain('MARKER')
})

test('our own refusals keep their words', () => {
  expect(describeError(new AppError('NOT_FOUND')).message).toBe('There is no such object.')
  expect(describeError(new StartupError('Start it anew.', exitCodes.failed)).message).toBe('Start it anew.')
})

test('causes are told as carefully, and not without end', () => {
  const endless = new Error('MARKER')
  endless.cause = endless
  const text = JSON.stringify(describeError(new Error('MARKER', { cause: endless })))
  expect(text).not.toContain('MARKER')
  expect(text.split('"cause"')).toHaveLength(4)
})

test.each([['MARKER'], [{ message: 'MARKER' }], [null], [undefined], [7]])(
  'what is no error is told by its type alone: %j',
  (thrown) => {
    expect(describeError(thrown)).toEqual({ type: typeof thrown, message: '', stack: '' })
  },
)

test('a name or code that is no word is left out', () => {
  const error = Object.assign(new Error('x'), { name: 'MARKER with blanks', code: 'a\nb' })
  expect(describeError(error)).toMatchObject({ type: 'Error' })
  expect(JSON.stringify(describeError(error))).not.toMatch(/MARKER|a\\nb/)
})
