import { type Locator, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'

test('the history tells who changed what, with the values before and after on demand', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await person.call('mutation { updateProfile(input: { publicName: "Robin at the desk" }) { me { id } } }')
  await person.call(
    'mutation { updatePreferences(input: { language: NL, timeZone: "Europe/Berlin" }) { me { id } } }',
  )
  await person.call('mutation { updatePreferences(input: { language: EN }) { me { id } } }')
  await page.goto('/settings/activity')

  const profileChange = entry(page, 'You changed your profile')
  await expect(profileChange.getByRole('definition')).toHaveCount(0)
  await profileChange.getByRole('button').click()
  await expect(profileChange.getByRole('button')).toHaveAttribute('aria-expanded', 'true')
  await expect(profileChange.getByRole('term')).toHaveText('Public name')
  await expect(profileChange.getByRole('deletion')).toHaveText(`before: ${person.name}`)
  await expect(profileChange.getByRole('insertion')).toHaveText('after: Robin at the desk')

  const preferenceChange = entry(page, 'You changed your preferences').last()
  await preferenceChange.getByRole('button').click()
  await expect(preferenceChange.getByRole('term')).toHaveText(['Language', 'Time zone'])
  await expect(preferenceChange.getByRole('insertion')).toHaveText(['after: Dutch', 'after: Europe/Berlin'])

  // The oldest: nobody's hand, but the operator's command.
  await expect(page.getByRole('main').getByRole('listitem').last()).toContainText(
    'Lanyard created your user',
  )
})

test('what happens elsewhere is there at the next visit, newest first, and older entries on demand', async ({
  page,
  person,
}) => {
  await person.call('mutation { updatePreferences(input: { rowsPerPage: 10 }) { me { id } } }')
  for (let change = 0; change < 10; change += 1) {
    await person.call(`mutation { updateProfile(input: { publicName: "Robin ${change}" }) { me { id } } }`)
  }
  await beSignedIn(page, person)
  await page.goto('/settings/activity')
  const entries = page.getByRole('list', { name: 'Activity' }).getByRole('listitem')
  await expect(entries).toHaveCount(10)
  await expect(entries.first()).toContainText('You signed in')

  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(entries.last()).toContainText('Lanyard created your user')
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)

  await page.getByRole('link', { name: 'Notifications' }).click()
  await page.getByRole('checkbox', { name: 'Job moved, in-app' }).uncheck()
  await expect(page.getByText(/^Saved \d\d:\d\d/)).toBeVisible()
  await page.getByRole('link', { name: 'Activity' }).click()
  const newest = entry(page, `You changed which notifications you get in ${person.account.name}`)
  await newest.getByRole('button').click()
  await expect(newest.getByRole('term')).toHaveText(['Job moved', 'Account'])
  await expect(newest.getByRole('insertion')).toHaveText('after: nothing')
})

function entry(page: Page, sentence: string): Locator {
  return page.getByRole('list', { name: 'Activity' }).getByRole('listitem').filter({ hasText: sentence })
}
