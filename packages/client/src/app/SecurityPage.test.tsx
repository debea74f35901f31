import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createSecurity } from '../test/security-double.ts'
import { refusal } from '../test/server-double.ts'
import { SecurityPage } from './SecurityPage.tsx'

function openPage(kept: Parameters<typeof createSecurity>[0] = {}, path = '/settings/security') {
  const { server, state } = createSecurity(kept)
  return { ...renderPage(<SecurityPage />, { server, path }), server, state }
}

const section = async (title: string) => within(await screen.findByRole('region', { name: title }))

test('a changed password says before the click what ends, and is sent once the two match', async () => {
  const { user, server } = openPage()
  const password = await section('Password')
  expect(password.getByText(/Last changed/).textContent).toMatch(/4 August.* 15 characters/)
  expect(password.getByText(/Changing it signs you out everywhere, here too\./)).toBeTruthy()

  await user.type(password.getByLabelText('Current password'), 'right horse')
  await user.type(password.getByLabelText('New password'), 'correct battery staple')
  await user.type(password.getByLabelText('New password again'), 'correct battery stable')
  await user.click(password.getByRole('button', { name: 'Change password' }))
  expect(password.getByText('The two do not match.')).toBeTruthy()
  expect(document.activeElement).toBe(password.getByLabelText('New password again'))
  expect(server.received.map(({ operationName }) => operationName)).not.toContain('ChangePassword')

  await user.clear(password.getByLabelText('New password again'))
  await user.type(password.getByLabelText('New password again'), 'correct battery staple')
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
  await user.type(password.getByLabelText('Current password'), 'wrong horse')
  await user.type(password.getByLabelText('New password'), 'mara.lindqvist')
  await user.type(password.getByLabelText('New password again'), 'mara.lindqvist{Enter}')

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

test('proof through an organisation that failed is explained', async () => {
  openPage({}, '/settings/security?sso=SSO_UNAVAILABLE')
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Your organisation’s sign-in does not answer. Try again later.',
  )
})
