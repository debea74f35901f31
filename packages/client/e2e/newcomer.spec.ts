import { type Page, expect } from '@playwright/test'
import { test } from './journey.ts'
import { demoPeople } from './make-person.ts'
import { signInByHand } from './sign-in-by-hand.ts'

const { admin } = demoPeople

test('a newcomer signs in with the demonstration and sees who they are and how they are reached', async ({
  page,
}) => {
  await page.goto('/')
  await expect(page).toHaveURL('/sign-in')
  await signInByHand(page, admin.username)

  await expect(page).toHaveURL(/\/settings\/profile/)
  const info = page.getByRole('region', { name: 'My Info' })
  await expect(info).toMatchAriaSnapshot(`
    - heading "Mara Lindqvist" [level=1]
    - text: My Info
    - paragraph:
      - text: Signed in until
      - time
      - text: /· Chrome on \\w+/
    - button "Log out"
    - button "Update info"
    - term: Name
    - definition: Mara Lindqvist
    - term: Username
    - definition: admin
    - term: Public name
    - definition: Mara at Acme
    - term: Role
    - definition: Super Admin Global
  `)
  await expect(page.getByRole('list', { name: 'Contact information' })).toMatchAriaSnapshot(`
    - listitem:
      - link "mara.lindqvist@example.com":
        - /url: mailto:mara.lindqvist@example.com
      - text: Primary Verified
    - listitem:
      - link:
        - /url: tel:+12025550142
      - text: Primary Verified
  `)
})

test('a person of several accounts sees the roles of the chosen one, which the address carries', async ({
  page,
}) => {
  await page.goto('/')
  await signInByHand(page, demoPeople.member.username)
  const role = page.getByRole('region', { name: 'My Info' }).getByRole('definition').last()

  await chooseAccount(page, 'Northwind Fibre')
  await expect(role).toHaveText('Technician Northwind Fibre')
  await expect(page.getByRole('navigation', { name: 'Settings' })).toContainText('In Northwind Fibre')

  await chooseAccount(page, 'Acme Networks')
  await expect(role).toHaveText('Dispatcher Acme Networks')
  await expect(page).toHaveURL(/\?account=/)
  const addressInAcme = page.url()

  await chooseAccount(page, 'Northwind Fibre')
  await expect(role).toHaveText('Technician Northwind Fibre')
  await page.goto(addressInAcme)
  await expect(role).toHaveText('Dispatcher Acme Networks')
})

test('the avatar leads to the profile from every page, and a page that was asked for is shown after signing in', async ({
  page,
  person,
}) => {
  await page.goto('/settings/activity')
  await expect(page).toHaveURL('/sign-in?next=%2Fsettings%2Factivity')
  await signInByHand(page, person.username)

  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
  await expect(page).toHaveTitle('Activity · Lanyard')
  await page.getByRole('link', { name: `Profile of ${person.name}` }).click()
  await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeFocused()
})

test('sign-in leads to pages of this server only', async ({ page, person }) => {
  for (const next of ['https://example.com/', '//example.com/', '/\\example.com/', 'javascript:alert(1)']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await signInByHand(page, person.username)
    await expect(page).toHaveURL('/settings/profile')
    // The page is left first: without its cookie it would leave for the sign-in page by itself, in the middle of ours.
    await page.goto('about:blank')
    await page.context().clearCookies()
  }
})

test('a wrong password is refused in words, and both fields keep what was typed', async ({ page }) => {
  // Nobody of this name: the wait after a wrong password is counted by name, and nobody else should wait.
  await page.goto('/sign-in')
  await page.getByLabel('Username or email').fill('nobody.of.this.name')
  await page.getByLabel('Password', { exact: true }).fill('a wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect(page.getByRole('alert')).toHaveText('That username and password do not match.')
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('a wrong password')
  await expect(page.getByLabel('Username or email')).toHaveValue('nobody.of.this.name')
})

test('the sign-in page speaks the language chosen on it', async ({ page }) => {
  await page.goto('/sign-in')
  for (const [language, title] of [
    ['Español', 'Iniciar sesión'],
    ['Français', 'Se connecter'],
    ['Deutsch', 'Anmelden'],
    ['Nederlands', 'Inloggen'],
    ['English', 'Sign in'],
  ] as const) {
    await page.getByRole('button', { name: language }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
    await expect(page.getByRole('button', { name: language })).toHaveAttribute('aria-pressed', 'true')
  }
})

async function chooseAccount(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Switch account' }).click()
  await page.getByRole('menuitemradio', { name }).click()
}
