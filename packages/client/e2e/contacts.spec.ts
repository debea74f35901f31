import { randomInt, randomUUID } from 'node:crypto'
import { type Locator, type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import { bounceMail } from './mail-carrier.ts'
import type { Person } from './make-person.ts'
import { codeMessage } from './outbox.ts'
import { signInByHand } from './sign-in-by-hand.ts'

test('an email and a phone are added, and proven by the codes that were sent to them', async ({
  page,
  person,
  origin,
}) => {
  await openContacts(page, person)
  await expect(page.getByText('Your address is proven')).toBeVisible()

  const address = await addEmail(page)
  const email = rowOf(page, address)
  await expect(codeField(email)).toBeFocused()
  const mail = await codeMessage(origin, address)
  await page.keyboard.type(anotherThan(mail.code))
  await page.keyboard.press('Enter')
  await expect(email.getByRole('alert')).toHaveText('That is not the code. Look at the newest message.')
  await expect(email).toContainText('4 tries left.')
  await expect(codeField(email)).toBeFocused()
  await page.keyboard.type(mail.code)
  await page.keyboard.press('Enter')
  await expect(email).toContainText('Email proven')
  await expect(email).toContainText('Verified')
  await expect(email.getByRole('button', { name: 'Send test' })).toBeFocused()

  const number = `312 555 01${String(randomInt(100)).padStart(2, '0')}`
  await page.getByRole('button', { name: 'Add phone' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add phone' })
  await expect(dialog.getByRole('combobox', { name: 'Country' })).toHaveValue('United States (+1)')
  await dialog.getByRole('textbox', { name: 'Number' }).pressSequentially(number)
  await dialog.getByText('Call', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Send code' }).click()
  const phone = rowOf(page, `+1 ${number}`)
  const call = await codeMessage(origin, `+1${number.replaceAll(' ', '')}`)
  expect(call.channel).toBe('VOICE')
  // As it would be pasted.
  await codeField(phone).fill(`${call.code.slice(0, 3)} ${call.code.slice(3)}`)
  await phone.getByRole('button', { name: 'Verify' }).click()
  await expect(phone).toContainText('Phone verified successfully')

  await phone.getByRole('button', { name: 'Send test…' }).click()
  await page.getByRole('menuitem', { name: 'WhatsApp' }).click()
  await expect(phone).toContainText(/Test WhatsApp.*→sent .*→delivered/)
  await expect(page.getByText('All 3 addresses are proven')).toBeVisible()
})

test('the link of a mail leads through the sign-in to its code, and proves nothing before a click', async ({
  page,
  person,
  origin,
}) => {
  await openContacts(page, person)
  const address = await addEmail(page)
  const { text, code } = await codeMessage(origin, address)
  const link = /http\S+/.exec(text)?.[0] ?? ''
  await page.context().clearCookies()

  await page.goto(link)
  await signInByHand(page, person.username)
  const email = rowOf(page, address)
  await expect(codeField(email)).toHaveValue(code)
  await expect(codeField(email)).toBeFocused()
  await expect(email).toContainText('Not verified')
  expect(page.url()).not.toContain(code)
  await email.getByRole('button', { name: 'Verify' }).click()
  await expect(email).toContainText('Email proven')
})

test('an address from which mail came back is blocked with the words of the other server, and proven again', async ({
  page,
  person,
  origin,
}) => {
  await openContacts(page, person)
  const address = await addEmail(page)
  const email = rowOf(page, address)
  const mail = await codeMessage(origin, address)
  await page.keyboard.type(mail.code)
  await page.keyboard.press('Enter')
  await expect(email).toContainText('Email proven')

  await bounceMail(origin, mail, '550 5.1.1 mailbox does not exist')
  await page.reload()
  await expect(page.getByText('1 of 2 addresses needs you')).toBeVisible()
  await expect(email).toContainText('Blocked')
  await expect(email).toContainText(/Mail bounced on .*: 550 5\.1\.1 mailbox does not exist\./)
  await email.getByRole('button', { name: 'Prove again' }).click()
  await expect(codeField(email).or(email.getByRole('alert'))).toBeVisible()
})

test('who removes an address is asked first, and is not parted from the last proven email', async ({
  page,
  person,
}) => {
  await openContacts(page, person)
  const address = await addEmail(page)
  await page.getByRole('button', { name: `More for ${person.username}@example.com` }).click()
  await expect(page.getByRole('menuitem', { name: /^Remove/ })).toBeDisabled()
  await expect(page.getByRole('menuitem', { name: /^Remove/ })).toContainText('so it stays')
  await page.keyboard.press('Escape')

  const more = page.getByRole('button', { name: `More for ${address}` })
  await more.click()
  await page.getByRole('menuitem', { name: 'Remove…' }).click()
  // It never was proven, so it never led back.
  await expect(page.getByRole('dialog')).not.toContainText('take your user back')
  await page.getByRole('button', { name: 'Keep it' }).click()
  await expect(more).toBeFocused()
  await more.click()
  await page.getByRole('menuitem', { name: 'Remove…' }).click()
  await page.getByRole('button', { name: 'Remove email' }).click()
  await expect(rowOf(page, address)).toHaveCount(0)
})

async function openContacts(page: Page, person: Person): Promise<void> {
  await beSignedIn(page, person)
  await page.goto('/settings/contacts')
}

async function addEmail(page: Page): Promise<string> {
  const address = `robin.${randomUUID().slice(0, 8)}@example.com`
  await page.getByRole('button', { name: 'Add email' }).click()
  await page.getByRole('textbox', { name: 'Email' }).fill(address)
  await page.getByRole('dialog').getByRole('button', { name: 'Send code' }).click()
  await expect(codeField(rowOf(page, address))).toBeVisible()
  return address
}

function rowOf(page: Page, address: string): Locator {
  return page.getByRole('main').getByRole('listitem').filter({ hasText: address })
}

function codeField(row: Locator): Locator {
  return row.getByRole('textbox', { name: /six digits/ })
}

function anotherThan(code: string): string {
  return code === '000000' ? '000001' : '000000'
}
