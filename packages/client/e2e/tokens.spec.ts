import { type Locator, type Page, expect } from '@playwright/test'
import { tokenPattern, tokensPerAccountUser } from '@lanyard/contract/limits'
import { beSignedIn, test } from './journey.ts'
import type { Person } from './make-person.ts'
import { withToken } from './server-calls.ts'

test('a new token is shown once, in a window that closes only when it has been taken along', async ({
  page,
  context,
  person,
  origin,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await beSignedIn(page, person)
  await page.goto('/settings/tokens')
  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog', { name: 'New token' })

  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(form.getByRole('alert')).toContainText('Nothing was saved.')
  await expect(form.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription(/Fill this in\./)

  await form.getByRole('textbox', { name: 'Name' }).fill('Ticket bridge')
  await form.getByRole('button', { name: 'Create token' }).click()

  const secretWindow = page.getByRole('dialog', { name: 'Store your token now' })
  const copy = secretWindow.getByRole('button', { name: 'Copy' })
  const stored = secretWindow.getByRole('checkbox', { name: 'I have stored it' })
  const confirm = secretWindow.getByRole('button', { name: 'Confirm' })
  await expect(copy).toBeFocused()
  const secret = await secretWindow.getByRole('textbox', { name: 'Token' }).inputValue()
  expect(secret).toMatch(tokenPattern)

  await page.keyboard.press('Escape')
  await page.mouse.click(5, 5)
  await expect(secretWindow).toBeVisible()
  await expect(stored).toBeDisabled()
  await expect(confirm).toBeDisabled()

  await copy.click()
  await expect(secretWindow.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
  await expect(confirm).toBeDisabled()
  await stored.check()
  await confirm.click()
  await expect(secretWindow).toBeHidden()

  const row = rowOf(page, 'Ticket bridge')
  await expect(row).toContainText('Read and write')
  await expect(row).toContainText(`…${secret.slice(-4)}`)
  await expect(row).toContainText('never')
  expect(await everythingKeptBy(page)).not.toContain(secret.slice(0, -4))

  await withToken(origin, secret)('{ me { username } }')
  // It is written a moment after the answer.
  await expect(async () => {
    await page.reload()
    await expect(row).toContainText('Read and write')
    await expect(row).not.toContainText('never', { timeout: 500 })
  }).toPass()
  expect(await everythingKeptBy(page)).not.toContain(secret.slice(0, -4))
})

test('a deleted token is refused at once, after a question whose safe answer has the focus', async ({
  page,
  person,
  origin,
}) => {
  const secret = await makeToken(person, 'Old script')
  await makeToken(person, 'Wallboard')
  await beSignedIn(page, person)
  await page.goto('/settings/tokens')
  const question = page.getByRole('dialog', { name: 'Delete the token “Old script”?' })

  await page.getByRole('button', { name: 'Delete Old script' }).click()
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(question).toBeHidden()
  await expect(page.getByRole('button', { name: 'Delete Old script' })).toBeFocused()
  await withToken(origin, secret)('{ me { username } }')

  await page.getByRole('button', { name: 'Delete Old script' }).click()
  await question.getByRole('button', { name: 'Delete token' }).click()
  await expect(question).toBeHidden()
  await expect(rowOf(page, 'Old script')).toHaveCount(0)
  await expect(rowOf(page, 'Wallboard')).toBeVisible()
  await expect(page.getByRole('button', { name: 'New token' })).toBeFocused()

  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ me { username } }' }),
  })
  expect(answer.status).toBe(401)
})

test('the last token that fits is made, and the next one is refused with the way out', async ({
  page,
  person,
}) => {
  for (let made = 0; made < tokensPerAccountUser; made += 1) await makeToken(person, `Script ${made}`)
  await beSignedIn(page, person)
  await page.goto('/settings/tokens')
  await expect(page.getByText(`${tokensPerAccountUser} of ${tokensPerAccountUser}.`)).toBeVisible()

  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog', { name: 'New token' })
  await form.getByRole('textbox', { name: 'Name' }).fill('One too many')
  await form.getByRole('button', { name: 'Create token' }).click()
  await expect(form.getByRole('alert')).toHaveText(
    `Nothing was saved. There are ${tokensPerAccountUser} tokens already. Delete one first.`,
  )
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue('One too many')
})

function rowOf(page: Page, tokenName: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: tokenName }) })
}

async function makeToken({ call, accountUserId }: Person, name: string): Promise<string> {
  const data = await call(
    'mutation ($input: CreatePersonalAccessTokenInput!) { createPersonalAccessToken(input: $input) { token } }',
    { input: { accountUserId, name } },
  )
  // The document above asks for exactly this.
  return (data as { createPersonalAccessToken: { token: string } }).createPersonalAccessToken.token
}

/** The document with what its fields hold, and every store in which a page can leave something behind. */
function everythingKeptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map(
      ({ value }) => value,
    )
    const databases = await indexedDB.databases()
    const caches = await window.caches.keys()
    return JSON.stringify([
      document.documentElement.outerHTML,
      fields,
      { ...localStorage },
      { ...sessionStorage },
      history.state,
      document.cookie,
      databases,
      caches,
    ])
  })
}
