import { type Page, expect } from '@playwright/test'
import { OidcProviderStandIn } from '../../server/test/stand-ins/oidc-provider.ts'
import { codeOf } from './authenticator-app.ts'
import { lookAt } from './look-at.ts'
import { beSignedIn, test } from './journey.ts'

// Colours on their way from one to another have contrasts that nobody sees for long.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('an account that requires two factors closes to who has none, leads to the set-up, and opens again', async ({
  page,
  context,
  person,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await beSignedIn(page, person)
  await page.goto(`/settings/sign-in?account=${person.account.id}`)
  const required = page.getByRole('switch', { name: 'Require two-factor authentication' })
  await expect(page.getByText('it closes to you as well')).toBeVisible()
  await page.getByText('Require two-factor authentication', { exact: true }).click()

  await expect(page.getByText(`${person.account.name} asks for two-factor authentication`)).toBeVisible()
  await expect(page.getByRole('banner').getByText('Closed', { exact: true })).toBeVisible()
  await expect(required).toBeHidden()
  await lookAt(page)
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Set up two-factor authentication' }).click()
  const tab = await opened
  await setUpTwoFactor(tab)
  await lookAt(tab)

  await comeBackTo(page)
  await expect(required).toBeChecked()
  await tab.getByRole('link', { name: `go back to ${person.account.name}` }).click()
  await expect(tab.getByRole('switch', { name: 'Require two-factor authentication' })).toBeChecked()
})

test.describe('with an identity provider', () => {
  // The provider is another host, and has no icon.
  test.use({ toleratedComplaint: /^asked another host: http:\/\/127\.0\.0\.1:|status of 404/ })

  test('single sign-on is set up, tried and enabled, and members come through it, with what they typed', async ({
    page,
    person,
    origin,
    browser,
  }) => {
    await using provider = await OidcProviderStandIn.listen({
      redirectUri: `${origin}/sso/oidc/callback`,
      port: Number(process.env['LANYARD_E2E_PROVIDER_PORT']),
    })
    const signInName = person.username.replace('.', '-')
    await beSignedIn(page, person)
    await page.goto(`/settings/sign-in?account=${person.account.id}`)

    // Set up, tried in a tab of its own, and enabled.
    await addConnection(page, provider, 'First provider')
    await lookAt(page)
    await testAndEnable(page, provider, 'First provider')
    await page.getByRole('textbox', { name: 'Name' }).fill(signInName)
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText(`${origin}/sso/${signInName}`)).toBeVisible()

    // Somebody whom only the provider knows.
    const theirs = await browser.newContext({ baseURL: origin })
    const member = await theirs.newPage()
    provider.person = {
      sub: `member-${signInName}`,
      email: `member.${signInName}@example.com`,
      email_verified: true,
      name: 'Kim Tallis',
    }
    await member.goto(`/sso/${signInName}`)
    await expect(member.getByRole('link', { name: 'Profile of Kim Tallis' })).toBeVisible()
    await expect(member.getByRole('link', { name: 'Sign-in', exact: true })).toHaveCount(0)
    await member.goto(`/settings/tokens?account=${person.account.id}`)
    await member.getByRole('button', { name: 'New token' }).click()
    await member.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Wallboard')

    // Another provider takes its place while they type, which their page learns by itself.
    await addConnection(page, provider, 'Second provider')
    await testAndEnable(page, provider, 'Second provider')
    provider.person = { ...provider.person, sub: `member-${signInName}` }
    await expect(member.getByText(`${person.account.name} asks for its own sign-in`)).toBeVisible()
    await lookAt(member)
    const opened = theirs.waitForEvent('page')
    await member.getByRole('link', { name: `Sign in through ${person.account.name}` }).click()
    const tab = await opened
    await expect(tab.getByRole('heading', { name: 'Personal access tokens' })).toBeVisible()

    await comeBackTo(member)
    await expect(member.getByRole('dialog').getByRole('textbox', { name: 'Name' })).toHaveValue('Wallboard')
    await member.getByRole('button', { name: 'Create token' }).click()
    await expect(member.getByRole('dialog', { name: 'Store your token now' })).toBeVisible()
    await theirs.close()

    await expect(page.getByText('Access tokens of everybody')).toBeVisible()
  })
})

async function addConnection(page: Page, provider: OidcProviderStandIn, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add connection' }).click()
  const form = page.getByRole('dialog', { name: 'Add connection' })
  await form.getByRole('textbox', { name: 'Name' }).fill(name)
  await form.getByLabel('Issuer').fill(provider.issuer)
  await form.getByLabel('Client ID').fill(provider.clientId)
  await form.getByLabel('Client secret', { exact: true }).fill(provider.clientSecret)
  await form.getByRole('checkbox', { name: 'Make people when they first sign in' }).check()
  await form.getByRole('button', { name: 'Add connection' }).click()
  await expect(form).toBeHidden()
  await expect(page.getByText('Not tested as it is now')).toBeVisible()
}

async function testAndEnable(page: Page, provider: OidcProviderStandIn, name: string): Promise<void> {
  provider.person = { sub: `tester-of-${name}` }
  const opened = page.context().waitForEvent('page')
  await page.getByRole('link', { name: `Test ${name} in a new tab` }).click()
  const tab = await opened
  await expect(tab.getByRole('heading', { name: 'Test passed' })).toBeVisible()
  await tab.close()
  await comeBackTo(page)
  await expect(page.getByText('Tested, not enabled')).toBeVisible()
  await page.getByRole('button', { name: `Enable ${name}` }).click()
  const question = page.getByRole('dialog', { name: `Enable single sign-on through ${name}?` })
  await expect(question.getByRole('button', { name: 'Not yet' })).toBeFocused()
  await question.getByRole('button', { name: 'Enable single sign-on' }).click()
  await expect(page.getByText('Enabled: members come through it')).toBeVisible()
}

async function setUpTwoFactor(page: Page): Promise<void> {
  const twoFactor = page.getByRole('region', { name: 'Two-factor authentication', exact: true })
  await twoFactor.getByRole('button', { name: 'Set up' }).click()
  await twoFactor.getByRole('button', { name: 'Copy' }).click()
  await twoFactor.getByRole('checkbox', { name: 'I have stored them' }).check()
  await twoFactor.getByRole('button', { name: 'Continue' }).click()
  const key = (await twoFactor.getByLabel('Key', { exact: true }).textContent())?.replaceAll(' ', '') ?? ''
  await twoFactor.getByRole('button', { name: 'Continue' }).click()
  await twoFactor.getByRole('textbox', { name: 'Six digits' }).fill(codeOf(key))
  await page.keyboard.press('Enter')
  await expect(twoFactor.getByText('Two-factor authentication was enabled successfully')).toBeVisible()
}

/** A browser without a screen gives every tab the focus at once, and tells none that it came back. */
async function comeBackTo(page: Page): Promise<void> {
  await page.bringToFront()
  await page.evaluate(() => dispatchEvent(new Event('focus')))
}
