import { type Locator, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('the language turns the page at once, to German and back', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await choose(page, page.getByRole('combobox', { name: 'Language' }), 'Deutsch')

  await expect(page.getByRole('heading', { level: 2, name: 'Voreinstellungen' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await expect(page).toHaveTitle('Profil · Lanyard')
  await page.getByRole('link', { name: 'Benachrichtigungen' }).click()
  await expect(page.getByRole('checkbox', { name: 'Ticket mir zugewiesen, in der App' })).toBeChecked()

  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: 'Benachrichtigungen' })).toBeVisible()
  await page.getByRole('link', { name: 'Profil', exact: true }).click()
  await choose(page, page.getByRole('combobox', { name: 'Sprache' }), 'English')
  await expect(page.getByRole('heading', { level: 2, name: 'Preferences' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('each preference says that it was saved, and is there again after a reload', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  const timeZone = page.getByRole('combobox', { name: 'Time zone' })
  const rowsPerPage = page.getByRole('radiogroup', { name: 'Rows per page' })
  const emojiMode = page.getByRole('switch', { name: 'Emoji mode' })
  const profileLink = page.getByRole('navigation').getByRole('link', { name: 'Profile' })

  await timeZone.fill('tokyo')
  await page.getByRole('option', { name: /Tokyo/ }).click()
  await expect(timeZone).toHaveAccessibleDescription('Saved')
  await rowsPerPage.getByText('50').click()
  await expect(rowsPerPage).toHaveAccessibleDescription('Saved')
  await expect(profileLink).not.toContainText('👤')
  await page.getByText('Emoji mode', { exact: true }).click()
  await expect(emojiMode).toHaveAccessibleDescription('Saved')
  await expect(profileLink).toContainText('👤')

  await page.reload()
  await expect(timeZone).toHaveValue(/Tokyo/)
  // The minute may end between the page's look at the clock and ours.
  const aroundNow = [-60_000, 0, 60_000].map((offset) =>
    timeIn('Asia/Tokyo', new Date(Date.now() + offset)),
  )
  await expect(timeZone).toHaveAccessibleDescription(new RegExp(`Now (${aroundNow.join('|')}) there`))
  await expect(rowsPerPage.getByRole('radio', { name: '50' })).toBeChecked()
  await expect(emojiMode).toBeChecked()
  await expect(profileLink).toContainText('👤')
})

test('the theme changes without a reload and is there at the next visit', async ({ page, person }) => {
  const white = 'rgb(246, 247, 249)'
  const black = 'rgb(12, 14, 18)'
  await page.emulateMedia({ colorScheme: 'light' })
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  const body = page.locator('body')
  await expect(body).toHaveCSS('background-color', white)
  const loadedAt = await page.evaluate(() => performance.timeOrigin)

  const theme = page.getByRole('radiogroup', { name: 'Theme' })
  await theme.getByText('Dark').click()
  await expect(body).toHaveCSS('background-color', black)
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt)

  await page.reload()
  await expect(theme.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await expect(body).toHaveCSS('background-color', black)

  await page.getByRole('button', { name: 'Profile, theme and logging out' }).click()
  await page.getByRole('menuitemradio', { name: 'Automatic' }).click()
  await expect(body).toHaveCSS('background-color', white)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(body).toHaveCSS('background-color', black)
})

test.describe('on a device in another time zone', () => {
  test.use({ timezoneId: 'Pacific/Pago_Pago' })

  test('every time of the pages follows the time zone of the person', async ({ page, person }) => {
    const timeZone = 'Pacific/Kiritimati'
    await person.call(`mutation { updatePreferences(input: { timeZone: "${timeZone}" }) { me { id } } }`)
    await beSignedIn(page, person)
    await page.goto('/settings/activity')

    const entry = page.getByRole('listitem').filter({ hasText: 'You changed your preferences' })
    const time = entry.getByRole('time')
    await expect(time).toHaveAttribute('title', new RegExp(`\\(${timeZone}\\)$`))
    const instant = new Date((await time.getAttribute('datetime')) ?? '')
    await expect(time).toHaveText(timeIn(timeZone, instant))
  })
})

async function choose(page: Page, select: Locator, option: string): Promise<void> {
  await select.click()
  await page.getByRole('option', { name: option }).click()
}

/** As the page writes it. */
function timeIn(timeZone: string, instant: Date): string {
  return new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', minute: '2-digit' }).format(instant)
}
