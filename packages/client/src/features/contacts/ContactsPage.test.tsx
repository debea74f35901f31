import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { createContacts, emailDouble, phoneDouble, proofBy } from '../../test/contacts-double.ts'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { ContactsPage } from './ContactsPage.tsx'

const lately = () => new Date(Date.now() - 3_600_000).toISOString()
const verifiedAt = '2025-03-14T08:00:00Z'
const works = {
  lastDeliveredAt: lately(),
  lastFailedAt: null,
  lastFailedReason: null,
  lastFailedDetail: null,
}
const rule = { id: 'r1', name: 'Nights', accountName: 'Acme Networks' }

const primaryEmail = () =>
  emailDouble({ id: 'e1', address: 'mara@example.com', primary: true, verifiedAt, health: works })
const blockedEmail = () =>
  emailDouble({
    id: 'e2',
    address: 'mara@fieldops.example.com',
    verifiedAt,
    blockedAt: '2026-11-03T11:02:00Z',
    blockedReason: 'BOUNCE',
    blockedDetail: '550 5.1.1 mailbox does not exist',
  })
const primaryPhone = () =>
  phoneDouble({ id: 'p1', number: '+12025550142', primary: true, verifiedAt, health: works })
const newPhone = (triesLeft = 5, nextCodeInMinutes = 0) =>
  phoneDouble({ id: 'p2', number: '+12025550178', proof: proofBy('SMS', triesLeft, nextCodeInMinutes) })

type Owned = Parameters<typeof createContacts>[0]

function openPage(owned: Partial<Owned> = {}, path = '/settings/contacts') {
  const server = createContacts({ emails: [primaryEmail()], phones: [primaryPhone()], ...owned })
  return { server, ...renderPage(<ContactsPage />, { server, path }) }
}

const row = async (address: RegExp | string) => {
  const items = (await screen.findAllByText(address)).map((text) => text.closest('li'))
  const item = items.find((found) => found !== null)
  if (!item) throw new Error('An address stands in a list.')
  return within(item)
}
const sent = (server: ReturnType<typeof createContacts>, operation: string) =>
  server.received.filter(({ operationName }) => operationName === operation)

test('the page begins with what needs the person, and whether the rest works', async () => {
  openPage({ emails: [primaryEmail(), blockedEmail()], phones: [primaryPhone(), newPhone()] })

  expect(await screen.findByText('2 of 4 addresses need you')).toBeTruthy()
  expect(
    screen.getByText(
      'One email is blocked and one phone is not verified. 2 others worked in the last 24 hours, so messages still reach you.',
    ),
  ).toBeTruthy()
})

test('what is not known is not called good', async () => {
  const quiet = { ...works, lastDeliveredAt: null }
  openPage({ emails: [{ ...primaryEmail(), health: quiet }], phones: [] })

  expect(await screen.findByText('Your address is proven')).toBeTruthy()
  expect(screen.getByText('Nothing was delivered in the last 24 hours.')).toBeTruthy()
  expect(screen.getByText('No phone yet')).toBeTruthy()
})

test('a blocked address quotes the carrier, and is proven again by a code', async () => {
  const { server, user } = openPage({ emails: [primaryEmail(), blockedEmail()] })
  const blocked = await row('mara@fieldops.example.com')
  expect(blocked.getByText('Blocked')).toBeTruthy()
  expect(blocked.getByText(/Mail bounced on/).textContent).toBe(
    'Mail bounced on 3 Nov 2026, 11:02: 550 5.1.1 mailbox does not exist. Nothing more is sent here until you prove it again.',
  )

  await user.click(blocked.getByRole('button', { name: 'Prove again' }))
  const field = await blocked.findByRole('textbox', { name: /six digits we sent to mara@fieldops/ })
  await waitFor(() => expect(document.activeElement).toBe(field))
  await user.type(field, '418205{Enter}')

  expect(await blocked.findByText('Email proven')).toBeTruthy()
  expect(blocked.getByText('Verified')).toBeTruthy()
  expect(sent(server, 'VerifyEmail')).toMatchObject([
    { variables: { input: { emailId: 'e2', code: '418205' } } },
  ])
})

test('a new email is refused beside its field, and what was typed stays', async () => {
  const { user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Add email' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Add email' }))
  const field = dialog.getByRole<HTMLInputElement>('textbox', { name: 'Email' })
  await user.type(field, 'nowhere')
  await user.click(dialog.getByRole('button', { name: 'Send code' }))

  expect((await dialog.findByRole('alert')).textContent).toContain('Nothing was saved.')
  expect(dialog.getByText('This is not an email address.')).toBeTruthy()
  expect([field.value, document.activeElement]).toEqual(['nowhere', field])
})

