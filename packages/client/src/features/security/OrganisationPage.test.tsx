import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble } from '../../test/server-double.ts'
import { OrganisationPage } from './OrganisationPage.tsx'

afterEach(() => {
  vi.unstubAllGlobals()
})

function openPage(ssoChoices: object[], path = '/sign-in/organisation') {
  const assign = vi.fn()
  vi.stubGlobal('location', { assign })
  const pendingSignIn =
    ssoChoices.length > 0 ? { status: 'SSO_REQUIRED', secondFactors: [], ssoChoices } : null
  const server = createServerDouble({ me: null, pendingSignIn })
  return { ...renderPage(<OrganisationPage />, { server, path }), left: () => assign.mock.calls.flat() }
}

test('the organisation that is named signs in, and remembers which page was asked for', async () => {
  const { user, left } = openPage([], '/sign-in/organisation?next=%2Finbox')
  await user.type(
    await screen.findByLabelText('Your organisation’s sign-in name'),
    ' Acme-Networks {Enter}',
  )

  expect(left()).toEqual(['/sso/acme-networks?next=%2Finbox'])
  expect(screen.getByText('You sign in through your organisation. Its own page follows.')).toBeTruthy()
})

test('no name leads nowhere, and the field says so', async () => {
  const { user, left } = openPage([])
  await user.click(await screen.findByRole('button', { name: 'Go to your organisation' }))

  expect((await screen.findByRole('alert')).textContent).toBe('Fill this in.')
  expect(document.activeElement).toBe(screen.getByLabelText('Your organisation’s sign-in name'))
  expect(left()).toEqual([])
})

test('a name that nobody has comes back with what was typed', async () => {
  openPage([], '/sign-in/organisation?sso=NOT_FOUND&name=acme-netwroks')

  expect(await screen.findByLabelText('Your organisation’s sign-in name')).toHaveProperty(
    'value',
    'acme-netwroks',
  )
  expect(screen.getByRole('alert').textContent).toBe(
    'No organisation signs in here under that name or link.',
  )
})

test.each(['Call +1 202 555 0142', 'a'.repeat(41), '-acme'])(
  'what cannot be a name is not taken from the address: %s',
  async (name) => {
    openPage([], `/sign-in/organisation?sso=NOT_FOUND&name=${encodeURIComponent(name)}`)

    expect(await screen.findByLabelText('Your organisation’s sign-in name')).toHaveProperty('value', '')
    expect(document.body.textContent).not.toContain(name)
  },
)

test('whoever may come through one of several organisations chooses among them', async () => {
  const { user, left } = openPage(
    [
      { accountName: 'Acme Networks', url: '/sso/start/c1' },
      { accountName: 'Northwind Fibre', url: '/sso/start/c2' },
    ],
    '/sign-in/organisation?next=%2Finbox',
  )
  const title = await screen.findByRole('heading', { level: 1, name: 'Sign in with your organisation' })
  await waitFor(() => expect(document.activeElement).toBe(title))
  await user.click(screen.getByRole('button', { name: 'Northwind Fibre' }))

  expect(left()).toEqual(['/sso/start/c2?next=%2Finbox'])
})
