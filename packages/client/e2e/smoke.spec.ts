import { expect, test } from '@playwright/test'

test('the server answers, and whoever is not signed in is asked to', async ({ page, request }) => {
  expect((await request.get('/healthz')).status()).toBe(200)

  await page.goto('/')
  await expect(page).toHaveURL(/\/sign-in/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByRole('textbox').first()).toBeEditable()
})
