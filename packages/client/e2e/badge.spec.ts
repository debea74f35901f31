import { type Locator, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { publishEvent, withToken } from './server-calls.ts'

test('an event sent with a token made in the page moves the badge in two open tabs, and reading clears it in both', async ({
  page,
  context,
  person,
  origin,
}) => {
  const { username: recipient, account } = person
  await context.grantPermissions(['clipboard-write'])
  await beSignedIn(page, person)
  await page.goto('/settings/tokens')
  const program = withToken(origin, await takeToken(page, 'Ticket bridge'))
  const otherTab = await context.newPage()
  await otherTab.goto('/settings/profile')
  const loadedAt = await loadTimes(page, otherTab)
  await expectBadge(page, 0, 'Personal access tokens')
  await expectBadge(otherTab, 0, 'Profile')

  const title = 'Ticket 20418 assigned to <b>you</b>'
  await publishEvent(program, { accountId: account.id, recipient, title })
  await expectBadge(page, 1, 'Personal access tokens')
  await expectBadge(otherTab, 1, 'Profile')
  await publishEvent(program, { accountId: account.id, recipient, title: 'Ticket 20431 assigned to you' })
  await expectBadge(page, 2, 'Personal access tokens')
  await expectBadge(otherTab, 2, 'Profile')

  await page.bringToFront()
  await badgeOf(page).click()
  const inbox = page.getByRole('dialog', { name: 'Inbox' })
  await inbox.getByRole('link', { name: `Unread: ${title}` }).click()
  await expect(inbox.getByRole('heading', { name: title })).toBeVisible()
  await expectBadge(page, 1, 'Personal access tokens')
  await expectBadge(otherTab, 1, 'Profile')
  await expect(inbox.getByRole('link', { name: title, exact: true })).toBeVisible()

  await inbox.getByRole('button', { name: 'Mark all read' }).click()
  await expect(inbox.getByText('All read')).toBeVisible()
  await expectBadge(page, 0, 'Personal access tokens')
  await expectBadge(otherTab, 0, 'Profile')
  expect(await loadTimes(page, otherTab)).toEqual(loadedAt)
})

test('an item has an address of its own, and can be marked unread again', async ({ page, person }) => {
  const { username: recipient, account, call } = person
  await publishEvent(call, {
    accountId: account.id,
    recipient,
    title: 'Ticket 20402',
    body: 'No dial tone.',
  })
  const { me } = (await call('{ me { notifications { nodes { id } } } }')) as {
    me: { notifications: { nodes: { id: string }[] } }
  }
  await beSignedIn(page, person)
  await page.goto(`/inbox/${me.notifications.nodes[0]?.id}`)

  const inbox = page.getByRole('dialog', { name: 'Inbox' })
  await expect(inbox.getByRole('article')).toContainText('No dial tone.')
  await expect(inbox.getByRole('tab', { selected: true })).toHaveText('Notifications')
  await expectBadge(page, 0, 'Profile')
  await inbox.getByRole('button', { name: 'Mark unread' }).click()
  await expectBadge(page, 1, 'Profile')
  await expect(inbox.getByRole('link', { name: 'Unread: Ticket 20402' })).toBeVisible()

  await page.keyboard.press('Escape')
  await expect(inbox).toBeHidden()
  await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeVisible()
  await expect(page).toHaveURL(/\/settings\/profile/)
})

test('alerts have a tab of their own, counted apart and marked read apart', async ({ page, person }) => {
  const { username: recipient, account, call } = person
  const alert = 'Core router 2 is unreachable'
  await publishEvent(call, { accountId: account.id, recipient, title: 'Ticket 20402' })
  await publishEvent(call, { accountId: account.id, recipient, title: alert, type: 'NETWORK_ALERT' })
  await beSignedIn(page, person)
  await page.goto('/inbox')

  const inbox = page.getByRole('dialog', { name: 'Inbox' })
  await expect(inbox.getByRole('tab', { name: 'Notifications 1 unread' })).toBeVisible()
  await expect(inbox.getByRole('link', { name: alert })).toHaveCount(0)
  await inbox.getByRole('tab', { name: 'Alerts 1 unread' }).click()
  await expect(inbox.getByRole('link', { name: `Unread: ${alert}` })).toBeVisible()
  await expect(page).toHaveURL(/[?&]tab=alerts/)

  await page.reload()
  await expect(inbox.getByRole('tab', { selected: true })).toHaveText(/^Alerts/)
  await inbox.getByRole('button', { name: 'Mark all read' }).click()
  await expect(inbox.getByRole('link', { name: alert, exact: true })).toBeVisible()
  await expect(inbox.getByRole('tab', { name: 'Notifications 1 unread' })).toBeVisible()
  await expectBadge(page, 1, 'Profile')
})

test('an item that arrives while the inbox is open shows up in it', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/inbox')
  const inbox = page.getByRole('dialog', { name: 'Inbox' })
  await expect(inbox.getByText('No notifications')).toBeVisible()

  const { username: recipient, account, call } = person
  await publishEvent(call, { accountId: account.id, recipient, title: 'Ticket 20440' })
  await expect(inbox.getByRole('link', { name: 'Unread: Ticket 20440' })).toBeVisible()
  await expect(inbox.getByRole('tab', { name: 'Notifications 1 unread' })).toBeVisible()
  await expect(page.getByRole('status')).toHaveText('1 new notification')
})

function badgeOf(page: Page): Locator {
  return page.getByRole('banner').getByRole('link', { name: /^Inbox/, includeHidden: true })
}

/** The logo, the title of the tab and its icon tell the same number. */
async function expectBadge(page: Page, unread: number, pageName: string): Promise<void> {
  await expect(badgeOf(page)).toHaveAttribute('aria-label', unread ? `Inbox, ${unread} unread` : 'Inbox')
  await expect(page).toHaveTitle(`${unread ? `(${unread}) ` : ''}${pageName} · Lanyard`)
  const icon = await page.locator('link[rel="icon"]').getAttribute('href')
  const drawing = await (await page.request.get(icon ?? '')).text()
  expect(/<text[^>]*>(\d+)</.exec(drawing)?.[1]).toBe(unread ? String(unread) : undefined)
}

/** Makes a token on the page of the tokens and returns its secret. */
async function takeToken(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create token' }).click()
  const secretWindow = page.getByRole('dialog', { name: 'Store your token now' })
  const secret = await secretWindow.getByRole('textbox', { name: 'Token' }).inputValue()
  await secretWindow.getByRole('button', { name: 'Copy' }).click()
  await secretWindow.getByRole('checkbox', { name: 'I have stored it' }).check()
  await secretWindow.getByRole('button', { name: 'Confirm' }).click()
  return secret
}

/** Differs once a page has been loaded again. */
function loadTimes(...pages: Page[]): Promise<number[]> {
  return Promise.all(pages.map((page) => page.evaluate(() => performance.timeOrigin)))
}