test('a new email waits for its code, in a field that has the focus', async () => {
  const { user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Add email' }))
  await user.type(screen.getByRole('textbox', { name: 'Email' }), 'mara.private@example.com')
  await user.click(screen.getByRole('button', { name: 'Send code' }))

  const added = await row('mara.private@example.com')
  expect(added.getByText('Not verified')).toBeTruthy()
  const field = added.getByRole('textbox', { name: /six digits we sent to mara.private@example.com/ })
  await waitFor(() => expect(document.activeElement).toBe(field))
  expect(field.getAttribute('autocomplete')).toBe('one-time-code')
  expect(added.getByText(/Valid until/).textContent).toMatch(
    /^Valid until \d\d:\d\d\. 5 tries left\. New code in [01]:\d\d\. Send a new code$/,
  )
  expect(added.getByRole<HTMLButtonElement>('button', { name: 'Send a new code' }).disabled).toBe(true)
})

test('a wrong code costs a try, and a pasted one may have blanks', async () => {
  const { user } = openPage({ phones: [newPhone()] })
  const phone = await row('+1 202 555 0178')
  const field = phone.getByRole<HTMLInputElement>('textbox')
  await user.type(field, '000000')
  await user.click(phone.getByRole('button', { name: 'Verify' }))

  expect((await phone.findByRole('alert')).textContent).toBe(
    'That is not the code. Look at the newest message.',
  )
  expect(await phone.findByText(/4 tries left/)).toBeTruthy()
  expect(document.activeElement).toBe(field)

  await user.clear(field)
  await user.paste('418 205')
  expect(field.value).toBe('418205')
  await user.click(phone.getByRole('button', { name: 'Verify' }))
  expect(await phone.findByText('Phone verified successfully')).toBeTruthy()
  expect(phone.queryByRole('textbox')).toBeNull()
  expect(document.activeElement).toBe(phone.getByRole('button', { name: 'Send test…' }))
})

test('after the last try no code is taken, and the page says until when', async () => {
  openPage({ phones: [newPhone(0)] })
  const phone = await row('+1 202 555 0178')
  expect(phone.getByText('Too many wrong codes. Try again tomorrow.')).toBeTruthy()
  expect(phone.getByRole<HTMLInputElement>('textbox').disabled).toBe(true)
  expect(phone.queryByRole('button', { name: 'Send a new code' })).toBeNull()
})

test('a code comes by a call instead, on channels that this server has', async () => {
  const { server, user } = openPage({ phones: [newPhone()], unconfigured: ['WHATSAPP'] })
  const phone = await row('+1 202 555 0178')
  expect(phone.queryByRole('button', { name: 'Use WhatsApp' })).toBeNull()
  await user.click(phone.getByRole('button', { name: 'Call me instead' }))

  expect(await phone.findByRole('textbox', { name: /told you by calling/ })).toBeTruthy()
  expect(sent(server, 'ResendPhoneCode')).toMatchObject([
    { variables: { input: { phoneId: 'p2', channel: 'VOICE' } } },
  ])
})

test('a new phone is sent as its country writes it, with the wish how the code comes', async () => {
  const { server, user } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Add phone' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Add phone' }))
  await waitFor(() =>
    expect(dialog.getByRole<HTMLInputElement>('combobox', { name: 'Country' }).value).toBe(
      'United States (+1)',
    ),
  )
  const number = dialog.getByRole<HTMLInputElement>('textbox', { name: 'Number' })
  await user.type(number, '2125550178')
  expect(number.value).toBe('(212) 555-0178')
  await user.click(dialog.getByRole('radio', { name: 'Call' }))
  await user.click(dialog.getByRole('button', { name: 'Send code' }))

  expect(
    await (await row('+1 212 555 0178')).findByRole('textbox', { name: /told you by calling/ }),
  ).toBeTruthy()
  expect(sent(server, 'AddPhone')).toMatchObject([
    { variables: { input: { number: '+12125550178', channel: 'VOICE' } } },
  ])
})

test('the link of a mail fills the code in, and nothing is proven before a click', async () => {
  const unproven = emailDouble({ id: 'e3', address: 'new@example.com', proof: proofBy('EMAIL') })
  const { server, router, user } = openPage(
    { emails: [primaryEmail(), unproven] },
    '/settings/contacts?account=a1&verify=e3#code=418205',
  )
  const linked = await row('new@example.com')
  const field = linked.getByRole<HTMLInputElement>('textbox')
  expect(field.value).toBe('418205')
  await waitFor(() => expect(document.activeElement).toBe(field))
  expect(sent(server, 'VerifyEmail')).toEqual([])
  expect(router.state.location).toMatchObject({ search: '?account=a1', hash: '' })

  await user.click(linked.getByRole('button', { name: 'Verify' }))
  expect(await linked.findByText('Email proven')).toBeTruthy()
})

test("the link of somebody else's mail says so", async () => {
  openPage({}, '/settings/contacts?verify=e9#code=418205')
  expect(await screen.findByText(/an email that is not in your list/)).toBeTruthy()
})

