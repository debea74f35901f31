import { type Page, expect } from '@playwright/test'
import { SamlProvider } from '../../server/test/stand-ins/saml-provider.ts'
import { beSignedIn, test } from './journey.ts'

// The provider is another host, and has no icon.
test.use({ toleratedComplaint: /^asked another host: http:\/\/127\.0\.0\.1:|status of 404/ })

test('a SAML provider is set up from its metadata, tried and enabled, and members come through it and leave by it', async ({
  page,
  person,
  origin,
  browser,
}) => {
  const { account } = person
  await using provider = await SamlProvider.create()
  await provider.listen(Number(process.env['LANYARD_E2E_SAML_PORT']))
  provider.person = { nameId: 'administrator' }
  const signInName = person.username.replace('.', '-')
  await beSignedIn(page, person)
  await page.goto(`/settings/sign-in?account=${account.id}`)

  // Set up, with what is to be entered at the provider.
  await page.getByRole('button', { name: 'Add connection' }).click()
  const form = page.getByRole('dialog', { name: 'Add connection' })
  await form.getByRole('textbox', { name: 'Name' }).fill('SAML provider')
  await form.getByText('SAML 2.0').click()
  await form.getByLabel('Address of the metadata').fill(`${provider.url}/metadata`)
  await form.getByRole('checkbox', { name: 'Make people when they first sign in' }).check()
  await form.getByRole('button', { name: 'Add connection' }).click()
  await expect(form).toBeHidden()
  await expect(page.getByText(/\/sso\/saml\/[\w-]+\/acs$/)).toBeVisible()
  await expect(page.getByText('Not tested as it is now')).toBeVisible()

  await testConnection(page, 'Test passed')
  await page.getByRole('button', { name: 'Enable SAML provider' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Enable single sign-on' }).click()
  await expect(page.getByText('Enabled: members come through it')).toBeVisible()
  await page.getByRole('textbox', { name: 'Name' }).fill(signInName)
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(`${origin}/sso/${signInName}`)).toBeVisible()

  // Somebody whom only the provider knows comes, is let out there as well, and comes again.
  const theirs = await browser.newContext({ baseURL: origin })
  const member = await theirs.newPage()
  provider.person = {
    nameId: `member-${signInName}`,
    attributes: { email: `member.${signInName}@example.com`, displayName: 'Kim Tallis' },
  }
  const profile = member.getByRole('link', { name: 'Profile of Kim Tallis' })
  await member.goto(`/sso/${signInName}?next=/settings/profile`)
  await expect(profile).toBeVisible()
  await expect(member).toHaveURL('/settings/profile')
  await member.getByRole('button', { name: 'Profile, theme and logging out' }).click()
  await member.getByRole('menuitem', { name: 'Log out…' }).click()
  await member.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
  await expect(member.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  expect(provider.requests.map(({ path }) => path)).toContain('/logout')
  await member.goto(`/sso/${signInName}`)
  await expect(profile).toBeVisible()

  // An answer that is meant for somebody else.
  provider.person = { ...provider.person, audience: 'https://other.example.com' }
  await testConnection(page, 'Test failed')
  const stranger = await (await browser.newContext({ baseURL: origin })).newPage()
  await stranger.goto(`/sso/${signInName}`)
  const refusal = stranger.getByRole('alert')
  await expect(refusal).toContainText(`You are not signed in through ${account.name}.`)
  await expect(refusal).toContainText('gave an answer that cannot be trusted')

  // The page says nothing that only its address says.
  await member.goto('about:blank')
  await theirs.clearCookies()
  await member.goto('/sign-in?sso=SSO_REFUSED&account=Call+%2B1+202+555+0142')
  await expect(member.getByRole('alert')).toContainText('You are not signed in through your organisation.')
  await expect(member.getByText('555')).toHaveCount(0)
  await stranger.context().close()
  await theirs.close()
})

/** In a tab of its own, as it opens there. */
async function testConnection(page: Page, outcome: string): Promise<void> {
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: 'Test SAML provider in a new tab' }).click()
  const tab = await opened
  await expect(tab.getByRole('heading', { name: outcome })).toBeVisible()
  await tab.close()
  await page.bringToFront()
  // A browser without a screen gives every tab the focus at once, and tells none that it came back.
  await page.evaluate(() => dispatchEvent(new Event('focus')))
}
