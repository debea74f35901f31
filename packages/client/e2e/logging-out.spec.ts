import { type Page, type Route, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { signInByHand } from './sign-in-by-hand.ts'

test('whoever chose "Last visited page" arrives there after logging out and in again', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('combobox', { name: 'Default page on login' }).click()
  await page.getByRole('option', { name: 'Last visited page' }).click()
  await page.getByRole('link', { name: 'Access tokens' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Personal access tokens' })).toBeVisible()
  await expect
    .poll(() => person.call('{ me { landingPath } }'))
    .toEqual({ me: { landingPath: `/settings/tokens?account=${person.account.id}` } })

  await logOut(page)
  await signInByHand(page, person.username)
  await expect(page).toHaveURL(`/settings/tokens?account=${person.account.id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Personal access tokens' })).toBeVisible()
})

test('logging out asks first, and afterwards neither Back nor another tab shows anything', async ({
  page,
  context,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('link', { name: 'Activity' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()
  const otherTab = await context.newPage()
  await otherTab.goto('/settings/notifications')
  await expect(otherTab.getByRole('checkbox').first()).toBeVisible()
  await page.bringToFront()

  await askToLogOut(page)
  const question = page.getByRole('dialog', { name: 'Log out of Lanyard?' })
  await expect(question.getByRole('button', { name: 'Stay signed in' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(page.getByRole('heading', { level: 1, name: 'Activity' })).toBeVisible()

  // However late the answer is, the way is that of somebody who leaves: not back to this page after signing in.
  const holdAnswer = async (route: Route) => {
    const response = await route.fetch()
    await expect(otherTab).toHaveURL(/\/sign-in/)
    await route.fulfill({ response })
  }
  await page.route('/graphql', holdAnswer, { times: 1 })
  await logOut(page)
  await expect(otherTab.getByRole('checkbox', { name: /in-app$/ })).toHaveCount(0)

  await page.goBack()
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
  await expect(page.getByText(person.name)).toHaveCount(0)
})

test('logging out leaves the person’s other sessions alone', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await logOut(page)

  expect(await person.call('{ me { name } }')).toEqual({ me: { name: person.name } })
})

async function logOut(page: Page): Promise<void> {
  await askToLogOut(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click()
  await expect(page).toHaveURL('/sign-in')
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()
}

async function askToLogOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Profile, theme and logging out' }).click()
  await page.getByRole('menuitem', { name: 'Log out…' }).click()
}
