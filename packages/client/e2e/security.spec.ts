import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Page, expect } from '@playwright/test'
import { codeOf, readQrCode } from './authenticator-app.ts'
import { lookAt } from './look-at.ts'
import { beSignedIn, test } from './journey.ts'
import { type Person, password } from './make-person.ts'
import { caughtText, codeMessage } from './outbox.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

const trustedDocuments = new URL('../src/graphql/trusted-documents.json', import.meta.url)
const newPassword = 'river lamp anchor 2026'

// Colours on their way from one to another have contrasts that nobody sees for long.
test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('two-factor authentication is set up after fresh proof, asked for at the next sign-in, and turned off', async ({
  page,
  context,
  person,
  playwright,
  origin,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await beSignedIn(page, person)
  await askForProofOnce(page, 'StartTwoFactorSetup')
  await page.goto('/settings/security')
  const twoFactor = page.getByRole('region', { name: 'Two-factor authentication', exact: true })
  await twoFactor.getByRole('button', { name: 'Set up' }).click()

  const question = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(question.getByLabel('Password', { exact: true })).toBeFocused()
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await expect(question.getByRole('alert')).toContainText('That is not your password.')
  await question.getByLabel('Password', { exact: true }).fill(password)
  // A wrong one makes the next wait for a moment.
  await expect(async () => {
    await page.keyboard.press('Enter')
    await expect(question).toBeHidden({ timeout: 1_500 })
  }).toPass()

  await expect(twoFactor.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')).toHaveCount(
    16,
  )
  await twoFactor.getByRole('button', { name: 'Copy' }).click()
  const codes = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
  expect(codes).toHaveLength(16)
  await twoFactor.getByRole('checkbox', { name: 'I have stored them' }).check()
  await twoFactor.getByRole('button', { name: 'Continue' }).click()

  const key = (await twoFactor.getByLabel('Key', { exact: true }).textContent())?.replaceAll(' ', '') ?? ''
  await page.emulateMedia({ colorScheme: 'dark' })
  const scanned = new URL((await readQrCode(twoFactor.getByRole('img', { name: /QR code/ }))) ?? '')
  expect(scanned.protocol).toBe('otpauth:')
  expect(scanned.searchParams.get('secret')).toBe(key)
  await twoFactor.getByRole('button', { name: 'Continue' }).click()
  await expect(twoFactor.getByRole('textbox', { name: 'Six digits' })).toBeFocused()
  await page.keyboard.type(codeOf(key))
  await page.keyboard.press('Enter')
  await expect(twoFactor.getByText('Two-factor authentication was enabled successfully')).toBeVisible()
  await expect(twoFactor.getByText(/^16 left/)).toBeVisible()
  expect(await page.content()).not.toContain(key)
  expect(await page.content()).not.toContain(codes[0])

  const other = await playwright.request.newContext({ baseURL: origin })
  const signedIn = await other.post('/graphql', {
    data: {
      query: 'mutation ($input: SignInInput!) { signIn(input: $input) { status secondFactors } }',
      variables: { input: { login: person.username, password } },
    },
  })
  expect(await signedIn.json()).toMatchObject({
    data: { signIn: { status: 'SECOND_FACTOR_REQUIRED', secondFactors: expect.arrayContaining(['TOTP']) } },
  })
  await other.dispose()

  await twoFactor.getByRole('button', { name: 'Turn off…' }).click()
  const turnOff = page.getByRole('dialog', { name: 'Turn off two-factor authentication' })
  await turnOff.getByLabel('Password', { exact: true }).fill(password)
  await turnOff.getByLabel('Code').fill('000000')
  await turnOff.getByRole('button', { name: 'Turn off' }).click()
  await expect(turnOff.getByRole('alert')).toContainText('It is still on.')
  await turnOff.getByLabel('Code').fill(codeOf(key, 1))
  await turnOff.getByRole('button', { name: 'Turn off' }).click()
  await expect(twoFactor.getByRole('button', { name: 'Set up' })).toBeVisible()
})

test('axe finds nothing, and nothing spills: the question for proof and the set-up of two factors', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await askForProofOnce(page, 'StartTwoFactorSetup')
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Set up' }).click()
  await expect(page.getByRole('dialog', { name: 'Confirm that it is you' })).toBeVisible()
  await lookAt(page)
  await page.getByRole('dialog').getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')

  await page.getByRole('button', { name: 'Download' }).click()
  await page.getByRole('checkbox', { name: 'I have stored them' }).check()
  await lookAt(page)
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  await lookAt(page)
})

