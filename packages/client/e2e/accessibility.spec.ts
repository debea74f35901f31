import { expect } from '@playwright/test'
import { lookAt } from './look-at.ts'
import { demoSessionFile } from './demo-session.ts'
import { beSignedIn, test } from './journey.ts'
import { goTo, scenes, words } from './scenes.ts'

// Colours on their way from one to another have contrasts that nobody sees for long.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

for (const scene of scenes) {
  test.describe(scene.name, () => {
    if (!scene.anonymous) test.use({ storageState: demoSessionFile })

    test('axe finds nothing, and nothing spills', async ({ page }) => {
      await goTo(page, scene, words.en)
      await lookAt(page)
    })
  })
}

test('axe finds nothing, and nothing spills: window of a new token, and what a new person sees', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/inbox')
  await expect(page.getByText('No notifications')).toBeVisible()
  await lookAt(page)

  await page.goto('/settings/tokens')
  await expect(page.getByText('No tokens yet')).toBeVisible()
  await lookAt(page)

  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('Wallboard')
  await page.getByRole('button', { name: 'Create token' }).click()
  await expect(page.getByRole('dialog', { name: 'Store your token now' })).toBeVisible()
  await lookAt(page)
})
