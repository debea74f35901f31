import { useMutation } from '@apollo/client/react'
import { TextInput } from '@mantine/core'
import { act, screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { Route, Routes } from 'react-router'
import { expect, test } from 'vitest'
import { UpdateProfileDocument } from '../graphql/generated.ts'
import { demoUser } from '../test/demo-user.ts'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble, refusal } from '../test/server-double.ts'
import { FormDialog } from '../ui/FormDialog.tsx'
import { AccountPages } from './AccountPages.tsx'
import { useRefusal } from './error-messages.ts'
import { Shell } from './Shell.tsx'
import { WayBackToAccount } from './WayBackToAccount.tsx'

type Closed = {
  reason: 'SSO_REQUIRED' | 'TWO_FACTOR_REQUIRED' | 'STEP_UP_REQUIRED'
  ssoUrl: string | null
}
const asksForSso: Closed = { reason: 'SSO_REQUIRED', ssoUrl: '/sso/start/c1' }
const asksOneself: Closed = { reason: 'STEP_UP_REQUIRED', ssoUrl: null }
const asksForTwoFactors: Closed = { reason: 'TWO_FACTOR_REQUIRED', ssoUrl: null }

/** A person in two accounts, the first of which may close and open. */
function openPage(closed: Closed | null, path = '/settings/tokens?account=a1') {
  const state = { closed }
  const user = demoUser()
  const accountUsers = user.accountUsers.map((membership) => ({
    ...membership,
    closed: () => (membership.id === 'au1' ? state.closed : null),
  }))
  const stepUp = { methods: ['PASSWORD'], ssoUrl: null, validUntil: new Date().toISOString() }
  const me = { ...user, stepUp, notificationBadge: { unread: 0, alerts: 0, version: 1 }, accountUsers }
  const server = createServerDouble({
    me,
    recordLastVisited: () => ({ me }),
    updateProfile: () => {
      if (state.closed) throw refusal(state.closed.reason, { accountId: 'a1' })
      return { me }
    },
    confirmStepUp: () => {
      state.closed = null
      return { validUntil: new Date(Date.now() + 600_000).toISOString() }
    },
  })
  const page = (
    <Routes>
      <Route element={<Shell />}>
        <Route path="/settings/security" element={<WayBackToAccount />} />
        <Route element={<AccountPages />}>
          <Route path="*" element={<Page />} />
        </Route>
      </Route>
    </Routes>
  )
  return { ...renderPage(page, { server, path }), server, state }
}

/** A page of an account, with a form in which something is typed. */
function Page() {
  const [typed, setTyped] = useState('')
  const [update, { loading, error }] = useMutation(UpdateProfileDocument)
  return (
    <FormDialog
      opened
      title="A form"
      submitLabel="Save it"
      busy={loading}
      refusal={useRefusal(error)}
      onSubmit={() => void update({ variables: { input: { name: typed } } })}
      onClose={() => setTyped('')}
    >
      <TextInput label="Typed" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
    </FormDialog>
  )
}

const comeBack = () => act(() => dispatchEvent(new Event('focus')))

test('an account that asks for its own sign-in shows one way in instead of its page, which leads back', async () => {
  const { server } = openPage(asksForSso)
  expect(await screen.findByText('Acme Networks asks for its own sign-in')).toBeTruthy()
  const way = screen.getByRole('link', { name: 'Sign in through Acme Networks' })
  expect(way.getAttribute('href')).toBe('/sso/start/c1?next=%2Fsettings%2Ftokens%3Faccount%3Da1')
  expect(way.getAttribute('target')).toBeNull()
  expect(screen.queryByLabelText('Typed')).toBeNull()
  // It would be refused.
  const visits = server.received.filter(({ operationName }) => operationName === 'RecordLastVisited')
  expect(visits).toEqual([
    { operationName: 'RecordLastVisited', variables: { input: { path: '/settings/tokens?account=a1' } } },
  ])
})

test('an account that asks for two factors leads to their set-up and back, and opens by itself', async () => {
  const { user, router, state } = openPage(asksForTwoFactors)
  await user.click(await screen.findByRole('link', { name: 'Set up two-factor authentication' }))
  const back = await screen.findByRole('link', { name: 'go back to Acme Networks' })
  expect(router.state.location.search).toBe('?return=%2Fsettings%2Ftokens%3Faccount%3Da1&account=a1')

  state.closed = null
  await user.click(back)
  expect(await screen.findByLabelText('Typed')).toBeTruthy()
  expect(router.state.location.pathname + router.state.location.search).toBe('/settings/tokens?account=a1')
})

test('an account that another one’s provider does not open asks who it is, and opens', async () => {
  const { user } = openPage(asksOneself)
  expect(await screen.findByText('Acme Networks asks you yourself')).toBeTruthy()
  expect(screen.queryByLabelText('Typed')).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Confirm that it is you' }))
  const dialog = await screen.findByRole('dialog', { name: 'Confirm that it is you' })
  await user.type(within(dialog).getByLabelText('Password'), 'correct horse')
  await user.click(within(dialog).getByRole('button', { name: 'Confirm' }))
  expect(await screen.findByLabelText('Typed')).toBeTruthy()
})

test('an account that closes behind an open page keeps what was typed, and shows it again once it is open', async () => {
  const { user, state } = openPage(null)
  await user.type(await screen.findByLabelText('Typed'), 'A long text')
  state.closed = asksForSso
  await user.click(screen.getByRole('button', { name: 'Save it' }))

  const way = await screen.findByRole('link', { name: 'Sign in through Acme Networks' })
  expect(way.getAttribute('target')).toBe('_blank')
  expect(screen.getByText(/What you typed here stays/)).toBeTruthy()
  expect(screen.queryByRole('dialog')).toBeNull()

  await comeBack()
  expect(screen.queryByRole('dialog')).toBeNull()
  state.closed = null
  await comeBack()
  expect(await screen.findByRole('dialog', { name: 'A form' })).toBeTruthy()
  expect(screen.getByLabelText('Typed')).toHaveProperty('value', 'A long text')
  expect(screen.queryByText('Acme Networks asks for its own sign-in')).toBeNull()

  await user.click(screen.getByRole('button', { name: 'Save it' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})

test('the switcher marks closed accounts with a word, and the others open as ever', async () => {
  const { user } = openPage(asksForTwoFactors)
  await user.click(await screen.findByRole('button', { name: /Acme Networks Closed/ }))
  const menu = within(await screen.findByRole('menu'))
  expect(menu.getByRole('menuitemradio', { name: /Acme Networks Closed/ })).toBeTruthy()
  await user.click(menu.getByRole('menuitemradio', { name: 'Northwind Fibre' }))
  expect(await screen.findByLabelText('Typed')).toBeTruthy()
})
