import { screen, waitFor, within } from '@testing-library/react'
import type { UserEvent } from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import {
  createSecurity,
  newRecoveryCodes,
  passkeyDouble,
  removedEmailDouble,
  recoveryCodes,
  sessionDouble,
  totpSecret,
} from '../test/security-double.ts'
import { refusal } from '../test/server-double.ts'
import { SecurityPage } from './SecurityPage.tsx'
import { ViewerProvider } from './viewer.tsx'

function openPage(kept: Parameters<typeof createSecurity>[0] = {}, path = '/settings/security') {
  const { server, state } = createSecurity(kept)
  const viewer = { id: 'u1', name: 'Mara Lindqvist', avatarUrl: null, emojiMode: false, superAdmin: false }
  const page = (
    <ViewerProvider viewer={viewer}>
      <SecurityPage />
    </ViewerProvider>
  )
  return { ...renderPage(page, { server, path }), server, state }
}

const section = async (title: string) => within(await screen.findByRole('region', { name: title }))

/** Typing letter by letter is slow, and nothing here depends on it. */
async function fill({ clear, click, paste }: UserEvent, field: HTMLElement, text: string): Promise<void> {
  await clear(field)
  await click(field)
  await paste(text)
}

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
})

test('a changed password says before the click what ends, and is sent once the two match', async () => {
  const { user, server } = openPage()
  const password = await section('Password')
  expect(password.getByText(/Last changed/).textContent).toMatch(/4 August.* 15 characters/)
  expect(password.getByText(/Changing it signs you out everywhere, here too\./)).toBeTruthy()

  await fill(user, password.getByLabelText('Current password'), 'right horse')
  await fill(user, password.getByLabelText('New password'), 'correct battery staple')
  await fill(user, password.getByLabelText('New password again'), 'correct battery stable')
  await user.click(password.getByRole('button', { name: 'Change password' }))
  expect(password.getByText('The two do not match.')).toBeTruthy()
  expect(document.activeElement).toBe(password.getByLabelText('New password again'))
  expect(server.received.map(({ operationName }) => operationName)).not.toContain('ChangePassword')

  await fill(user, password.getByLabelText('New password again'), 'correct battery staple')
  expect(password.queryByText('The two do not match.')).toBeNull()
  await user.click(password.getByRole('button', { name: 'Change password' }))
  expect(server.received.at(-1)).toEqual({
    operationName: 'ChangePassword',
    variables: { input: { currentPassword: 'right horse', newPassword: 'correct battery staple' } },
  })
})

test.each([
  ['a wrong password', refusal('CREDENTIALS_WRONG'), 'Current password', 'That is not your password.'],
  [
    'one that is easy to guess',
    refusal('BAD_USER_INPUT', { field: 'newPassword', reason: 'GUESSABLE' }),
    'New password',
    'This is easy to guess. Use several words that have nothing to do with you.',
  ],
])('%s is named beside its field, and what was typed stays', async (_case, error, label, sentence) => {
  const { user, state } = openPage()
  const password = await section('Password')
  state.refuse = error
  await fill(user, password.getByLabelText('Current password'), 'wrong horse')
  await fill(user, password.getByLabelText('New password'), 'mara.lindqvist')
  await fill(user, password.getByLabelText('New password again'), 'mara.lindqvist')
  await user.keyboard('{Enter}')

  expect(await password.findByText(sentence)).toBeTruthy()
  expect(document.activeElement).toBe(password.getByLabelText(label))
  expect(password.getByLabelText('Current password')).toHaveProperty('value', 'wrong horse')
})

test('password managers learn whose password it is, and which is the new one', async () => {
  openPage()
  const password = await section('Password')
  const autocomplete = (label: string) => password.getByLabelText(label).getAttribute('autocomplete')
  expect(autocomplete('Current password')).toBe('current-password')
  expect(autocomplete('New password')).toBe('new-password')
  expect(autocomplete('New password again')).toBe('new-password')
  expect(password.getByDisplayValue('mara.lindqvist').getAttribute('autocomplete')).toBe('username')
})

test('who has no password learns why, and how to get one', async () => {
  openPage({ passwordChangedAt: null })
  const password = await section('Password')
  expect(password.getByText(/You have no password/)).toBeTruthy()
  expect(password.getByRole('link').getAttribute('href')).toBe('/forgot-password')
  expect(password.queryByRole('button')).toBeNull()
})

test('too many proofs through an organisation are refused without seconds to count, which an address does not carry', async () => {
  openPage({}, '/settings/security?sso=RATE_LIMITED')
  expect((await screen.findByRole('alert')).textContent).toBe(
    'There were too many tries. Wait a few minutes, then try again.',
  )
})

