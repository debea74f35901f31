import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import {
  createPasskeys,
  passkeyAnswer,
  passkeyOptions,
  removePasskeys,
  windowClosed,
} from '../../test/passkeys-double.ts'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { SignInPage } from './SignInPage.tsx'

afterEach(removePasskeys)

const me = { id: 'u1', language: 'EN', landingPath: '/settings/profile' }

async function signIn(answer: () => unknown, path = '/sign-in') {
  const server = createServerDouble({ signIn: answer })
  const page = renderPage(<SignInPage />, { server, path })
  await page.user.type(screen.getByLabelText('Username or email'), 'mara')
  await page.user.type(screen.getByLabelText('Password'), 'wrong horse')
  await page.user.click(screen.getByRole('button', { name: 'Sign in' }))
  return { ...page, server }
}

test('a wrong password is refused in words, and what was typed stays', async () => {
  await signIn(() => {
    throw refusal('CREDENTIALS_WRONG')
  })

  expect((await screen.findByRole('alert')).textContent).toBe('That username and password do not match.')
  expect(screen.getByLabelText('Username or email')).toHaveProperty('value', 'mara')
  expect(screen.getByLabelText('Password')).toHaveProperty('value', 'wrong horse')
  expect(document.activeElement).toBe(screen.getByLabelText('Password'))
})

test('who tries too often learns how long to wait', async () => {
  await signIn(() => {
    throw refusal('RATE_LIMITED', { retryAfterSeconds: 8 })
  })

  expect((await screen.findByRole('alert')).textContent).toBe('Too many tries. Try again in 8 seconds.')
})

test('an empty field is named beside that field, aloud, and has the focus', async () => {
  await signIn(() => {
    throw refusal('BAD_USER_INPUT', { field: 'login', reason: 'EMPTY' })
  })

  expect((await screen.findByRole('alert')).textContent).toBe('Fill this in.')
  expect(screen.getByLabelText('Username or email').getAttribute('aria-invalid')).toBe('true')
  expect(document.activeElement).toBe(screen.getByLabelText('Username or email'))
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).not.toBe('true')
})

