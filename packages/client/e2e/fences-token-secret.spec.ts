import { expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { heapOf } from './page-heap.ts'

// What records the journey keeps parts of the document in the very heap that is searched.
test.use({ trace: 'off' })

test('once its window is closed, nothing in the browser holds a new token: not the document, not the heap', async ({
  page,
  context,
  person,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await beSignedIn(page, person)
  await page.goto('/settings/tokens')
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Ticket bridge')
  await page.getByRole('button', { name: 'Create token' }).click()

  const secretWindow = page.getByRole('dialog', { name: 'Store your token now' })
  const field = secretWindow.getByRole('textbox', { name: 'Token' })
  await expect(field).toHaveAttribute('autocomplete', 'off')
  await expect(field).toHaveAttribute('spellcheck', 'false')
  // The page goes on to show the last four letters; the rest is the secret.
  const secret = (await field.inputValue()).slice(0, -4)
  expect(await heapOf(page)).toContain(secret)

  await secretWindow.getByRole('button', { name: 'Copy' }).click()
  await secretWindow.getByRole('checkbox', { name: 'I have stored it' }).check()
  await secretWindow.getByRole('button', { name: 'Confirm' }).click()
  await expect(secretWindow).toBeHidden()
  await expect(page.getByRole('rowheader', { name: 'Ticket bridge' })).toBeVisible()

  expect(await page.content()).not.toContain(secret)
  const heap = await heapOf(page)
  expect(heap).toContain('Ticket bridge')
  expect(heap.includes(secret), 'the secret in the heap').toBe(false)
})
