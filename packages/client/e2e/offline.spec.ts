import { expect } from '@playwright/test'
import { openBreakableNetwork } from './breakable-network.ts'
import { beSignedIn, test } from './journey.ts'
import { publishEvent } from './server-calls.ts'

// What the browser logs of each request that fails on purpose here.
test.use({ toleratedComplaint: /net::ERR_|WebSocket/ })

test('while the server does not answer the page says so and keeps what is typed; then the badge tells the truth again', async ({
  browser,
  origin,
  person,
}) => {
  await using network = await openBreakableNetwork()
  const context = await browser.newContext({ baseURL: origin, proxy: network.proxy })
  const page = await context.newPage()
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await expect(page.getByRole('link', { name: 'Inbox', exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Update info' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  await dialog.getByRole('textbox', { name: 'Public name' }).fill('Robin at the desk')

  await network.cut()
  const line = page
    .getByRole('alert', { includeHidden: true })
    .filter({ hasText: 'The server does not answer.' })
  await expect(line).toContainText('What you type is kept.')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByRole('alert')).toHaveText('Nothing was saved. The server did not answer.')
  await expect(dialog.getByRole('textbox', { name: 'Public name' })).toHaveValue('Robin at the desk')
  const { username: recipient, account, call } = person
  await publishEvent(call, { accountId: account.id, recipient, title: 'While nobody could see it' })

  await network.mend()
  await expect(line).toBeHidden()
  await expect(page).toHaveTitle('(1) Profile · Lanyard')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('region', { name: 'My Info' })).toContainText('Robin at the desk')
  await expect(page.getByRole('link', { name: 'Inbox, 1 unread' })).toBeVisible()
  await context.close()
})

test('a change made while the device is offline moves back, says why and can be tried again', async ({
  page,
  context,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  const emojiMode = page.getByRole('switch', { name: 'Emoji mode' })
  await expect(emojiMode).not.toBeChecked()

  await context.setOffline(true)
  await expect(page.getByRole('alert')).toHaveText('You are offline. What you type is kept.')
  await page.getByText('Emoji mode', { exact: true }).click()
  await expect(emojiMode).toHaveAccessibleDescription(/Not saved\. The server did not answer\./)
  await expect(emojiMode).not.toBeChecked()

  await context.setOffline(false)
  await expect(page.getByRole('alert')).toHaveCount(0)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(emojiMode).toBeChecked()
  await page.reload()
  await expect(emojiMode).toBeChecked()
})

test('a section that could not be loaded says so in its place and loads when asked again', async ({
  page,
  context,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('list', { name: 'Activity' })).toBeVisible()
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Update info' })).toBeVisible()

  await context.setOffline(true)
  await page.getByRole('link', { name: 'Access tokens' }).click()
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible()
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('No tokens yet')).toBeVisible()
})
