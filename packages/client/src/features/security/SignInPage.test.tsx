import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { SignInPage } from './SignInPage.tsx'

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
