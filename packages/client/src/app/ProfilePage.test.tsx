import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { emailDouble, phoneDouble } from '../test/contacts-double.ts'
import { demoUser } from '../test/demo-user.ts'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble, refusal } from '../test/server-double.ts'
import { CurrentAccountProvider, chooseAccount } from './current-account.tsx'
import { ProfilePage } from './ProfilePage.tsx'

afterEach(() => {
  vi.unstubAllGlobals()
})

const verifiedAt = '2026-11-01T00:00:00Z'

/** The arguments of a mutation that changes the person. */
interface Changes {
  input: Record<string, unknown>
}

function openProfile(root: Record<string, unknown>, user = demoUser()) {
  const server = createServerDouble({ me: user, ...root })
  const memberships = user.accountUsers.map(({ id, account }) => ({
    accountUserId: id,
    account,
    closed: null,
    permissions: [],
  }))
  const page = (
    <CurrentAccountProvider current={chooseAccount(memberships, 'a2', null)}>
      <ProfilePage />
    </CurrentAccountProvider>
  )
  return { ...renderPage(page, { server }), server }
}

async function openUpdateInfo(root: Record<string, unknown>, user = demoUser()) {
  const page = openProfile(root, user)
  await page.user.click(await screen.findByRole('button', { name: 'Update info' }))
  return { ...page, dialog: within(await screen.findByRole('dialog', { name: 'Update info' })) }
}

test('the page shows who one is, with the role in the chosen account', async () => {
  openProfile({})

  const panel = within(await screen.findByRole('region', { name: 'My Info' }))
  expect(panel.getByRole('heading', { level: 1 }).textContent).toBe('Mara Lindqvist')
  expect(panel.getByText('mara.lindqvist')).toBeTruthy()
  expect(panel.getByText(/Technician/)).toBeTruthy()
  expect(panel.queryByText(/Dispatcher/)).toBeNull()
  expect(panel.getByText(/Signed in until/).textContent).toBe(
    'Signed in until 30 November · Firefox on Linux',
  )
})

test('a super admin is one in every account', async () => {
  openProfile({}, demoUser({ superAdmin: true }))

  expect(await screen.findByText(/Super Admin/)).toBeTruthy()
  expect(screen.queryByText(/Technician/)).toBeNull()
})

test('selecting an address writes to it or calls it', async () => {
  openProfile({})

  expect((await screen.findByRole('link', { name: 'mara@example.com' })).getAttribute('href')).toBe(
    'mailto:mara@example.com',
  )
  expect(screen.getByRole('link', { name: /202/ }).getAttribute('href')).toBe('tel:+12025550142')
  expect(screen.getByText('Verified')).toBeTruthy()
  expect(screen.getByText('Not verified')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Enter code' }).getAttribute('href')).toBe(
    '/settings/contacts?account=a2',
  )
})

test('a blocked address is called so, and leads to where it is proven again', async () => {
  const email = emailDouble({
    id: 'e1',
    address: 'mara@example.com',
    primary: true,
    verifiedAt,
    blockedAt: '2026-11-03T00:00:00Z',
    blockedReason: 'BOUNCE',
  })
  openProfile({}, demoUser({ emails: [email] }))

  expect(await screen.findByText('Blocked')).toBeTruthy()
  expect(screen.queryByText('Verified')).toBeNull()
  expect(screen.getByRole('link', { name: 'Prove again' })).toBeTruthy()
})

test('a refused username keeps what was typed, and the focus goes to it', async () => {
  const { dialog, user } = await openUpdateInfo({
    updateProfile: () => {
      throw refusal('USERNAME_TAKEN', { field: 'username' })
    },
  })

  await user.clear(dialog.getByLabelText('Public name'))
  await user.type(dialog.getByLabelText('Public name'), 'Mara')
  await user.clear(dialog.getByLabelText('Username'))
  await user.type(dialog.getByLabelText('Username'), 'imre')
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  expect((await dialog.findByRole('alert')).textContent).toContain('Nothing was saved.')
  expect(dialog.getByLabelText('Username')).toHaveProperty('value', 'imre')
  expect(dialog.getByLabelText('Public name')).toHaveProperty('value', 'Mara')
  expect(document.activeElement).toBe(dialog.getByLabelText('Username'))
})

