import { expect, test } from 'vitest'
import { inAccount, paths, returnPath, signInReturningTo } from './paths.ts'

test('a link into an account carries its id', () => {
  expect(inAccount(paths.profile, 'a&b')).toBe('/settings/profile?account=a%26b')
})

test('signing in leads back to where one was', () => {
  const link = new URL(signInReturningTo('/settings/tokens?account=1'), 'http://localhost')
  expect(returnPath(link.searchParams.get('next'))).toBe('/settings/tokens?account=1')
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/\t/evil.example',
  '/..//evil.example',
  '/settings/..//evil.example',
  '/%2e%2e//evil.example',
  '',
  null,
])('signing in never leads to another site: %j', (next) => {
  expect(returnPath(next)).toBeUndefined()
})

test('signing in does not lead back to the sign-in page', () => {
  expect(returnPath('/sign-in?next=%2Fsettings')).toBeUndefined()
})
