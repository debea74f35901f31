import { type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('after logging out the browser keeps neither a token nor anything about the person', async ({
  page,
  context,
  person,
}) => {
  await beSignedIn(page, person)
  const sessionKey = (await context.cookies()).find(({ httpOnly }) => httpOnly)?.value ?? ''
  expect(sessionKey).toMatch(/^[\w-]{40,}$/)
  for (const path of ['/settings/activity', '/settings/tokens', '/inbox', '/settings/profile']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { includeHidden: true }).first()).toBeAttached()
  }
  await page.evaluate(() => {
    localStorage.setItem('left-behind', 'by an older page')
    return caches.open('left-behind')
  })

  const answers: Promise<Record<string, string>>[] = []
  // The browser itself takes away some of the headers that `headers()` would tell of.
  page.on('response', (response) => answers.push(response.allHeaders().catch(() => ({}))))
  await page.getByRole('button', { name: 'Log out', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  expect(await Promise.all(answers)).toContainEqual(
    expect.objectContaining({ 'clear-site-data': '"cache", "storage"', 'cache-control': 'no-store' }),
  )

  const kept = await everythingKeptBy(page)
  const cookies = JSON.stringify(await context.cookies())
  for (const secret of [sessionKey, person.name, person.username, person.account.name, person.account.id]) {
    expect(kept).not.toContain(secret)
    expect(cookies).not.toContain(secret)
  }
  expect(kept).not.toContain('left-behind')

  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  expect(await page.content()).not.toContain(person.name)
  expect(await everythingKeptBy(page)).not.toContain(person.name)
})

/** Every store in which a page can leave something, with what is in it. */
function everythingKeptBy(page: Page): Promise<string> {
  return page.evaluate(async () =>
    JSON.stringify([
      document.documentElement.outerHTML,
      { ...localStorage },
      { ...sessionStorage },
      await indexedDB.databases(),
      await caches.keys(),
      (await navigator.serviceWorker?.getRegistrations())?.length,
      window.name,
      history.state,
    ]),
  )
}