test('a passkey is made by the browser, named, used as proof, and removed', async ({ page, person }) => {
  await addAuthenticator(page)
  await beSignedIn(page, person)
  await page.goto('/settings/security')
  const passkeys = page.getByRole('region', { name: 'Passkeys' })
  await expect(passkeys.getByText('No passkeys yet')).toBeVisible()

  await passkeys.getByRole('button', { name: 'Add a passkey' }).click()
  await expect(passkeys.getByText(/^Passkey “.+” added/)).toBeVisible()
  await passkeys.getByRole('button', { name: 'Give it another name' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Desk')
  await page.keyboard.press('Enter')
  await expect(passkeys.getByRole('listitem')).toContainText('Desk')

  await askForProofOnce(page, 'RemovePasskey')
  await passkeys.getByRole('button', { name: 'More for Desk' }).click()
  await page.getByRole('menuitem', { name: 'Remove…' }).click()
  await page.getByRole('button', { name: 'Remove passkey' }).click()
  await page
    .getByRole('dialog', { name: 'Confirm that it is you' })
    .getByRole('button', { name: 'Use a passkey', exact: true })
    .click()
  await expect(passkeys.getByText('No passkeys yet')).toBeVisible()
})

test('another session is ended at its row, and is refused at once', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/security')
  const sessions = page.getByRole('region', { name: 'Where you are signed in' })
  await expect(sessions.getByRole('listitem')).toHaveCount(2)
  await expect(sessions.getByRole('listitem').first()).toContainText('This one')
  expect(await person.call('{ me { username } }')).toMatchObject({ me: { username: person.username } })

  await sessions.getByRole('listitem').nth(1).getByRole('button').click()
  await expect(sessions.getByRole('listitem')).toHaveCount(1)
  await expect(person.call('{ me { accountUsers { id } } }')).resolves.toEqual({ me: null })
})

test('a new password ends every session, here too, and signs in', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/security')
  await page.getByLabel('Current password').fill(password)
  await page.getByLabel('New password', { exact: true }).fill(person.username)
  await page.getByLabel('New password again').fill(person.username)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByLabel('New password', { exact: true })).toBeFocused()

  await page.getByLabel('New password', { exact: true }).fill(newPassword)
  await page.getByLabel('New password again').fill(newPassword)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('Your password is changed, and you are signed out everywhere.')).toBeVisible()
  await expect(person.call('{ me { id } }')).resolves.toEqual({ me: null })

  await page.getByLabel('Username or email').fill(person.username)
  await page.getByLabel('Password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('link', { name: `Profile of ${person.name}` })).toBeVisible()
})

test('the password is changed in Update info with everything else', async ({ page, person }) => {
  await beSignedIn(page, person)
  await page.goto('/settings/profile')
  await page.getByRole('button', { name: 'Update info' }).click()
  const dialog = page.getByRole('dialog', { name: 'Update info' })
  await dialog.getByRole('textbox', { name: 'Public name' }).fill('Robin at the desk')
  await dialog.getByRole('button', { name: 'Change password…' }).click()
  await expect(dialog.getByText('Saving a new password signs you out everywhere, here too.')).toBeVisible()
  await dialog.getByLabel('Current password').fill(password)
  await dialog.getByLabel('New password', { exact: true }).fill(newPassword)
  await dialog.getByLabel('New password again').fill(newPassword)
  await dialog.getByRole('button', { name: 'Save' }).click()

  await expect(page.getByText('Your password is changed, and you are signed out everywhere.')).toBeVisible()
  await page.getByLabel('Username or email').fill(person.username)
  await page.getByLabel('Password', { exact: true }).fill(newPassword)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('region', { name: 'My Info' })).toContainText('Robin at the desk')
})

