import { expect } from '@playwright/test'
import { lengths } from '@lanyard/contract/limits'
import { beSignedIn, test } from './journey.ts'

test('names are changed together; a refusal names the field, focuses it and keeps everything typed', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Update info' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  const name = dialog.getByRole('textbox', { name: 'Name', exact: true })
  const username = dialog.getByRole('textbox', { name: 'Username' })
  const publicName = dialog.getByRole('textbox', { name: 'Public name' })
  const save = dialog.getByRole('button', { name: 'Save' })
  const refusal = dialog.getByRole('alert')
  await expect(name).toBeFocused()

  await publicName.fill('Robin at the desk')
  await username.fill('robin aldersey')
  await save.click()
  await expect(refusal).toHaveText('Nothing was saved. One field needs you.')
  await expect(username).toBeFocused()
  await expect(username).toHaveAccessibleDescription(/Use letters, digits, dots, dashes and underscores/)
  await expect(username).toHaveValue('robin aldersey')
  await expect(publicName).toHaveValue('Robin at the desk')

  await username.fill('admin')
  await save.click()
  await expect(refusal).toHaveText('Nothing was saved. Somebody else has this username.')
  await expect(username).toBeFocused()

  await username.fill(person.username)
  await name.fill('   ')
  await save.click()
  await expect(name).toBeFocused()
  await expect(name).toHaveAccessibleDescription('Fill this in.')
  await expect(publicName).toHaveValue('Robin at the desk')

  await name.fill('R'.repeat(lengths.name + 1))
  await expect(name).toHaveValue('R'.repeat(lengths.name))
  await name.fill('Robin A. Aldersey')
  await save.click()
  await expect(dialog).toBeHidden()
  const facts = page.getByRole('region', { name: 'My Info' }).getByRole('definition')
  await expect(facts).toContainText(['Robin A. Aldersey', person.username, 'Robin at the desk'])
  await expect(page.getByRole('link', { name: 'Profile of Robin A. Aldersey' })).toBeVisible()

  await page.reload()
  await expect(facts).toContainText(['Robin A. Aldersey', person.username, 'Robin at the desk'])
})

test('closing Update info changes nothing', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Update info' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  await dialog.getByRole('textbox', { name: 'Public name' }).fill('Somebody else')
  await page.keyboard.press('Escape')

  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Update info' })).toBeFocused()
  await expect(page.getByRole('region', { name: 'My Info' })).not.toContainText('Somebody else')
})
