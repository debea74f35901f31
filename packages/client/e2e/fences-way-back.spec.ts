import { type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { signInByHand } from './sign-in-by-hand.ts'

/** What `next` may be in an address of the sign-in page, to lead whoever signs in to somebody else. */
const tricks: readonly string[] = [
  'https://attacker.test/',
  '//attacker.test/',
  '////attacker.test/',
  '/\\attacker.test/',
  '\\\\attacker.test/',
  '/\t/attacker.test/',
  ' //attacker.test/',
  '/%09/attacker.test/',
  '/%2f%2fattacker.test/',
  '/..//attacker.test/',
  '/settings/..//attacker.test/',
  'https:attacker.test',
  'https:/attacker.test',
  'javascript:location.assign("//attacker.test/")',
  'data:text/html,<script>location.assign("//attacker.test/")</script>',
  '//localhost@attacker.test/',
  '//attacker.test:80\\@localhost/',
  '/@attacker.test/',
  '?next=//attacker.test/',
  '#//attacker.test/',
]

// Every journey fails when a page asks another host for anything.
test('whoever is signed in is led by no "next" to another host', async ({ page, origin, person }) => {
  await beSignedIn(page, person)
  for (const next of tricks) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await expectToBeHome(page, origin, next)
  }
  await page.goto('/sign-in?next=/settings/tokens&next=//attacker.test/')
  await expect(page.getByRole('heading', { level: 1, name: 'Personal access tokens' })).toBeVisible()
})

test('whoever signs in is led by no "next" to another host', async ({ page, origin, person }) => {
  for (const next of ['//attacker.test/', '/..//attacker.test/']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await signInByHand(page, person.username)
    await expectToBeHome(page, origin, next)
    await page.context().clearCookies()
  }
})

/** On our own host, and somewhere: on a page of ours or on one that says there is none. */
async function expectToBeHome(page: Page, origin: string, next: string): Promise<void> {
  await expect(page.getByRole('banner'), next).toBeVisible()
  expect(new URL(page.url()).origin, next).toBe(origin)
}