test('locking everything asks first, ends every session, and says what comes next', async ({
  page,
  person,
}) => {
  await beSignedIn(page, person)
  await page.goto('/settings/security')
  await page.getByRole('button', { name: 'Lock everything…' }).click()
  const question = page.getByRole('dialog', { name: 'Lock everything?' })
  await expect(question.getByRole('button', { name: 'Change nothing' })).toBeFocused()
  await expect(question).toContainText(`${person.username}@example.com`)
  await lookAt(page)
  await question.getByRole('button', { name: 'Lock everything' }).click()

  await expect(page.getByText('A link for a new password is in your mail')).toBeVisible()
  await expect(person.call('{ me { id } }')).resolves.toEqual({ me: null })
  await page.goto('/settings/security')
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('an email that is removed still gets the link for a new password, and both pages say so', async ({
  page,
  person,
  origin,
}) => {
  const first = `${person.username}@example.com`
  const second = `robin.${randomUUID().slice(0, 8)}@example.com`
  await haveAsPrimary(person, origin, second)
  await beSignedIn(page, person)
  await page.goto('/settings/contacts')
  await page.getByRole('button', { name: `More for ${first}` }).click()
  await page.getByRole('menuitem', { name: 'Remove…' }).click()
  const removal = page.getByRole('dialog', { name: `Remove ${first}?` })
  await expect(removal).toContainText('For 7 days it can still be used to take your user back.')
  await lookAt(page)
  await removal.getByRole('button', { name: 'Remove email' }).click()
  await expect(removal).toBeHidden()

  await page.goto('/settings/security')
  const removed = page.getByRole('region', { name: 'Removed emails' })
  await expect(removed.getByRole('listitem')).toContainText(`${first}Removed today`)
  await expect(removed.getByRole('button', { name: `Forget it now: ${first}` })).toBeDisabled()
  await lookAt(page)
  await page.getByRole('button', { name: 'Lock everything…' }).click()
  const question = page.getByRole('dialog', { name: 'Lock everything?' })
  await expect(question).toContainText(`goes to ${first}.`)
  await question.getByRole('button', { name: 'Lock everything' }).click()
  await expect(page.getByText('A link for a new password is in your mail')).toBeVisible()
  expect(await caughtText(origin, first, '/reset-password#')).toContain('Set a new password')
})

/** A second email, proven and primary, so that the first may be removed. */
async function haveAsPrimary(person: Person, origin: string, address: string): Promise<void> {
  const added = await person.call(
    'mutation ($input: AddEmailInput!) { addEmail(input: $input) { email { id } } }',
    { input: { address } },
  )
  // The document above asks for exactly this.
  const { addEmail } = added as { addEmail: { email: { id: string } } }
  const emailId = addEmail.email.id
  const { code } = await codeMessage(origin, address)
  await person.call(
    'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { email { id } } }',
    { input: { emailId, code } },
  )
  await person.call(
    'mutation ($input: SetPrimaryEmailInput!) { setPrimaryEmail(input: $input) { email { id } } }',
    { input: { emailId } },
  )
}

/**
 * Answers one operation once as the server does when the session was proven too long ago: a journey cannot wait ten
 * minutes. Everything after that is the server's own.
 */
async function askForProofOnce(page: Page, operationName: string): Promise<void> {
  const documents: Record<string, string> = JSON.parse(await readFile(trustedDocuments, 'utf8'))
  const [id] =
    Object.entries(documents).find(([, text]) => text.includes(`mutation ${operationName}`)) ?? []
  let asked = false
  await page.route('**/graphql', async (route) => {
    const isIt = route
      .request()
      .postData()
      ?.includes(id ?? 'no such document')
    if (!isIt || asked) return route.fallback()
    asked = true
    return route.fulfill({ json: { errors: [{ message: '', extensions: { code: 'STEP_UP_REQUIRED' } }] } })
  })
}