test('proof through an organisation that failed is explained', async () => {
  openPage({}, '/settings/security?sso=SSO_UNAVAILABLE')
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Your organisation’s sign-in does not answer. Try again later.',
  )
})

test('two-factor authentication is set up in three steps, one open at a time, and nothing of it stays behind', async () => {
  const { user, server, client } = openPage({ requiredBy: [{ id: 'a1', name: 'Acme Networks' }] })
  const twoFactor = await section('Two-factor authentication')
  expect(twoFactor.getByText('Required by Acme Networks')).toBeTruthy()
  await user.click(twoFactor.getByRole('button', { name: 'Set up' }))

  const codes = within(await twoFactor.findByRole('list', { name: 'Recovery codes' }))
  expect(codes.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(recoveryCodes)
  expect(twoFactor.getByText('Being set up')).toBeTruthy()
  expect(twoFactor.queryByRole('img')).toBeNull()
  expect(twoFactor.getByRole('button', { name: 'Continue' })).toHaveProperty('disabled', true)
  expect(twoFactor.getByRole('checkbox', { name: /I have stored them/ })).toHaveProperty('disabled', true)
  await user.click(twoFactor.getByRole('button', { name: 'Copy' }))
  expect(await navigator.clipboard.readText()).toBe(recoveryCodes.join('\n'))
  await user.click(twoFactor.getByRole('checkbox', { name: /I have stored them/ }))
  await user.click(twoFactor.getByRole('button', { name: 'Continue' }))

  expect(twoFactor.queryByRole('list', { name: 'Recovery codes' })).toBeNull()
  expect(twoFactor.getByRole('img', { name: 'QR code for your authenticator app' })).toBeTruthy()
  expect(twoFactor.getByLabelText('Key').textContent).toBe('JBSW Y3DP EHPK 3PXP KVQW 4ZDB JBSW Y3DP')
  await user.click(twoFactor.getByRole('button', { name: 'Copy the key' }))
  expect(await navigator.clipboard.readText()).toBe(totpSecret)
  await user.click(twoFactor.getByRole('button', { name: 'Continue' }))

  const field = twoFactor.getByLabelText('Six digits')
  expect(document.activeElement).toBe(field)
  expect([field.getAttribute('autocomplete'), field.getAttribute('inputmode')]).toEqual([
    'one-time-code',
    'numeric',
  ])
  await fill(user, field, '000 000')
  await user.click(twoFactor.getByRole('button', { name: 'Turn on' }))
  expect((await twoFactor.findByRole('alert')).textContent).toMatch(/That is not the code/)
  await fill(user, field, '418205')
  await user.keyboard('{Enter}')

  expect(await twoFactor.findByText('Two-factor authentication was enabled successfully')).toBeTruthy()
  expect(twoFactor.getByText(/16 left/)).toBeTruthy()
  expect(server.received.at(-1)).toMatchObject({ variables: { input: { code: '418205' } } })
  const left = JSON.stringify(client.cache.extract()) + document.documentElement.outerHTML
  for (const secret of [totpSecret, 'JBSW', ...recoveryCodes]) expect(left).not.toContain(secret)
})

test('cancelling the set-up leaves two-factor authentication off', async () => {
  const { user } = openPage()
  const twoFactor = await section('Two-factor authentication')
  await user.click(twoFactor.getByRole('button', { name: 'Set up' }))
  await user.click(await twoFactor.findByRole('button', { name: 'Cancel' }))
  expect(twoFactor.getByText('Off')).toBeTruthy()
  expect(document.documentElement.outerHTML).not.toContain(recoveryCodes[0])
})

test('turning two-factor authentication off asks for both factors, and names the account that needs it', async () => {
  const { user } = openPage({ enabled: true, requiredBy: [{ id: 'a1', name: 'Acme Networks' }] })
  const twoFactor = await section('Two-factor authentication')
  await user.click(twoFactor.getByRole('button', { name: 'Turn off…' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(dialog.getByText(/You lose access to Acme Networks/)).toBeTruthy()

  await fill(user, dialog.getByLabelText('Password'), 'wrong')
  await fill(user, dialog.getByLabelText('Code'), '418205')
  await user.click(dialog.getByRole('button', { name: 'Turn off' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('It is still on.')
  expect(document.activeElement).toBe(dialog.getByLabelText('Password'))
  await fill(user, dialog.getByLabelText('Password'), 'right horse')
  await fill(user, dialog.getByLabelText('Code'), '111111')
  await user.keyboard('{Enter}')
  await waitFor(() => expect(document.activeElement).toBe(dialog.getByLabelText('Code')))
  await fill(user, dialog.getByLabelText('Code'), '418205')
  await user.keyboard('{Enter}')

  expect(await twoFactor.findByRole('button', { name: 'Set up' })).toBeTruthy()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('codes that run out are warned of, and new ones are shown once', async () => {
  const { user, client } = openPage({ enabled: true, recoveryCodesLeft: 3 })
  const twoFactor = await section('Two-factor authentication')
  expect(twoFactor.getByText('Only 3 left. Make new ones before they run out.')).toBeTruthy()
  await user.click(twoFactor.getByRole('button', { name: 'New recovery codes…' }))
  await user.click(await screen.findByRole('button', { name: 'Make new codes' }))

  const dialog = within(await screen.findByRole('dialog', { name: 'Store your recovery codes now' }))
  expect(dialog.getByText(newRecoveryCodes[0] ?? '')).toBeTruthy()
  await user.keyboard('{Escape}')
  expect(dialog.getByRole('button', { name: 'Confirm' })).toHaveProperty('disabled', true)
  await user.click(dialog.getByRole('button', { name: 'Copy' }))
  await user.click(dialog.getByRole('checkbox', { name: /I have stored them/ }))
  await user.click(dialog.getByRole('button', { name: 'Confirm' }))

  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(await twoFactor.findByText(/16 left/)).toBeTruthy()
  expect(document.activeElement).toBe(twoFactor.getByRole('button', { name: 'New recovery codes…' }))
  expect(JSON.stringify(client.cache.extract())).not.toContain(newRecoveryCodes[0])
})

test('sessions say where they are; one is ended at its row, and the others together once asked', async () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const { user, server } = openPage({
    sessions: [
      sessionDouble({ id: 's1', current: true, place: 'Boston, United States' }),
      sessionDouble({ id: 's2', device: 'Chrome on Android', lastSeenAt: minutesAgo(12) }),
      sessionDouble({ id: 's3', device: 'Edge on Windows', lastSeenAt: minutesAgo(3_000) }),
      sessionDouble({ id: 's4', device: 'Safari on iPad', lastSeenAt: minutesAgo(4_000) }),
    ],
  })
  const sessions = await section('Where you are signed in')
  const rows = () => sessions.getAllByRole('listitem').map(({ textContent }) => textContent)
  expect(rows()[0]).toBe('Firefox on LinuxThis oneBoston, United States · 198.51.100.23 · now')
  expect(rows()[1]).toBe('Chrome on Android198.51.100.23 · 12 minutes agoEnd')
  expect(sessions.queryByRole('button', { name: 'End the session of Firefox on Linux' })).toBeNull()

  await user.click(sessions.getByRole('button', { name: 'End the session of Chrome on Android' }))
  await waitFor(() => expect(rows()).toHaveLength(3))
  expect(server.received.at(-1)).toEqual({
    operationName: 'RevokeSession',
    variables: { input: { sessionId: 's2' } },
  })
  expect(document.activeElement?.contains(sessions.getByRole('list'))).toBe(true)
  expect(document.activeElement).not.toBe(document.body)

  await user.click(sessions.getByRole('button', { name: 'End the 2 others' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'End the 2 other sessions?' }))
  await user.click(dialog.getByRole('button', { name: 'Keep them' }))
  expect(rows()).toHaveLength(3)
  await user.click(sessions.getByRole('button', { name: 'End the 2 others' }))
  await user.click(await screen.findByRole('button', { name: 'End them' }))
  await waitFor(() => expect(rows()).toHaveLength(1))
  expect(sessions.queryByRole('button')).toBeNull()
})

test('a session that could not be ended is still listed, and the page says why', async () => {
  const { user, state } = openPage({
    sessions: [
      sessionDouble({ id: 's1', current: true }),
      sessionDouble({ id: 's2', device: 'Edge on Windows' }),
    ],
  })
  const sessions = await section('Where you are signed in')
  state.refuse = refusal('RATE_LIMITED', { retryAfterSeconds: 8 })
  await user.click(sessions.getByRole('button', { name: 'End the session of Edge on Windows' }))
  expect((await sessions.findByRole('alert')).textContent).toBe('Too many tries. Try again in 8 seconds.')
  expect(sessions.getAllByRole('listitem')).toHaveLength(2)
})

/** The browser's part of a passkey, as a test decides it. */
function stubPasskeys(create: () => Promise<object>) {
  const signalAllAcceptedCredentials = vi.fn<(known: object) => Promise<void>>(async () => {})
  vi.stubGlobal(
    'PublicKeyCredential',
    Object.assign(function PublicKeyCredential() {}, { signalAllAcceptedCredentials }),
  )
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { create } })
  return { signalAllAcceptedCredentials }
}

const madePasskey = {
  id: 'AQID',
  rawId: new Uint8Array([1, 2, 3]).buffer,
  type: 'public-key',
  response: {
    attestationObject: new Uint8Array([4]).buffer,
    clientDataJSON: new Uint8Array([5]).buffer,
  },
  getClientExtensionResults: () => ({}),
}

test('a passkey is added, named and removed, and the browser learns which are left', async () => {
  const { signalAllAcceptedCredentials } = stubPasskeys(async () => madePasskey)
  const { user, server } = openPage({
    passkeys: [
      passkeyDouble({ id: 'k1', name: 'Blue security key', synced: false, provider: 'YubiKey 5' }),
    ],
  })
  const passkeys = await section('Passkeys')
  expect(passkeys.getByRole('listitem').textContent).toBe(
    'Blue security keyThis key only · YubiKey 5 · added 2 Jun 2025 · never used',
  )
  await user.click(passkeys.getByRole('button', { name: 'Add a passkey' }))
  expect(await passkeys.findByText(/Passkey “Chrome on Linux” added/)).toBeTruthy()
  expect(server.received.at(-1)).toMatchObject({
    operationName: 'AddPasskey',
    variables: { input: { response: { id: 'AQID', response: { attestationObject: 'BA' } } } },
  })

  await user.click(passkeys.getByRole('button', { name: 'Give it another name' }))
  const name = within(await screen.findByRole('dialog', { name: 'Rename the passkey' })).getByLabelText(
    'Name',
  )
  await user.clear(name)
  await user.keyboard('{Enter}')
  expect((await screen.findByRole('alert')).textContent).toContain('Nothing was saved.')
  expect(document.activeElement).toBe(name)
  await fill(user, name, 'Desk')
  await user.keyboard('{Enter}')
  expect(await passkeys.findByText('Desk')).toBeTruthy()

  await user.click(passkeys.getByRole('button', { name: 'More for Blue security key' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Remove…' }))
  await user.click(await screen.findByRole('button', { name: 'Remove passkey' }))
  await waitFor(() => expect(passkeys.getAllByRole('listitem')).toHaveLength(1))
  await waitFor(() =>
    expect(signalAllAcceptedCredentials).toHaveBeenCalledExactlyOnceWith({
      rpId: 'localhost',
      userId: 'dTE',
      allAcceptedCredentialIds: ['new'],
    }),
  )
})

test('closing the browser’s window is no error, and a device that has one already is named', async () => {
  const answers = [
    new DOMException('Closed', 'NotAllowedError'),
    new DOMException('Known', 'InvalidStateError'),
  ]
  stubPasskeys(async () => {
    throw answers.shift() ?? new Error('Nobody asked a third time.')
  })
  const { user, server } = openPage()
  const passkeys = await section('Passkeys')
  const add = passkeys.getByRole('button', { name: 'Add a passkey' })
  await user.click(add)
  await waitFor(() => expect(answers).toHaveLength(1))
  await waitFor(() => expect(add).toHaveProperty('disabled', false))
  expect(passkeys.queryByRole('alert')).toBeNull()

  await user.click(add)
  expect((await passkeys.findByRole('alert')).textContent).toBe(
    'This device or key has a passkey of yours already.',
  )
  expect(server.received.map(({ operationName }) => operationName)).not.toContain('AddPasskey')
})

test('a browser without passkeys shows the button with its reason', async () => {
  openPage()
  const passkeys = await section('Passkeys')
  expect(passkeys.getByRole('button', { name: 'Add a passkey' })).toHaveProperty('disabled', true)
  expect(passkeys.getByText(/This browser cannot make one here\./)).toBeTruthy()
})

test('the last of what happened to the sign-in is shown, and leads to all of it', async () => {
  openPage({
    activity: [
      {
        id: 'x1',
        actor: { id: 'u1', name: 'Mara Lindqvist', avatarUrl: null },
        tokenName: null,
        action: 'SESSION_ENDED',
        subject: 'Edge on Windows',
        account: null,
        changes: [],
        at: new Date().toISOString(),
        address: '198.51.100.23',
        device: 'Firefox on Linux',
      },
    ],
  })
  const activity = await section('Recent security activity')
  expect(activity.getByRole('listitem').textContent).toContain('You ended the session Edge on Windows')
  expect(activity.getByRole('link', { name: 'See all activity' }).getAttribute('href')).toBe(
    '/settings/activity',
  )
})

test('locking lists what ends and where the link for a new password goes, and the safe answer has the focus', async () => {
  const { user, server, state } = openPage({
    sessions: [sessionDouble({ id: 's1', current: true }), sessionDouble({ id: 's2' })],
  })
  const lock = await section('Something wrong?')
  await user.click(lock.getByRole('button', { name: 'Lock everything…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Lock everything?' }))
  expect(dialog.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'all 2 sessions, this one too',
    'every access token, in every account',
    'every device that gets pushes',
    'what browsers remember of you, and every link for a new password',
    'your password',
  ])
  expect(dialog.getByText(/A link for a new password goes to mara@example\.com/)).toBeTruthy()
  await waitFor(() =>
    expect(document.activeElement).toBe(dialog.getByRole('button', { name: 'Change nothing' })),
  )

  state.refuse = refusal('INTERNAL', { requestId: 'r1' })
  await user.click(dialog.getByRole('button', { name: 'Lock everything' }))
  expect((await dialog.findByRole('alert')).textContent).toBe('The server failed.')
  await user.click(dialog.getByRole('button', { name: 'Lock everything' }))
  await waitFor(() =>
    expect(server.received.filter(({ operationName }) => operationName === 'LockEverything')).toHaveLength(
      2,
    ),
  )
  expect(dialog.queryByRole('alert')).toBeNull()
})

test('who had to lock everything is led through what somebody else may have left, until it is checked', async () => {
  const { user } = openPage({ recovery: { startedAt: new Date().toISOString(), resetAt: null } })
  const recovery = await section('Take your user back')
  expect(recovery.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    '/settings/contacts',
    '/settings/security#passkeys',
    '/settings/security#two-factor',
    '/settings/tokens',
    '/settings/activity',
  ])
  await user.click(recovery.getByRole('button', { name: 'I have checked everything' }))
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Take your user back' })).toBeNull())
  expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 }))
})

test('removed emails say until when they take the user back, and one is forgotten once asked', async () => {
  const { user, server } = openPage({
    removedEmails: [
      removedEmailDouble({ id: 'r1', address: 'old@example.com' }),
      removedEmailDouble({ id: 'r2', address: 'older@example.com', forgettable: false }),
    ],
  })
  const removed = await section('Removed emails')
  expect(removed.getByRole('link').getAttribute('href')).toBe('/settings/contacts')
  const [, second] = removed.getAllByRole('listitem')
  expect(second?.textContent).toMatch(
    /^older@example\.comRemoved .+, usable until .+ · It stays until then/,
  )
  expect(removed.getByRole('button', { name: 'Forget it now: older@example.com' })).toHaveProperty(
    'disabled',
    true,
  )

  await user.click(removed.getByRole('button', { name: 'Forget it now: old@example.com' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Forget old@example.com now?' }))
  await user.click(dialog.getByRole('button', { name: 'Keep it' }))
  expect(removed.getAllByRole('listitem')).toHaveLength(2)
  await user.click(removed.getByRole('button', { name: 'Forget it now: old@example.com' }))
  await user.click(await screen.findByRole('button', { name: 'Forget it' }))
  await waitFor(() => expect(removed.getAllByRole('listitem')).toHaveLength(1))
  expect(server.received.at(-1)).toEqual({
    operationName: 'ForgetRemovedEmail',
    variables: { input: { removedEmailId: 'r1' } },
  })
})

test('an email that cannot be forgotten after all stays listed, and the dialog says why', async () => {
  const { user, state } = openPage({
    removedEmails: [removedEmailDouble({ id: 'r1', address: 'old@example.com' })],
  })
  const removed = await section('Removed emails')
  await user.click(removed.getByRole('button', { name: 'Forget it now: old@example.com' }))
  state.refuse = refusal('LAST_WAY_BACK', { field: 'removedEmailId' })
  await user.click(await screen.findByRole('button', { name: 'Forget it' }))
  expect((await screen.findByRole('alert')).textContent).toMatch(/^It stays until another email/)
  expect(removed.getAllByRole('listitem')).toHaveLength(1)
})

test('before everything is locked, the page names the mailbox that was proven first', async () => {
  const { user } = openPage({ wayBackEmail: 'first@example.com' })
  const lock = await section('Something wrong?')
  await user.click(lock.getByRole('button', { name: 'Lock everything…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Lock everything?' }))
  expect(dialog.getByText(/goes to first@example\.com/)).toBeTruthy()
})
