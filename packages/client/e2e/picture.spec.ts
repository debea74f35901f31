import { expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('a picture is chosen, seen before it is saved, shown wherever its owner is, and removed', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  const panel = page.getByRole('region', { name: 'My Info' })
  const profileLink = page.getByRole('link', { name: /^Profile of / })
  const open = () => page.getByRole('button', { name: 'Update info' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  const save = dialog.getByRole('button', { name: 'Save' })
  const input = dialog.locator('input[type=file]')
  await expect(profileLink.locator('img')).toHaveCount(0)

  await open()
  await expect(dialog.getByRole('button', { name: 'Remove picture' })).toHaveCount(0)
  await input.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await expect(dialog.getByRole('alert')).toContainText('This file is not a picture that can be read.')

  // As large as a photograph, and larger than the server takes: the page makes it small.
  await input.setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await photograph() })
  await expect(dialog.locator('canvas')).toBeVisible()
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await save.click()
  await expect(dialog).toBeHidden()

  const address = await panel.locator('img').getAttribute('src')
  for (const picture of [panel.locator('img'), profileLink.locator('img')]) {
    await expect(picture).toBeVisible()
    const width = () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)
    await expect.poll(width).toBeGreaterThan(0)
  }
  const response = await page.request.get(address ?? '')
  expect([response.status(), response.headers()['content-type']]).toEqual([200, 'image/webp'])

  await page.goto('/settings/activity')
  await expect(page.getByText('You changed your picture')).toBeVisible()
  await expect(page.getByRole('main').locator(`img[src="${address}"]`).first()).toBeVisible()

  await page.goto('/settings/profile')
  await open()
  await dialog.getByRole('button', { name: 'Remove picture' }).click()
  await save.click()
  await expect(dialog).toBeHidden()
  await expect(profileLink.locator('img')).toHaveCount(0)
  expect((await page.request.get(address ?? '')).status()).toBe(404)

  /** Drawn by the browser of the journey itself, 5,000 pixels wide. */
  async function photograph(): Promise<Buffer> {
    const base64 = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(5000, 1000)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('this browser draws nothing')
      context.fillStyle = 'teal'
      context.fillRect(0, 0, 5000, 1000)
      context.fillStyle = 'gold'
      context.fillRect(2000, 0, 1000, 1000)
      const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    })
    return Buffer.from(base64, 'base64')
  }
})
