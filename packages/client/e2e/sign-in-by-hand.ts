import type { Page } from '@playwright/test'
import { password as firstPassword } from './make-person.ts'

/** Fills in the sign-in page, which is open. */
export async function signInByHand(
  page: Page,
  username: string,
  password: string = firstPassword,
): Promise<void> {
  await page.getByLabel('Username or email').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
