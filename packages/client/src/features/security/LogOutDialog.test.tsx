import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble } from '../../test/server-double.ts'
import { LogOutDialog } from './LogOutDialog.tsx'

afterEach(() => {
  vi.unstubAllGlobals()
})

test.each([
  ['/sso/logout/c1', '/sso/logout/c1'],
  [null, '/sign-in'],
])('logging out of what began at %s ends at %s', async (ssoLogoutUrl, end) => {
  const assign = vi.fn()
  const server = createServerDouble({ signOut: () => ({ ssoLogoutUrl, me: null }) })
  const { user } = renderPage(<LogOutDialog onClose={() => {}} />, { server })
  vi.stubGlobal('location', { assign })
  await user.click(await screen.findByRole('button', { name: 'Log out' }))

  await waitFor(() => expect(assign.mock.calls).toEqual([[end]]))
})
