import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import {
  createPasskeys,
  passkeyAnswer,
  passkeyOptions,
  removePasskeys,
  windowClosed,
} from '../../test/passkeys-double.ts'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { SecondFactorPage } from './SecondFactorPage.tsx'

afterEach(removePasskeys)

interface Arguments {
  input: { code?: string; passkey?: object }
}

/** A server that waits for a second factor. The right code is 418205. */
function openPage(options: { ways?: string[]; outcome?: object; refuse?: string; path?: string } = {}) {
  const { ways = ['TOTP', 'RECOVERY_CODE'], path = '/sign-in/second-factor' } = options
  const signedIn = { status: 'SIGNED_IN', ssoUrl: null, me: { id: 'u1', landingPath: '/settings/profile' } }
  const server = createServerDouble({
    me: null,
    pendingSignIn: { status: 'SECOND_FACTOR_REQUIRED', secondFactors: ways, ssoChoices: [] },
    startPasskeyProof: () => ({ options: passkeyOptions }),
    submitSecondFactor: ({ input }: Arguments) => {
      if (options.refuse) throw refusal(options.refuse)
      if (input.code !== undefined && input.code !== '418205' && !input.code.includes('-'))
        throw refusal('CODE_WRONG')
      return options.outcome ?? signedIn
    },
  })
  const page = renderPage(<SecondFactorPage />, { server, path })
  const submitted = () =>
    server.received
      .filter(({ operationName }) => operationName === 'SubmitSecondFactor')
      .map(({ variables }) => variables)
  return { ...page, submitted }
}

test('six digits are sent as soon as they are there, however they are pasted, and lead where one wanted to go', async () => {
  const { user, router, submitted } = openPage({ path: '/sign-in/second-factor?next=%2Finbox' })
  const field = await screen.findByLabelText('Code')
  expect(field.getAttribute('autocomplete')).toBe('one-time-code')
  expect(field.getAttribute('inputmode')).toBe('numeric')
  expect(document.activeElement).toBe(field)
  await user.paste('418 205')

  await waitFor(() => expect(router.state.location.pathname).toBe('/inbox'))
  expect(submitted()).toEqual([{ input: { code: '418205' } }])
})

test('a wrong code is refused in words, and the next one takes its place', async () => {
  const { user, router, submitted } = openPage()
  await user.type(await screen.findByLabelText('Code'), '111111')
  expect((await screen.findByRole('alert')).textContent).toBe(
    'That is not the code. Wait for the next one and try again.',
  )
  expect(document.activeElement).toBe(screen.getByLabelText('Code'))
  await user.keyboard('418205')

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(submitted()).toEqual([{ input: { code: '111111' } }, { input: { code: '418205' } }])
})

test('a recovery code takes the place of the app, and there is a way back to it', async () => {
  const { user, router, submitted } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }))
  expect(document.activeElement).toBe(screen.getByLabelText('Recovery code'))
  await user.click(screen.getByRole('button', { name: 'Use your authenticator app' }))
  expect(document.activeElement).toBe(screen.getByLabelText('Code'))
  await user.click(screen.getByRole('button', { name: 'Use a recovery code' }))
  await user.type(screen.getByLabelText('Recovery code'), 'K7MQ-2XVD-P3WN-8HTA{Enter}')

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(submitted()).toEqual([{ input: { code: 'K7MQ-2XVD-P3WN-8HTA' } }])
})

test('what a person does not have is not offered', async () => {
  openPage({ ways: ['TOTP'] })
  await screen.findByLabelText('Code')

  expect(screen.queryByRole('button', { name: 'Use a recovery code' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Use a passkey' })).toBeNull()
})

test('a passkey answers instead of the code', async () => {
  createPasskeys({ answers: [windowClosed, async () => passkeyAnswer] })
  const { user, router, submitted } = openPage({ ways: ['TOTP', 'PASSKEY'] })
  await user.click(await screen.findByRole('button', { name: 'Use a passkey' }))
  expect((await screen.findByRole('alert')).textContent).toBe('No passkey was used.')
  await user.click(screen.getByRole('button', { name: 'Use a passkey' }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(submitted()).toMatchObject([{ input: { passkey: { id: 'AQID' } } }])
})

test('a sign-in that took too long begins again, says so, and forgets no page that was asked for', async () => {
  const { user, router } = openPage({
    refuse: 'SIGN_IN_EXPIRED',
    path: '/sign-in/second-factor?next=%2Finbox',
  })
  await user.type(await screen.findByLabelText('Code'), '418205')

  await waitFor(() => expect(router.state.location.pathname).toBe('/sign-in'))
  expect(router.state.location.search).toBe('?done=expired&next=%2Finbox')
})

test('after the code the organisation may still have to sign in', async () => {
  const { user, router } = openPage({
    outcome: { status: 'SSO_REQUIRED', ssoUrl: '/sign-in/organisation', me: null },
  })
  await user.type(await screen.findByLabelText('Code'), '418205')

  await waitFor(() => expect(router.state.location.pathname).toBe('/sign-in/organisation'))
})

test('beginning again leads to the first step', async () => {
  const { user, router } = openPage({ path: '/sign-in/second-factor?next=%2Finbox' })
  await user.click(await screen.findByRole('link', { name: 'Start again' }))

  expect(router.state.location.pathname).toBe('/sign-in')
  expect(router.state.location.search).toBe('?next=%2Finbox')
})
