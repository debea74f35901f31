import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { ResetPasswordPage } from './ResetPasswordPage.tsx'

const token = 'q3T7_zVbXk9mN2pLr8sYw4cD6fGhJ1aE5uOiKxQtBvM'
const password = 'blue kettle over the river'

async function openLink(answer: () => unknown) {
  const server = createServerDouble({ resetPassword: answer })
  const page = renderPage(<ResetPasswordPage />, { server, path: `/reset-password#${token}` })
  await screen.findByLabelText('New password')
  return { ...page, server }
}

async function setPassword({ user }: Awaited<ReturnType<typeof openLink>>, again = password) {
  await user.type(screen.getByLabelText('New password'), password)
  await user.type(screen.getByLabelText('New password again'), again)
  await user.click(screen.getByRole('button', { name: 'Set password' }))
}

test('the secret of the link leaves the address at once, and what is asked of a password is said before', async () => {
  const { router } = await openLink(() => ({ me: null }))

  await waitFor(() => expect(router.state.location.hash).toBe(''))
  expect(screen.getByLabelText('New password').getAttribute('autocomplete')).toBe('new-password')
  expect(
    screen.getByText(/^15 characters or more, or 8 if you have two-factor authentication on/),
  ).toBeTruthy()
})

test('a new password leads to signing in with it, and neither it nor the secret stays', async () => {
  const page = await openLink(() => ({ me: null }))
  await setPassword(page)

  await waitFor(() => expect(page.router.state.location.pathname).toBe('/sign-in'))
  expect(page.router.state.location.search).toBe('?done=reset')
  expect(page.server.received).toEqual([
    { operationName: 'ResetPassword', variables: { input: { token, newPassword: password } } },
  ])
  expect(JSON.stringify(page.client.cache.extract())).not.toContain(token)
})

test('two that differ are not sent', async () => {
  const page = await openLink(() => ({ me: null }))
  await setPassword(page, 'blue kettle under the river')

  expect((await screen.findByRole('alert')).textContent).toBe('The two do not match.')
  expect(document.activeElement).toBe(screen.getByLabelText('New password again'))
  expect(page.server.received).toEqual([])
})

test('what is wrong with a password stands beside its field', async () => {
  const page = await openLink(() => {
    throw refusal('BAD_USER_INPUT', { field: 'newPassword', reason: 'GUESSABLE' })
  })
  await setPassword(page)

  expect((await screen.findByRole('alert')).textContent).toBe(
    'This is easy to guess. Use several words that have nothing to do with you.',
  )
  expect(document.activeElement).toBe(screen.getByLabelText('New password'))
})

test('a link that is not valid any more leads to a new one', async () => {
  const page = await openLink(() => {
    throw refusal('RESET_LINK_INVALID')
  })
  await setPassword(page)
  await page.user.click(await screen.findByRole('link', { name: 'Ask for a new link' }))

  expect(page.router.state.location.pathname).toBe('/forgot-password')
})

test('a link without its secret asks for no password', () => {
  renderPage(<ResetPasswordPage />, { server: createServerDouble({}), path: '/reset-password' })

  expect(screen.getByRole('alert').textContent).toBe(
    'This link was used, is too old, or is not complete. Ask for a new one.',
  )
  expect(screen.queryByLabelText('New password')).toBeNull()
})