test('saving sends only what was changed, and closes', async () => {
  const { dialog, user, server } = await openUpdateInfo({
    updateProfile: ({ input }: Changes) => ({ me: demoUser(input) }),
  })

  await user.type(dialog.getByLabelText('Name'), ' Berg')
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Mara Lindqvist Berg')
  expect(server.received.filter(({ operationName }) => operationName.startsWith('Update'))).toEqual([
    { operationName: 'UpdateProfile', variables: { input: { name: 'Mara Lindqvist Berg' } } },
  ])
})

test('a form of which a part was saved does not say that nothing was', async () => {
  const { dialog, user } = await openUpdateInfo({
    updateProfile: ({ input }: Changes) => ({ me: demoUser(input) }),
    updatePreferences: () => {
      throw refusal('INTERNAL', { requestId: '7f3c-91ab' })
    },
  })

  await user.type(dialog.getByLabelText('Name'), ' Berg')
  await user.click(dialog.getByRole('combobox', { name: 'Language' }))
  await user.click(await screen.findByRole('option', { name: 'Deutsch' }))
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  expect((await dialog.findByRole('alert')).textContent).toBe(
    'Not everything was saved. The server failed. Request 7f3c-91ab.',
  )
})

const rule = { id: 'r1', name: 'Nights', accountName: 'Acme Networks' }

/** Somebody with three emails, of which the server keeps what it was told. */
function createOwner() {
  const emails = [
    emailDouble({ id: 'e1', address: 'mara@example.com', primary: true, verifiedAt, namedInRules: [rule] }),
    emailDouble({ id: 'e2', address: 'ml@example.com', verifiedAt }),
    emailDouble({ id: 'e3', address: 'new@example.com' }),
  ]
  const state = { refuse: undefined as Error | undefined }
  const me = demoUser({ emails: () => [...emails], notificationChannels: [] })
  const root = {
    setPrimaryEmail: ({ input }: { input: { emailId: string } }) => {
      for (const email of emails) email.primary = email.id === input.emailId
      return { email: emails[0], me }
    },
    removeEmail: ({ input }: { input: { emailId: string } }) => {
      emails.splice(
        emails.findIndex(({ id }) => id === input.emailId),
        1,
      )
      return { removedId: input.emailId, me }
    },
    addEmail: ({ input }: { input: { address: string } }) => {
      if (state.refuse) throw state.refuse
      const email = emailDouble({ id: 'e9', address: input.address })
      emails.push(email)
      return { email, me }
    },
  }
  return { me, root, state }
}

test('emails are changed with the rest: another primary, one that goes, one that comes and is proven elsewhere', async () => {
  const { me, root } = createOwner()
  const { dialog, user, server, router } = await openUpdateInfo(root, me)

  await user.click(dialog.getByRole('combobox', { name: 'Primary email' }))
  expect(screen.queryByRole('option', { name: 'new@example.com' })).toBeNull()
  await user.click(await screen.findByRole('option', { name: 'ml@example.com' }))
  await user.click(dialog.getByRole('button', { name: 'Remove mara@example.com' }))
  expect(dialog.getByText(/One rule names it: Nights\./)).toBeTruthy()
  await user.type(dialog.getByRole('textbox', { name: 'Add an email' }), 'mara@fieldops.example.com')
  expect(server.received.filter(({ operationName }) => /Email/.test(operationName))).toEqual([])
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/contacts'))
  expect(new URLSearchParams(router.state.location.search).get('return')).toBe('/settings/profile')
  expect(server.received.filter(({ operationName }) => /Email/.test(operationName))).toEqual([
    { operationName: 'SetPrimaryEmail', variables: { input: { emailId: 'e2' } } },
    { operationName: 'RemoveEmail', variables: { input: { emailId: 'e1' } } },
    { operationName: 'AddEmail', variables: { input: { address: 'mara@fieldops.example.com' } } },
  ])
})

