import { expect } from '@playwright/test'
import { demoSessionFile } from './demo-session.ts'
import { test } from './journey.ts'
import { demoPeople } from './make-person.ts'
import { publishEvent } from './server-calls.ts'

test.use({ storageState: demoSessionFile })

test('an address with nothing behind it says so and leads back', async ({ page }) => {
  for (const path of ['/nothing/here', '/settings/nothing', '/settings/profile/x']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found')
    await expect(page).toHaveTitle(/Page not found · Lanyard$/)
  }
  await page.getByRole('link', { name: 'Go to your profile' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(demoPeople.admin.name)
})

test('the account of somebody else in the address shows nothing of it', async ({ page, person }) => {
  for (const account of [person.account.id, 'not-an-id', '']) {
    await page.goto(`/settings/tokens?account=${account}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Personal access tokens')
    await expect(page.getByRole('main')).toContainText(/Acme Networks|Northwind Fibre/)
    await expect(page.getByText(person.account.name)).toHaveCount(0)
  }
})

test('an item that is not there, or not one’s own, says so beside the list', async ({ page, person }) => {
  const { username: recipient, account, call } = person
  await publishEvent(call, { accountId: account.id, recipient, title: 'For Robin only' })
  const { me } = (await call('{ me { notifications { nodes { id } } } }')) as {
    me: { notifications: { nodes: { id: string }[] } }
  }
  const loaded: string[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loaded.push(new URL(request.url()).pathname)
  })

  for (const id of ['not-an-id', '00000000-0000-7000-8000-000000000000', me.notifications.nodes[0]?.id]) {
    await page.goto(`/inbox/${id}`)
    const inbox = page.getByRole('dialog', { name: 'Inbox' })
    await expect(inbox.getByText('This notification is not there any more')).toBeVisible()
    await expect(inbox.getByRole('heading', { name: 'Inbox' })).toBeVisible()
    await expect(page.getByText('For Robin only')).toHaveCount(0)
    expect(loaded.splice(0)).toEqual([`/inbox/${id}`])
  }
})

test('a page whose data does not come says so and offers to try again', async ({ page }) => {
  await page.route('/graphql', (route) =>
    route.fulfill({
      status: 200,
      json: {
        data: { me: null },
        errors: [{ message: 'x', extensions: { code: 'INTERNAL', requestId: 'req-42' } }],
      },
    }),
  )
  await page.goto('/settings/profile')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page could not be shown')
  await expect(page.getByRole('main')).toContainText('The server failed. Request req-42.')

  await page.unroute('/graphql')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(demoPeople.admin.name)
})
