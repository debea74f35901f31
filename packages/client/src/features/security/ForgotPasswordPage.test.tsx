import { act, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { ForgotPasswordPage } from './ForgotPasswordPage.tsx'

afterEach(() => {
  vi.useRealTimers()
})

const sentence = /^If mara@example\.com belongs to somebody here, a link is on its way/

test('the answer is one for every address, and another link can be had after a minute', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
  const server = createServerDouble({ requestPasswordReset: () => ({ me: null }) })
  const { user } = renderPage(<ForgotPasswordPage />, { server, path: '/forgot-password' })
  const field = screen.getByLabelText('Email')
  expect(field.getAttribute('autocomplete')).toBe('email')
  expect(document.activeElement).toBe(field)
  await user.type(field, 'mara@example.com{Enter}')

  expect((await screen.findByText('mara@example.com')).parentElement?.textContent).toMatch(sentence)
  const again = () => screen.getByRole('button', { name: 'Mail another link' })
  expect(again()).toHaveProperty('disabled', true)
  expect(screen.getByText('Another one can be asked for in 60 seconds.')).toBeTruthy()
  act(() => {
    vi.advanceTimersByTime(60_000)
  })
  await user.click(again())

  expect(again()).toHaveProperty('disabled', true)
  expect(server.received).toEqual([
    { operationName: 'RequestPasswordReset', variables: { input: { email: 'mara@example.com' } } },
    { operationName: 'RequestPasswordReset', variables: { input: { email: 'mara@example.com' } } },
  ])
})

test('whoever mistyped their address does not have to wait for the right one', async () => {
  const server = createServerDouble({ requestPasswordReset: () => ({ me: null }) })
  const { user } = renderPage(<ForgotPasswordPage />, { server, path: '/forgot-password' })
  await user.type(screen.getByLabelText('Email'), 'mara@example.co{Enter}')
  expect(await screen.findByRole('button', { name: 'Mail another link' })).toHaveProperty('disabled', true)
  await user.type(screen.getByLabelText('Email'), 'm')

  expect(screen.getByRole('button', { name: 'Mail a link' })).toHaveProperty('disabled', false)
})

test('what is no address is named beside the field', async () => {
  const server = createServerDouble({
    requestPasswordReset: () => {
      throw refusal('BAD_USER_INPUT', { field: 'email', reason: 'FORMAT' })
    },
  })
  const { user } = renderPage(<ForgotPasswordPage />, { server, path: '/forgot-password' })
  await user.type(screen.getByLabelText('Email'), 'mara{Enter}')

  expect((await screen.findByRole('alert')).textContent).toBe('This is not an email address.')
  expect(document.activeElement).toBe(screen.getByLabelText('Email'))
})