test('signing in leads to the landing page', async () => {
  const { router, server } = await signIn(() => ({ status: 'SIGNED_IN', me }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(server.received).toContainEqual({
    operationName: 'SignIn',
    variables: { input: { login: 'mara', password: 'wrong horse', rememberMe: false } },
  })
})

test('signing in leads back to the page that asked for it', async () => {
  const { router } = await signIn(
    () => ({ status: 'SIGNED_IN', me }),
    '/sign-in?next=%2Fsettings%2Ftokens%3Faccount%3Da2',
  )

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/tokens'))
  expect(router.state.location.search).toBe('?account=a2')
})

test.each([
  ['password', /Your password is changed.*sign in to look through them/],
  ['lock', /A link for a new password is in your mail/],
])('who was signed out by %s is told so', async (done, words) => {
  const server = createServerDouble({})
  renderPage(<SignInPage />, { server, path: `/sign-in?done=${done}` })
  expect(screen.getByRole('main').textContent).toMatch(words)
})

test('what was typed to sign in is nowhere in the cache afterwards', async () => {
  const { client } = await signIn(() => {
    throw refusal('CREDENTIALS_WRONG')
  })

  await screen.findByRole('alert')
  expect(JSON.stringify(client.cache.extract())).not.toContain('wrong horse')
})

test('where a second factor is asked for, its page follows and remembers which page was asked for', async () => {
  const { router } = await signIn(
    () => ({ status: 'SECOND_FACTOR_REQUIRED', ssoUrl: null, me: null }),
    '/sign-in?next=%2Finbox',
  )

  await waitFor(() => expect(router.state.location.pathname).toBe('/sign-in/second-factor'))
  expect(router.state.location.search).toBe('?next=%2Finbox')
})

test('where the organisation signs in, the page says so and goes there', async () => {
  const assign = vi.fn()
  vi.stubGlobal('location', { assign })
  await signIn(
    () => ({ status: 'SSO_REQUIRED', ssoUrl: '/sso/start/c1', me: null }),
    '/sign-in?next=%2Finbox%2Fn1',
  )

  expect(
    await screen.findByText('You sign in through your organisation. Its own page follows.'),
  ).toBeTruthy()
  expect(assign.mock.calls).toEqual([['/sso/start/c1?next=%2Finbox%2Fn1']])
})

test('where one of several organisations may sign in, they are shown to choose from', async () => {
  const { router } = await signIn(() => ({
    status: 'SSO_REQUIRED',
    ssoUrl: '/sign-in/organisation',
    me: null,
  }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/sign-in/organisation'))
})

test('whoever locked everything is led to a new password', async () => {
  await signIn(() => {
    throw refusal('RECOVERY_REQUIRED')
  })

  expect((await screen.findByRole('alert')).textContent).toBe(
    'Your user is locked. Set a new password to sign in: have a link mailed.',
  )
  expect(screen.getByRole('link', { name: 'have a link mailed' }).getAttribute('href')).toBe(
    '/forgot-password',
  )
})

test.each([
  [
    'SSO_UNAVAILABLE',
    'You are not signed in through Acme Networks. Your organisation’s sign-in does not answer. Try again later.',
  ],
  ['SIGN_IN_EXPIRED', 'You are not signed in through Acme Networks. This took too long. Sign in again.'],
  [
    'RATE_LIMITED',
    'You are not signed in through Acme Networks. There were too many tries. Wait a few minutes, then try again.',
  ],
])('whoever comes back from their organisation with %s reads why', async (code, sentence) => {
  const server = createServerDouble({ ssoRefusal: { accountName: 'Acme Networks' } })
  renderPage(<SignInPage />, { server, path: `/sign-in?sso=${code}` })

  expect((await screen.findByRole('alert')).textContent).toBe(sentence)
})

test.each([
  ['knows of none', { ssoRefusal: null }],
  [
    'does not answer',
    {
      ssoRefusal: () => {
        throw refusal('INTERNAL')
      },
    },
  ],
])(
  'of an account the page says nothing when the server %s, whatever the address says',
  async (_, answers) => {
    const path = '/sign-in?sso=SSO_REFUSED&account=Call+%2B1+202+555+0142'
    renderPage(<SignInPage />, { server: createServerDouble(answers), path })

    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toMatch(/^You are not signed in through your organisation\. /)
    expect(document.body.textContent).not.toContain('555')
  },
)

test('an address that names no refusal says nothing, and the server is not asked', () => {
  const server = createServerDouble({ ssoRefusal: { accountName: 'Acme Networks' } })
  renderPage(<SignInPage />, { server, path: '/sign-in?sso=Call+us&account=Acme' })

  expect(screen.queryByRole('alert')).toBeNull()
  expect(server.received).toEqual([])
})

test.each([
  ['reset', /^Your new password is set/],
  ['expired', /^This took too long/],
])('whoever is led to sign in by "%s" reads why', (done, sentence) => {
  renderPage(<SignInPage />, { server: createServerDouble({}), path: `/sign-in?done=${done}` })

  expect(screen.getByText(sentence)).toBeTruthy()
})

test('a browser without passkeys says that it has none', () => {
  renderPage(<SignInPage />, { server: createServerDouble({}) })

  const button = screen.getByRole('button', { name: 'Use a passkey' })
  expect(button).toHaveProperty('disabled', true)
  const reason = document.getElementById(button.getAttribute('aria-describedby') ?? '')
  expect(reason?.textContent).toBe('This browser cannot use passkeys on this page.')
})

function openWithPasskeys(signInWithPasskey: () => unknown) {
  const server = createServerDouble({
    startPasskeySignIn: () => ({ options: passkeyOptions }),
    signInWithPasskey,
  })
  return { ...renderPage(<SignInPage />, { server, path: '/sign-in' }), server }
}

test('a passkey signs in alone, and closing the browser’s window is no error of anybody', async () => {
  createPasskeys({ answers: [windowClosed, async () => passkeyAnswer] })
  const { user, router, server } = openWithPasskeys(() => ({ status: 'SIGNED_IN', ssoUrl: null, me }))
  await user.click(screen.getByLabelText('Keep me signed in on this device'))
  await user.click(screen.getByRole('button', { name: 'Use a passkey' }))
  expect((await screen.findByRole('alert')).textContent).toBe('No passkey was used.')
  await user.click(screen.getByRole('button', { name: 'Use a passkey' }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(server.received.at(-1)).toMatchObject({
    operationName: 'SignInWithPasskey',
    variables: { input: { response: { id: 'AQID', response: { signature: 'Bg' } }, rememberMe: true } },
  })
})

test('a passkey chosen where the browser fills in the username signs in without a click', async () => {
  const asked = createPasskeys({ offered: async () => passkeyAnswer })
  const { router } = openWithPasskeys(() => ({ status: 'SIGNED_IN', ssoUrl: null, me }))

  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(asked).toMatchObject([{ mediation: 'conditional' }])
})

test('a passkey that is not accepted is refused in words, and passkeys are offered anew', async () => {
  let choices = 0
  const asked = createPasskeys({
    offered: () => (choices++ === 0 ? Promise.resolve(passkeyAnswer) : new Promise(() => {})),
  })
  openWithPasskeys(() => {
    throw refusal('PASSKEY_REFUSED')
  })

  expect((await screen.findByRole('alert')).textContent).toBe('This passkey was not accepted.')
  await waitFor(() => expect(asked).toHaveLength(2))
})

test('a browser stops offering passkeys once the page is left', async () => {
  const asked = createPasskeys({ offered: () => new Promise(() => {}) })
  const { unmount } = openWithPasskeys(() => null)
  await waitFor(() => expect(asked).toHaveLength(1))
  unmount()

  expect(asked[0]?.signal?.aborted).toBe(true)
})
