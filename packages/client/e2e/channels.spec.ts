import { type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('default channels are saved as they are ticked, and are there again after a reload', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/contacts')
  const section = page.getByRole('region', { name: 'Default channels' })
  const email = section.getByRole('checkbox', { name: 'Email' })
  await expect(email).toHaveAccessibleDescription(`${person.username}@example.com`)
  await expect(section.getByRole('checkbox', { name: 'WhatsApp' })).toHaveAccessibleDescription(
    'Verify a phone first.',
  )

  const before = await email.isChecked()
  await email.setChecked(!before)
  await expect(section.getByText('Saved', { exact: true })).toBeVisible()
  await page.reload()
  await expect(email).toBeChecked({ checked: !before })

  await section.getByRole('link', { name: 'Link Slack' }).click()
  await expect(page).toHaveURL(/#devices$/)
  await expect(page.getByRole('region', { name: 'Devices and Slack' })).toBeInViewport()
})

test('a browser that does not allow notifications says so, and nothing is registered', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/contacts')
  await page.getByRole('button', { name: 'Register this device' }).click()

  await expect(page.getByRole('alert')).toContainText(
    'This browser does not allow notifications from Lanyard.',
  )
  await expect(page.getByText('No device and no Slack yet')).toBeVisible()
})

test.describe('with the permission for notifications', () => {
  test.use({
    permissions: ['notifications'],
    // Chromium has no pushes in the profiles of these journeys, and says so. And it says which policy it refused.
    toleratedComplaint:
      /does not support the Push API in incognito mode|TrustedTypePolicy|trusted-types|TrustedScriptURL/,
  })

  test('the push worker starts under the policy of the page, which trusts no other script address', async ({
    page,
    origin,
    person,
  }) => {
    await beSignedIn(page, person)
    await page.goto('/settings/contacts')
    await page.getByRole('button', { name: 'Register this device' }).click()
    await expect.poll(() => workerState(page)).toBe(`activated ${origin}/push-worker.js`)

    const attempt = (address: string) =>
      page.evaluate(
        (address) => navigator.serviceWorker.register(address).then(String, (error: Error) => error.name),
        address,
      )
    expect(await attempt('/push-worker.js')).toBe('TypeError')
    const again = page.evaluate(() =>
      Reflect.get(window, 'trustedTypes').createPolicy('push-worker', {
        createScriptURL: () => '/other.js',
      }),
    )
    await expect(again).rejects.toThrow(/TypeError/)
  })
})

/** The worker of this page, as the browser knows it. */
function workerState(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const worker = (await navigator.serviceWorker.getRegistration())?.active
    return `${worker?.state} ${worker?.scriptURL}`
  })
}