test('who came to prove something is led back to where they came from', async () => {
  const { router, user } = openPage(
    { phones: [newPhone()] },
    '/settings/contacts?return=%2Fsettings%2Fprofile',
  )
  const phone = await row('+1 202 555 0178')
  await user.type(phone.getByRole('textbox'), '418205')
  await user.click(phone.getByRole('button', { name: 'Verify' }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(router.state.location.state).toEqual({ proven: 'PHONE' })
})

test('the last proven email stays, and says why', async () => {
  const { user } = openPage({ emails: [primaryEmail(), newEmail()] })
  await user.click(await screen.findByRole('button', { name: 'More for mara@example.com' }))

  const remove = await screen.findByRole<HTMLButtonElement>('menuitem', { name: /Remove/ })
  expect(remove.disabled).toBe(true)
  expect(remove.textContent).toContain('This is your last proven email, so it stays.')
  expect(screen.getByRole('menuitem', { name: 'Show deliveries' }).getAttribute('href')).toBe(
    '/settings/contacts/deliveries?address=e1',
  )
})

test('removing shows what goes with it, and keeping is the safe answer', async () => {
  const other = phoneDouble({ id: 'p2', number: '+12025550178', verifiedAt, namedInRules: [rule] })
  const { user } = openPage({ phones: [primaryPhone(), other] })
  const menu = await screen.findByRole('button', { name: /More for .*178/ })
  await user.click(menu)
  await user.click(await screen.findByRole('menuitem', { name: 'Remove…' }))
  const dialog = within(await screen.findByRole('dialog', { name: /Remove .*178/ }))
  expect(dialog.getByText('One rule names it:')).toBeTruthy()
  expect(dialog.getByText('Nights · Acme Networks')).toBeTruthy()
  expect(dialog.getByText(/They will use .*142 instead\./)).toBeTruthy()

  await user.click(dialog.getByRole('button', { name: 'Keep it' }))
  await waitFor(() => expect(document.activeElement).toBe(menu))
  await user.click(menu)
  await user.click(await screen.findByRole('menuitem', { name: 'Remove…' }))
  await user.click(await screen.findByRole('button', { name: 'Remove phone' }))
  await waitFor(() => expect(screen.queryByText('+1 202 555 0178')).toBeNull())
})

test('removing the only phone names the default channels that lose it', async () => {
  const { user } = openPage({ notificationChannels: ['SMS', 'VOICE', 'EMAIL'] })
  await user.click(await screen.findByRole('button', { name: /More for .*142/ }))
  await user.click(await screen.findByRole('menuitem', { name: 'Remove…' }))

  expect(
    await screen.findByText('It is the only address of these default channels: Text message and Call.'),
  ).toBeTruthy()
})

test('another proven email is made primary; one that is not proven cannot be', async () => {
  const second = emailDouble({ id: 'e2', address: 'second@example.com', verifiedAt })
  const { user } = openPage({ emails: [primaryEmail(), second, newEmail()] })
  await user.click(await screen.findByRole('button', { name: 'More for new@example.com' }))
  expect((await screen.findByRole('menuitem', { name: /Make primary/ })).textContent).toContain(
    'Prove this address first.',
  )
  await user.keyboard('{Escape}')
  await user.click(screen.getByRole('button', { name: 'More for second@example.com' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Make primary' }))

  expect(await (await row('second@example.com')).findByText('Primary')).toBeTruthy()
})

test('a test goes over the channel that was chosen', async () => {
  const { server, user } = openPage({ unconfigured: ['WHATSAPP'] })
  const phone = await row('+1 202 555 0142')
  await user.click(phone.getByRole('button', { name: 'Send test…' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Call' }))

  expect(await phone.findByText('Test call')).toBeTruthy()
  expect(sent(server, 'SendTestNotification')).toMatchObject([
    { variables: { input: { channel: 'VOICE', addressId: 'p1' } } },
  ])
})

test('STOP leaves the channels that it did not stop, and says how to undo it', async () => {
  const stopped = {
    ...primaryPhone(),
    blockedAt: '2026-11-03T11:02:00Z',
    blockedReason: 'OPTED_OUT',
    blockedChannels: ['SMS'],
  }
  const { user } = openPage({ phones: [stopped], unconfigured: ['WHATSAPP'] })
  const phone = await row('+1 202 555 0142')
  expect(phone.getByText('Opted out')).toBeTruthy()
  expect(phone.getByText(/Answer START from this phone, or prove it again\./)).toBeTruthy()
  await user.click(phone.getByRole('button', { name: 'Prove again' }))
  expect(await phone.findByRole('textbox', { name: /told you by calling/ })).toBeTruthy()
})

test('a server without carriers says why nothing can be added', async () => {
  openPage({ unconfigured: ['EMAIL', 'SMS', 'VOICE', 'WHATSAPP'] })
  const add = await screen.findByRole<HTMLButtonElement>('button', { name: 'Add email' })
  expect(add.disabled).toBe(true)
  expect(screen.getByText('This server sends no mail, so no address can be proven here.')).toBeTruthy()
  expect(screen.getByText(/sends no texts and makes no calls, so no phone can be proven/)).toBeTruthy()
})

test('contacts that could not be read can be asked for again', async () => {
  let down = true
  const server = createServerDouble({
    me: () => {
      if (down) throw refusal('INTERNAL', { requestId: '7f3c-91ab' })
      return null
    },
  })
  const { user } = renderPage(<ContactsPage />, { server })
  expect((await screen.findByRole('alert')).textContent).toContain('Request 7f3c-91ab.')
  down = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})

function newEmail() {
  return emailDouble({ id: 'e9', address: 'new@example.com' })
}