test('what was done before a refusal is not done again', async () => {
  const { me, root, state } = createOwner()
  state.refuse = refusal('BAD_USER_INPUT', { field: 'address', reason: 'NO_MAIL_DOMAIN' })
  const { dialog, user, server } = await openUpdateInfo(root, me)
  await user.click(dialog.getByRole('button', { name: 'Remove new@example.com' }))
  const field = dialog.getByRole('textbox', { name: 'Add an email' })
  await user.type(field, 'mara@nowhere.example.com')
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  expect((await dialog.findByRole('alert')).textContent).toContain('Not everything was saved.')
  expect(dialog.getByText('This domain takes no mail.')).toBeTruthy()
  expect(document.activeElement).toBe(field)

  state.refuse = undefined
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(
    server.received.map(({ operationName }) => operationName).filter((name) => name.endsWith('Email')),
  ).toEqual(['RemoveEmail', 'AddEmail', 'AddEmail'])
})

test('a new phone is sent its code by text', async () => {
  const me = demoUser()
  const { dialog, user, server } = await openUpdateInfo(
    { addPhone: () => ({ phone: phoneDouble({ id: 'p9', number: '+12025550178' }), me }) },
    me,
  )
  await user.type(dialog.getByRole('textbox', { name: 'Add a phone' }), '+1 202 555 0178')
  await user.click(dialog.getByRole('button', { name: 'Save' }))

  await waitFor(() =>
    expect(server.received.at(-1)).toEqual({
      operationName: 'AddPhone',
      variables: { input: { number: '+1 202 555 0178', channel: 'SMS' } },
    }),
  )
})

test('a preference saves as soon as it is changed', async () => {
  const { user, server } = openProfile({
    updatePreferences: ({ input }: Changes) => ({ me: demoUser(input) }),
  })

  const emojiMode = await screen.findByRole<HTMLInputElement>('switch', { name: 'Emoji mode' })
  await user.click(emojiMode)

  expect(await screen.findAllByText('Saved')).not.toHaveLength(0)
  expect(emojiMode.checked).toBe(true)
  expect(server.received.at(-1)).toEqual({
    operationName: 'UpdatePreferences',
    variables: { input: { emojiMode: true } },
  })
})

test('which pushes stay, how they sound and what they show is chosen like any other preference', async () => {
  const { user, server } = openProfile({
    updatePreferences: ({ input }: Changes) => ({ me: demoUser(input) }),
  })

  await user.click(await screen.findByRole('combobox', { name: 'Persistent app notifications' }))
  await user.click(await screen.findByRole('option', { name: 'Critical' }))
  await user.click(screen.getByRole('combobox', { name: 'App notification sound' }))
  await user.click(await screen.findByRole('option', { name: 'Siren' }))
  await user.click(screen.getByRole('switch', { name: 'Show content on the lock screen' }))

  await waitFor(() =>
    expect(
      server.received.filter(({ operationName }) => operationName === 'UpdatePreferences'),
    ).toMatchObject([
      { variables: { input: { appNotificationPersistent: 'CRITICAL' } } },
      { variables: { input: { appNotificationSound: 'siren' } } },
      { variables: { input: { pushShowsContent: true } } },
    ]),
  )
})

test('a sound of ours can be heard before it is chosen for good; that of the device cannot, and the page says so', async () => {
  const { user } = openProfile({
    updatePreferences: ({ input }: Changes) => ({ me: demoUser(input) }),
  })
  const sound = await screen.findByRole('combobox', { name: 'App notification sound' })
  const play = screen.getByRole<HTMLButtonElement>('button', { name: 'Play the sound' })
  expect(play.disabled).toBe(true)
  expect(screen.getByText('Every device has its own, so there is nothing to play here.')).toBeTruthy()

  await user.click(sound)
  await user.click(await screen.findByRole('option', { name: 'Bugle' }))
  await waitFor(() => expect(play.disabled).toBe(false))
  await user.click(play)
  expect((await screen.findByText('This browser did not play it.')).closest('[id]')?.id).toBe(
    sound.getAttribute('aria-describedby'),
  )
})

