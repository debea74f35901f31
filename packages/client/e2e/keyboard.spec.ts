import { type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('every control of the profile page can be reached with the keyboard, in the order of the page', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await expect(page.getByRole('switch', { name: 'Emoji mode' })).toBeVisible()

  expect(await tabThrough(page)).toEqual([
    'link "Skip to the content"',
    'link "Inbox"',
    `link "Profile of ${person.name}"`,
    'button "Profile, theme and logging out"',
    'link "Inbox"',
    'link "Profile"',
    'link "Contacts"',
    'link "Security"',
    'link "Activity"',
    'link "Notifications"',
    'link "Access tokens"',
    'link "Members"',
    'link "Sign-in"',
    'button "Log out"',
    'button "Update info"',
    `link "${person.username}@example.com"`,
    'link "Manage contacts"',
    'combobox "Language"',
    'combobox "Time zone"',
    'combobox "Default page on login"',
    'radio "25"',
    'combobox "Persistent app notifications"',
    'combobox "App notification sound"',
    'switch "Show content on the lock screen"',
    'radio "Automatic"',
    'switch "Emoji mode"',
  ])
})

test('the skip link leads past the navigation', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Log out' })).toBeFocused()
})

test('preferences are changed, and a dialog is left, with the keyboard alone', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  const rowsPerPage = page.getByRole('radiogroup', { name: 'Rows per page' })
  await rowsPerPage.getByRole('radio', { name: '25' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(rowsPerPage.getByRole('radio', { name: '50' })).toBeChecked()
  await expect(rowsPerPage).toHaveAccessibleDescription('Saved')

  const emojiMode = page.getByRole('switch', { name: 'Emoji mode' })
  await emojiMode.focus()
  await page.keyboard.press('Space')
  await expect(emojiMode).toBeChecked()

  const language = page.getByRole('combobox', { name: 'Language' })
  await language.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toBeHidden()
  await expect(language).toHaveValue('English')

  const updateInfo = page.getByRole('button', { name: 'Update info' })
  await updateInfo.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  await expect(dialog.getByRole('textbox', { name: 'Name', exact: true })).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await expect(dialog.getByRole('button', { name: 'Choose a picture…' })).toBeFocused()
  const fileChooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await fileChooser
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(dialog.getByRole('button', { name: 'Save' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(updateInfo).toBeFocused()
})

/** What has the focus after each Tab from the top of the page to its end, as "role "name"". */
async function tabThrough(page: Page): Promise<string[]> {
  const reached: string[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    if ((await focused.count()) === 0) return reached
    const [line = ''] = (await focused.ariaSnapshot()).split('\n')
    reached.push(/- (\w+ "[^"]*")/.exec(line)?.[1] ?? line)
  }
}
