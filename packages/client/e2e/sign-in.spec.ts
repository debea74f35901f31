import { type Page, expect } from '@playwright/test'
import { codeOf } from './authenticator-app.ts'
import { axeFindings } from './look-at.ts'
import { beSignedIn, test } from './journey.ts'
import { caughtText } from './outbox.ts'
import { signInByHand } from './sign-in-by-hand.ts'
import { turnOnTwoFactor } from './two-factor.ts'
import { addAuthenticator, offerNoPasskeys } from './virtual-authenticator.ts'

test('after the password a code is asked for, which a reload does not forget, and leads to the page that was wanted', async ({
  page,
  person,
}) => {
  const { secret } = await turnOnTwoFactor(person)
  await page.goto('/settings/activity')
  await signInByHand(page, person.username)
  await expect(page).toHaveURL('/sign-in/second-factor?next=%2Fsettings%2Factivity')
  await page.reload()
  await expect(page.getByLabel('Code')).toBeFocused()
  expect(await axeFindings(page)).toEqual([])
  await page.getByLabel('Code').fill('abc')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('alert')).toHaveText('Fill this in.')
  await page.getByLabel('Code').fill(codeOf(secret))

  await expect(page).toHaveURL('/settings/activity')
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
})

test('a recovery code opens the door once', async ({ page, person }) => {
  const { recoveryCodes } = await turnOnTwoFactor(person)
  const [recoveryCode = ''] = recoveryCodes
  const useIt = async () => {
    await page.goto('/sign-in')
    await signInByHand(page, person.username)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(recoveryCode)
    await page.getByRole('button', { name: 'Confirm' }).click()
  }
  await useIt()
  await expect(page).toHaveURL('/settings/profile')

  // The page is left first: without its cookie it would leave for the sign-in page by itself, in the middle of ours.
  await page.goto('about:blank')
  await page.context().clearCookies()
  await useIt()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page).toHaveURL('/sign-in/second-factor')
})

test('the second step without the first leads to the first, and says so', async ({ page }) => {
  await page.goto('/sign-in/second-factor')

  await expect(page).toHaveURL('/sign-in?done=expired')
  await expect(page.getByText('This took too long. Sign in again.')).toBeVisible()
})

test('a passkey signs in alone, where the browser offers it for the username and by its button', async ({
  page,
  person,
}) => {
  await addAuthenticator(page)
  await beSignedIn(page, person)
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(page.getByText(/^Passkey “.+” added/)).toBeVisible()
  const leave = async () => {
    await page.goto('about:blank')
    await page.context().clearCookies()
  }

  await leave()
  await page.goto('/sign-in?next=%2Fsettings%2Factivity')
  await expect(page).toHaveURL('/settings/activity')

  await leave()
  await offerNoPasskeys(page)
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL('/settings/profile')
})

test('a forgotten password is set anew by a link of a mail, which no history keeps and which works once', async ({
  page,
  person,
  origin,
}) => {
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Forgot password?' }).click()
  await page.getByLabel('Email', { exact: true }).fill(`${person.username}@example.com`)
  await page.getByRole('button', { name: 'Mail a link' }).click()
  await expect(page.getByText(/is on its way/)).toBeVisible()
  const mail = await caughtText(origin, `${person.username}@example.com`, '/reset-password#')
  const link = /http\S+\/reset-password#\S+/.exec(mail)?.[0] ?? ''

  await page.goto(link)
  await expect(page).toHaveURL('/reset-password')
  const newPassword = 'blue kettle over the river'
  await setPassword(page, newPassword)
  await expect(page).toHaveURL('/sign-in?done=reset')
  await expect(page.getByText(/^Your new password is set/)).toBeVisible()
  await signInByHand(page, person.username, newPassword)
  await expect(page).toHaveURL('/settings/profile')

  await page.goto('about:blank')
  await page.goto(link)
  await setPassword(page, 'another kettle under the bridge')
  await page.getByRole('link', { name: 'Ask for a new link' }).click()
  await expect(page).toHaveURL('/forgot-password')
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue('')
})

test('an organisation that nobody knows is refused where it was typed', async ({ page }) => {
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Sign in with your organisation' }).click()
  await page.getByLabel('Your organisation’s sign-in name').fill('acme-netwroks')
  await page.getByRole('button', { name: 'Go to your organisation' }).click()

  await expect(page.getByRole('alert')).toHaveText('No organisation signs in here under that name or link.')
  await expect(page.getByLabel('Your organisation’s sign-in name')).toHaveValue('acme-netwroks')
})

async function setPassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(password)
  await page.getByLabel('New password again').fill(password)
  await page.getByRole('button', { name: 'Set password' }).click()
}
