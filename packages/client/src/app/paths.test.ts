import { expect, test } from 'vitest'
import {
  contactsReturningTo,
  continuingSignIn,
  inAccount,
  paths,
  proofThroughSso,
  returnPath,
  signInReturningTo,
  signInThroughSso,
} from './paths.ts'

test('a link into an account carries its id', () => {
  expect(inAccount(paths.profile, 'a&b')).toBe('/settings/profile?account=a%26b')
})

test('a link to the deliveries of one address goes on saying which, inside an account too', () => {
  expect(inAccount(paths.deliveries('e&1'), 'a')).toBe(
    '/settings/contacts/deliveries?address=e%261&account=a',
  )
  expect(paths.deliveries()).toBe('/settings/contacts/deliveries')
})

test('signing in leads back to where one was', () => {
  const link = new URL(signInReturningTo('/settings/tokens?account=1'), 'http://localhost')
  expect(returnPath(link.searchParams.get('next'))).toBe('/settings/tokens?account=1')
})

test('what follows "#" comes back too, and never stands in what a server is asked for', () => {
  const path = '/settings/contacts?verify=e1'
  const link = new URL(signInReturningTo(path, '#code=418205'), 'http://localhost')
  expect(link.pathname + link.search).not.toContain('418205')
  expect(returnPath(link.searchParams.get('next'), link.hash)).toBe(`${path}#code=418205`)
  expect(returnPath('/inbox#top', '#code=418205')).toBe('/inbox#top')
})

test.each([
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/..//evil.example',
  '/./\\evil.example',
  '/settings/..//evil.example',
  '/%2e%2e//evil.example',
  '//user@evil.example',
  '//lanyard.invalid@evil.example',
  '//user@lanyard.invalid/',
  '//[',
  '@evil.example',
  '.evil.example',
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://evil.example/1',
  '\uff0f\uff0fevil.example',
  '',
  null,
])('signing in never leads to another site: %j', (next) => {
  expect(returnPath(next)).toBeUndefined()
})

test.each([
  '/%2F/evil.example',
  '/\u2044\u2044evil.example',
  '/\uff0f\uff0fevil.example',
  '/@evil.example',
])('what only looks like another site is a path of ours: %j', (next) => {
  const url = new URL(returnPath(next) ?? '', 'https://lanyard.example.com')
  expect(url.origin).toBe('https://lanyard.example.com')
  expect(url.pathname).not.toMatch(/^\/\//)
})

test('signing in leads to a path as a browser reads it', () => {
  expect(returnPath('/settings/../inbox/1?account=2#top')).toBe('/inbox/1?account=2#top')
})

test('signing in does not lead back to the sign-in page', () => {
  expect(returnPath('/sign-in?next=%2Fsettings')).toBeUndefined()
})

test('contacts lead back to the page they were opened from, inside an account too', () => {
  const link = new URL(inAccount(contactsReturningTo(paths.profile), 'a1'), 'http://localhost')
  expect(returnPath(link.searchParams.get('return'))).toBe('/settings/profile')
  expect(link.searchParams.get('account')).toBe('a1')
})

test('proof through an organisation leads back to the page, and is no new sign-in', () => {
  expect(proofThroughSso('/sso/start/c1', '/settings/tokens?account=a1')).toBe(
    '/sso/start/c1?purpose=STEP_UP&next=%2Fsettings%2Ftokens%3Faccount%3Da1',
  )
  expect(proofThroughSso('/sso/start/c1?purpose=STEP_UP', '/settings/security')).toBe(
    '/sso/start/c1?purpose=STEP_UP&next=%2Fsettings%2Fsecurity',
  )
})

test('every page of signing in leads to the page that was asked for, and to none of themselves', () => {
  const asked = { search: '?done=expired&next=%2Finbox%2Fn1%3Faccount%3Da1', hash: '#code' }
  expect(continuingSignIn(paths.secondFactor, asked)).toBe(
    '/sign-in/second-factor?next=%2Finbox%2Fn1%3Faccount%3Da1#code',
  )
  expect(continuingSignIn(paths.signInAfter('expired'), asked)).toBe(
    '/sign-in?done=expired&next=%2Finbox%2Fn1%3Faccount%3Da1#code',
  )
  expect(continuingSignIn(paths.organisation, { search: '?sso=NOT_FOUND', hash: '' })).toBe(
    paths.organisation,
  )
  expect(returnPath('/sign-in/second-factor')).toBeUndefined()
})

test('an organisation’s sign-in learns which page was asked for, never another site and no code of a mail', () => {
  expect(signInThroughSso('/sso/start/c1', '/settings/tokens?account=a1#code')).toBe(
    '/sso/start/c1?next=%2Fsettings%2Ftokens%3Faccount%3Da1',
  )
  expect(signInThroughSso(paths.ssoUnder('acme & co'), '//example.com/')).toBe('/sso/acme%20%26%20co')
})