test('a refused preference goes back, says why, and can be tried again', async () => {
  let down = true
  const { user } = openProfile({
    updatePreferences: ({ input }: Changes) => {
      if (down) throw refusal('INTERNAL', { requestId: '7f3c-91ab' })
      return { me: demoUser(input) }
    },
  })

  const emojiMode = await screen.findByRole<HTMLInputElement>('switch', { name: 'Emoji mode' })
  await user.click(emojiMode)
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy()
  expect(emojiMode.checked).toBe(false)

  down = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(emojiMode.checked).toBe(true))
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
})

test('a page that could not be read can be tried again', async () => {
  let down = true
  const { user } = openProfile({
    me: () => {
      if (down) throw refusal('INTERNAL', { requestId: '7f3c-91ab' })
      return demoUser()
    },
  })

  expect((await screen.findByRole('alert')).textContent).toContain('Request 7f3c-91ab.')
  down = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { level: 1 })).toBeTruthy()
})

test('the password is changed last of all, as it ends the session, and says so before', async () => {
  const me = demoUser({ passwordChangedAt: '2026-08-04T08:00:00Z' })
  const { user, dialog, server } = await openUpdateInfo(
    {
      updateProfile: ({ input }: Changes) => ({ me: Object.assign(me, input) }),
      changePassword: ({ input }: Changes) => {
        if (input['currentPassword'] !== 'right horse') throw refusal('CREDENTIALS_WRONG')
        return { me: null }
      },
    },
    me,
  )
  const changes = () =>
    server.received
      .map(({ operationName }) => operationName)
      .filter((name) => name === 'UpdateProfile' || name === 'ChangePassword')
  const fill = async (label: string, text: string) => {
    await user.clear(dialog.getByLabelText(label))
    await user.click(dialog.getByLabelText(label))
    await user.paste(text)
  }

  await fill('Public name', 'Mara L.')
  await user.click(dialog.getByRole('button', { name: 'Change password…' }))
  expect(dialog.getByText('Saving a new password signs you out everywhere, here too.')).toBeTruthy()
  await fill('Current password', 'wrong horse')
  await fill('New password', 'correct battery staple')
  await fill('New password again', 'correct battery')
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  expect((await dialog.findByRole('alert')).textContent).toContain(
    'Nothing was saved. The two new passwords do not match.',
  )
  expect(document.activeElement).toBe(dialog.getByLabelText('New password again'))
  expect(changes()).toEqual([])

  await fill('New password again', 'correct battery staple')
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  await waitFor(() =>
    expect(dialog.getByRole('alert').textContent).toContain(
      'Not everything was saved. That is not your password.',
    ),
  )
  expect(document.activeElement).toBe(dialog.getByLabelText('Current password'))
  expect(changes()).toEqual(['UpdateProfile', 'ChangePassword'])

  await fill('Current password', 'right horse')
  await user.click(dialog.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(changes()).toEqual(['UpdateProfile', 'ChangePassword', 'ChangePassword']))
  expect(server.received.at(-1)?.variables).toEqual({
    input: { currentPassword: 'right horse', newPassword: 'correct battery staple' },
  })
})

test('who has no password is led to where that is explained', async () => {
  const { user, dialog } = await openUpdateInfo({}, demoUser({ passwordChangedAt: null }))
  await user.click(dialog.getByRole('button', { name: 'Change password…' }))
  expect((await dialog.findByRole('link', { name: 'See Security' })).getAttribute('href')).toBe(
    '/settings/security?account=a2',
  )
  expect(dialog.queryByLabelText('New password')).toBeNull()
})
