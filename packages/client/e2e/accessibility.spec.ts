import { type Page, expect } from '@playwright/test'
import { axeFindings } from './axe-findings.ts'
import { demoSessionFile } from './demo-session.ts'
import { beSignedIn, test } from './journey.ts'
import { goTo, scenes, words } from './scenes.ts'
import { expectNothingSpilt } from './spilt-content.ts'

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

/** On a desk and on a phone, in both themes. */
async function lookAt(page: Page): Promise<void> {
  for (const viewport of [desk, phone]) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect.soft(await axeFindings(page), `${colorScheme}, ${viewport.width} wide`).toEqual([])
    }
    await expectNothingSpilt(page, `${viewport.width} wide`)
  }
  await page.setViewportSize(desk)
}

const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
