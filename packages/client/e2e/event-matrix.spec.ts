import { type Locator, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { publishEvent } from './server-calls.ts'

test('an event that is switched off no longer arrives, and arrives again once it is switched on', async ({
  page,
  person,
}) => {
  const { username: recipient, account, call } = person
  const publish = () => publishEvent(call, { accountId: account.id, recipient, title: 'Ticket 20418' })
  await beSignedIn(page, person)
  await page.goto('/settings/notifications')
  const assigned = boxOf(page, 'Ticket assigned to me')

  await assigned.uncheck()
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()
  expect(await publish()).toBe(0)

  await page.reload()
  await expect(assigned).not.toBeChecked()
  await expect(page.getByRole('link', { name: 'Inbox', exact: true }).first()).toBeVisible()
  await assigned.check()
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()
  expect(await publish()).toBe(1)
  await expect(page.getByRole('link', { name: 'Inbox, 1 unread' })).toBeVisible()
})

test('the box of a group stands for all of its events: all, some or none', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/notifications')
  const group = boxOf(page, 'Tickets')
  const assigned = boxOf(page, 'Ticket assigned to me')
  const replied = boxOf(page, 'Reply on my ticket')
  await expect(group).toBeChecked()

  await assigned.uncheck()
  await expect(group).toBeChecked({ indeterminate: true })
  await group.click()
  await expect(group).toBeChecked()
  await expect(assigned).toBeChecked()
  await group.click()
  await expect(group).not.toBeChecked()
  await expect(replied).not.toBeChecked()
  await replied.check()
  await expect(group).toBeChecked({ indeterminate: true })
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()

  await page.reload()
  await expect(group).toBeChecked({ indeterminate: true })
  await expect(replied).toBeChecked()
  await expect(assigned).not.toBeChecked()
  await expect(boxOf(page, 'Tasks and jobs')).toBeChecked()
})

test('everything of the matrix can be done with the keyboard alone', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/notifications')
  await expect(boxOf(page, 'Tickets')).toBeVisible()

  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(boxOf(page, 'Tickets', 'email')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(boxOf(page, 'Tickets')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(boxOf(page, 'Tickets')).not.toBeChecked()
  await expect(boxOf(page, 'Ticket assigned to me')).not.toBeChecked()
  await page.keyboard.press('Tab')
  await expect(boxOf(page, 'Ticket assigned to me', 'email')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(boxOf(page, 'Ticket assigned to me')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(boxOf(page, 'Ticket assigned to me')).toBeChecked()
  await expect(boxOf(page, 'Tickets')).toBeChecked({ indeterminate: true })
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()

  await page.reload()
  await expect(boxOf(page, 'Ticket assigned to me')).toBeChecked()
  await expect(boxOf(page, 'Reply on my ticket')).not.toBeChecked()
})

test('an event comes by email once its box is ticked; without a phone its text does not, and the page says why', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/notifications')
  await boxOf(page, 'Ticket assigned to me', 'email').check()
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()

  const text = boxOf(page, 'Ticket assigned to me', 'SMS')
  await expect(text).toBeDisabled()
  await expect(text).toHaveAccessibleDescription(
    /SMS is off\. Nothing is sent before a phone is verified\./,
  )

  await page.reload()
  await expect(boxOf(page, 'Ticket assigned to me', 'email')).toBeChecked()
  await expect(boxOf(page, 'Ticket assigned to me')).toBeChecked()
  await page.getByRole('link', { name: 'Verify a phone' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible()
})

/** The box of an event or of a group, in the In-app column when no other is named. */
function boxOf(page: Page, name: string, column = 'in-app'): Locator {
  return page.getByRole('checkbox', { name: `${name}, ${column}`, exact: true })
}
