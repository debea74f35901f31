import { type Browser, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { lookAt } from './look-at.ts'
import { demoPeople, makePerson, type Person } from './make-person.ts'

// Colours on their way from one to another have contrasts that nobody sees for long.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('whoever is taken out of an account has nothing there, and the page that they look at knows at once', async ({
  page,
  person,
  browser,
  origin,
}) => {
  const { theirs, colleague } = await colleagueOf(person, browser, origin)
  await theirs.goto(`/settings/tokens?account=${person.account.id}`)
  await expect(theirs.getByText('No tokens yet')).toBeVisible()

  await beSignedIn(page, person)
  await page.goto(`/settings/members?account=${person.account.id}`)
  await expect(rowOf(page, colleague)).toContainText('Administrator')
  await expect(rowOf(page, person)).toContainText('You')
  await rowOf(page, colleague)
    .getByRole('button', { name: /^Remove from account/ })
    .click()
  const question = page.getByRole('dialog')
  await expect(question.getByRole('button', { name: 'Change nothing' })).toBeFocused()
  await lookAt(page)
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(rowOf(page, colleague).getByRole('button', { name: /^Remove from account/ })).toBeFocused()
  await rowOf(page, colleague)
    .getByRole('button', { name: /^Remove from account/ })
    .click()
  await question.getByRole('button', { name: 'Remove from account' }).click()
  await expect(rowOf(page, colleague)).toHaveCount(0)
  await expect(page.getByText('1 member', { exact: true })).toBeVisible()

  await expect(theirs.getByText('You belong to no account yet.')).toBeVisible()
  await theirs.reload()
  await expect(theirs.getByText('You belong to no account yet.')).toBeVisible()
  await expect(theirs.getByText(person.account.name)).toHaveCount(0)
  await theirs.context().close()
})

test('a super admin disables somebody, whom no page serves any more, and enables them again', async ({
  page,
  person,
  browser,
  origin,
}) => {
  const { theirs, colleague } = await colleagueOf(person, browser, origin)
  await theirs.goto('/settings/profile')
  await expect(theirs.getByRole('heading', { level: 1 })).toBeVisible()

  await beSignedIn(page, person)
  await page.goto(`/settings/members?account=${person.account.id}`)
  await rowOf(page, colleague)
    .getByRole('button', { name: /^Disable / })
    .click()
  await lookAt(page)
  await page.getByRole('button', { name: 'Disable user' }).click()
  await expect(rowOf(page, colleague)).toContainText('Disabled')
  await expect(theirs.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await theirs.goto('/settings/profile')
  await expect(theirs).toHaveURL(/\/sign-in/)

  await rowOf(page, colleague)
    .getByRole('button', { name: /^Enable / })
    .click()
  await page.getByRole('button', { name: 'Enable user' }).click()
  await expect(rowOf(page, colleague)).not.toContainText('Disabled')
  await beSignedIn(theirs, colleague)
  await theirs.goto('/settings/profile')
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText(colleague.name)
  await theirs.context().close()
})

test('a member leaves after a question, and goes on without the account', async ({
  person,
  browser,
  origin,
}) => {
  const { theirs, colleague } = await colleagueOf(person, browser, origin)
  await theirs.goto(`/settings/members?account=${person.account.id}`)
  await expect(rowOf(theirs, person)).toContainText('stays until somebody else does')
  await expect(rowOf(theirs, person).getByRole('button', { name: /^Remove from account/ })).toHaveCount(0)
  await theirs.getByRole('button', { name: 'Leave…' }).click()
  const question = theirs.getByRole('dialog', { name: `Leave ${person.account.name}?` })
  await expect(question.getByRole('button', { name: 'Stay' })).toBeFocused()
  await lookAt(theirs)
  await question.getByRole('button', { name: 'Leave', exact: true }).click()

  await expect(theirs).toHaveURL(/\/settings\/profile$/)
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText(colleague.name)
  await expect(theirs.getByRole('link', { name: 'Members' })).toHaveCount(0)
  await theirs.goto(`/settings/members?account=${person.account.id}`)
  await expect(theirs.getByText('You belong to no account yet.')).toBeVisible()
  await theirs.context().close()
})

test('a plain member finds themselves, the owner and the way out', async ({ page }) => {
  await beSignedIn(page, demoPeople.member)
  await page.goto('/settings/members')
  await expect(page.getByText(`The account is owned by ${demoPeople.admin.name}.`)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'Leave…' })).toBeVisible()
  await lookAt(page)
})

/** Somebody else of the person's account, in a browser of their own. */
async function colleagueOf(
  person: Person,
  browser: Browser,
  origin: string,
): Promise<{ colleague: Person; theirs: Page }> {
  const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce' })
  const colleague = await makePerson(context.request, person.account.name)
  return { colleague, theirs: await context.newPage() }
}

function rowOf(page: Page, { username }: { username: string }) {
  return page
    .getByRole('list', { name: 'Members' })
    .getByRole('listitem')
    .filter({ hasText: `@${username}` })
}
