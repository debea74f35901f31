import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()

async function personWithBrowser() {
  const { user, account } = await server.build.member()
  const browser = await server.as(user)
  const visit = (input: Record<string, unknown>) =>
    browser.mutate('recordLastVisited', input, 'me { landingPath lastAccountId }')
  return { account, browser, visit }
}

test('a person arrives at their profile, or where they were last if they want that', async () => {
  const { account, browser, visit } = await personWithBrowser()
  const path = `/settings/notifications?account=${account.id}`
  expect((await visit({ path, accountId: account.id })).data.recordLastVisited.me).toEqual({
    landingPath: '/settings/profile',
    lastAccountId: account.id,
  })
  const wanted = await browser.mutate(
    'updatePreferences',
    { landingPage: 'LAST_VISITED' },
    'me { landingPath }',
  )
  expect(wanted.data.updatePreferences.me).toEqual({ landingPath: path })
  const { data } = await browser.query('{ me { landingPageOptions activity { nodes { action } } } }')
  expect(data.me.landingPageOptions).toEqual(['USER_PROFILE', 'LAST_VISITED'])
  expect(data.me.activity.nodes).toEqual([{ action: 'PREFERENCES_UPDATED' }])
})

test('who was nowhere yet arrives at their profile whatever they chose', async () => {
  const { browser } = await personWithBrowser()
  const chosen = await browser.mutate(
    'updatePreferences',
    { landingPage: 'LAST_VISITED' },
    'me { landingPath }',
  )
  expect(chosen.data.updatePreferences.me).toEqual({ landingPath: '/settings/profile' })
})

test.each([
  ['/', '/'],
  ['/settings/profile#section', '/settings/profile'],
  ['/a/../settings', '/settings'],
  ['/tickets?next=//elsewhere.example.com', '/tickets?next=//elsewhere.example.com'],
  ['/übersicht', '/%C3%BCbersicht'],
])('%s is a page of this server, remembered as %s', async (path, remembered) => {
  const { browser, visit } = await personWithBrowser()
  await browser.mutate('updatePreferences', { landingPage: 'LAST_VISITED' }, 'me { id }')
  expect((await visit({ path })).data.recordLastVisited.me.landingPath).toBe(remembered)
})

/** Ways to be led to another server, or to have a script run. */
const tricks = [
  'https://evil.example.com',
  'HTTPS:evil.example.com',
  '//evil.example.com',
  '///evil.example.com',
  '/\\evil.example.com',
  '\\\\evil.example.com',
  '\\/evil.example.com',
  '/\t/evil.example.com',
  '/\n/evil.example.com',
  '/\r\n/evil.example.com',
  ' //evil.example.com',
  '/./\\evil.example.com',
  '/..//evil.example.com',
  '/a/..//evil.example.com',
  '/.//evil.example.com',
  '/%2e//evil.example.com',
  '/%2E%2E/%2e//evil.example.com',
  'javascript:alert(1)',
  'java\0script:alert(1)',
  'data:text/html,x',
  'evil.example.com',
  '@evil.example.com',
  '?next=//evil.example.com',
  '/\u202e//evil.example.com',
]

test.each(tricks)('%j leads elsewhere and is refused', async (path) => {
  const { browser, visit } = await personWithBrowser()
  expect(refusalOf(await visit({ path }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'path',
    reason: 'FORMAT',
  })
  const { data } = await browser.query('{ me { lastAccountId landingPath } }')
  expect(data.me).toEqual({ lastAccountId: null, landingPath: '/settings/profile' })
})

test.each([
  ['empty', '', 'EMPTY'],
  ['of more than 500 characters', `/${'x'.repeat(500)}`, 'TOO_LONG'],
  ['of more than 500 characters once its letters are written out', `/${'ü'.repeat(100)}`, 'TOO_LONG'],
])('a path that is %s is refused', async (_what, path, reason) => {
  const { visit } = await personWithBrowser()
  expect(refusalOf(await visit({ path }))).toEqual({ code: 'BAD_USER_INPUT', field: 'path', reason })
})

test('an account that is no id at all is refused like any other wrong one', async () => {
  const { visit } = await personWithBrowser()
  expect(refusalOf(await visit({ path: '/', accountId: '' }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'accountId',
    reason: 'FORMAT',
  })
  expect((await visit({ path: '/', accountId: null })).errors).toBeUndefined()
})
