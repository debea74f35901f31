import { expect } from '@playwright/test'
import { beSignedIn, test as journey } from './journey.ts'

/**
 * In a browser that keeps the page it leaves, for Back, as those of people do. Playwright's is told not to, and a
 * headless shell never does.
 */
const test = journey.extend<object, { launchOptions: object }>({
  launchOptions: [
    async ({ launchOptions }, provide) =>
      provide({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    { scope: 'worker' },
  ],
})

test('a page that was kept when its person logged out shows nothing when Back brings it to life again', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()

  await page.evaluate(() => history.back())
  await expect(page).toHaveURL('/sign-in?next=%2Fsettings%2Fprofile')
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  await expect(page.getByText(person.name)).toHaveCount(0)
})
