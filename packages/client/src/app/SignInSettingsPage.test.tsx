import { act, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble, refusal } from '../test/server-double.ts'
import { CurrentAccountProvider } from './current-account.tsx'
import { SignInSettingsPage } from './SignInSettingsPage.tsx'

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

const connectionDouble = (changes: object = {}) => ({
  id: 'c1',
  name: 'Sample provider',
  protocol: 'OIDC',
  active: false,
  testedAt: null as string | null,
  createJustInTime: false,
  allowIdpInitiated: false,
  issuer: 'https://login.example.com',
  clientId: 'lanyard',
  metadataUrl: null,
  certificates: [] as object[],
  testUrl: '/sso/start/c1?purpose=TEST',
  redirectUri: 'https://lanyard.example.com/sso/oidc/callback',
  entityId: null,
  logoutUrl: null,
  ...changes,
})

interface Given {
  connections?: ReturnType<typeof connectionDouble>[]
  permissions?: string[]
  signInName?: string | null
  twoFactor?: boolean
}

type Input = { input: Record<string, unknown> }

/** Acme Networks, and the page of somebody with the permissions. */
function openPage({
  connections = [],
  permissions = ['account.manage'],
  signInName = null,
  twoFactor = true,
}: Given = {}) {
  const state = { connections, refuse: undefined as Error | undefined, inputs: [] as object[] }
  const account = {
    id: 'a1',
    name: 'Acme Networks',
    signInName,
    requireTwoFactor: false,
    longestTokenDays: 365,
    ssoConnections: () => [...state.connections],
    personalAccessTokens: {
      edges: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    },
  }
  const me = {
    id: 'u1',
    twoFactor: { enabled: twoFactor, recoveryCodesLeft: 0, requiredBy: [] },
    currentSession: { id: 's1', method: 'PASSWORD', device: 'Firefox on Linux', expiresAt: daysFromNow(1) },
    accountUsers: [],
  }
  const take = (input: Record<string, unknown>) => {
    if (state.refuse) throw state.refuse
    state.inputs.push(input)
  }
  const change = (id: unknown, changes: object) => {
    state.connections = state.connections.map((one) => (one.id === id ? { ...one, ...changes } : one))
    return { account, ssoConnection: state.connections.find((one) => one.id === id) }
  }
  const server = createServerDouble({
    me,
    account,
    setSignInPolicy: ({ input }: Input) => {
      take(input)
      if (input['signInName'] !== undefined) Object.assign(account, { signInName: input['signInName'] })
      if (input['requireTwoFactor'] !== undefined) {
        account.requireTwoFactor = input['requireTwoFactor'] === true
      }
      return { account }
    },
    createSsoConnection: ({ input }: Input) => {
      take(input)
      const connection = connectionDouble({ id: 'new', name: input['name'], protocol: input['protocol'] })
      state.connections.push(connection)
      return { account, ssoConnection: connection }
    },
    updateSsoConnection: ({ input }: Input) => {
      take(input)
      return change(input['ssoConnectionId'], { name: input['name'] ?? 'Sample provider' })
    },
    enableSsoConnection: ({ input }: Input) => {
      take(input)
      return change(input['ssoConnectionId'], { active: true })
    },
    disableSsoConnection: ({ input }: Input) => {
      take(input)
      return change(input['ssoConnectionId'], { active: false })
    },
    deleteSsoConnection: ({ input }: Input) => {
      take(input)
      state.connections = state.connections.filter(({ id }) => id !== input['ssoConnectionId'])
      return { account, removedId: input['ssoConnectionId'] }
    },
  })
  const current = {
    accountUserId: 'au1',
    account: { id: 'a1', name: 'Acme Networks' },
    closed: null,
    permissions,
    memberships: [],
  }
  const page = (
    <main tabIndex={-1}>
      <CurrentAccountProvider current={current}>
        <SignInSettingsPage />
      </CurrentAccountProvider>
    </main>
  )
  return { ...renderPage(page, { server }), server, state }
}

const requireSwitch = () =>
  screen.findByRole<HTMLInputElement>('switch', { name: 'Require two-factor authentication' })

test('somebody without the permission reads why there is nothing to change, and the server is not asked', async () => {
  const { server } = openPage({ permissions: ['work.read'] })
  expect(await screen.findByText('You do not have permission to do this.')).toBeTruthy()
  expect(screen.getByText(/Those who manage Acme Networks/)).toBeTruthy()
  expect(server.received).toEqual([])
})

test('whoever may end tokens only sees tokens only', async () => {
  openPage({ permissions: ['tokens.others'] })
  expect(await screen.findByRole('heading', { name: 'Access tokens of everybody' })).toBeTruthy()
  expect(screen.queryByRole('heading', { name: 'Single sign-on' })).toBeNull()
})

test('requiring two factors says what it does before it is done, also to whoever does it', async () => {
  const { user, state } = openPage({ twoFactor: false })
  const toggle = await requireSwitch()
  const help = document.getElementById(toggle.getAttribute('aria-describedby') ?? '')
  expect(help?.textContent).toContain('is closed to members without two-factor authentication')
  expect(help?.textContent).toContain('it closes to you as well')

  await user.click(toggle)
  await waitFor(() => expect(state.inputs).toEqual([{ accountId: 'a1', requireTwoFactor: true }]))
  await waitFor(() => expect(toggle.checked).toBe(true))

  state.refuse = refusal('FORBIDDEN')
  await user.click(toggle)
  expect((await screen.findAllByText(/You do not have permission/)).length).toBeGreaterThan(0)
  expect(toggle.checked).toBe(true)
})

test('the sign-in name makes a link to copy, and a refused one stays in its field', async () => {
  const { user, state } = openPage()
  const field = await screen.findByRole('textbox', { name: 'Name' })
  const save = screen.getByRole('button', { name: 'Save' })
  state.refuse = refusal('SIGN_IN_NAME_TAKEN', { field: 'signInName' })
  await user.type(field, 'acme')
  await user.click(save)
  expect((await screen.findByRole('alert')).textContent).toBe(
    'Not saved. Another organisation signs in under this name.',
  )
  expect(field).toHaveProperty('value', 'acme')

  state.refuse = undefined
  await user.click(save)
  expect(await screen.findByText(`${location.origin}/sso/acme`)).toBeTruthy()
  expect(screen.getByText(/leads nowhere before single sign-on is enabled/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Copy: Link for members' }))
  expect(await screen.findByRole('button', { name: 'Link for members: copied' })).toBeTruthy()
  expect(await navigator.clipboard.readText()).toBe(`${location.origin}/sso/acme`)

  await user.clear(field)
  await user.click(save)
  await waitFor(() => expect(state.inputs.at(-1)).toEqual({ accountId: 'a1', signInName: null }))
  await waitFor(() => expect(screen.queryByText(/\/sso\/acme/)).toBeNull())
})

test('a provider is added with what belongs to its protocol, and shows what to enter there', async () => {
  const { user, state, client } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Add connection' }))
  const form = within(await screen.findByRole('dialog', { name: 'Add connection' }))
  await user.type(form.getByLabelText('Name'), 'Sample provider')
  await user.type(form.getByLabelText('Issuer'), ' https://login.example.com ')
  await user.type(form.getByLabelText('Client ID'), 'lanyard')
  await user.type(form.getByLabelText('Client secret'), 'a-secret')

  state.refuse = refusal('SSO_SETTINGS_WRONG', { field: 'issuer' })
  await user.click(form.getByRole('button', { name: 'Add connection' }))
  await waitFor(() => expect(form.getByLabelText('Issuer').getAttribute('aria-invalid')).toBe('true'))
  expect(form.getByLabelText('Client secret')).toHaveProperty('value', 'a-secret')

  state.refuse = undefined
  await user.click(form.getByRole('button', { name: 'Add connection' }))
  expect(await screen.findByText('Not tested as it is now')).toBeTruthy()
  expect(state.inputs).toEqual([
    {
      accountId: 'a1',
      name: 'Sample provider',
      protocol: 'OIDC',
      createJustInTime: false,
      issuer: 'https://login.example.com',
      clientId: 'lanyard',
      clientSecret: 'a-secret',
    },
  ])
  expect(screen.getByText('https://lanyard.example.com/sso/oidc/callback')).toBeTruthy()
  expect(JSON.stringify(client.cache.extract())).not.toContain('a-secret')
})

test('SAML takes an address or a document, never both, and says what its risk is', async () => {
  const { user, state } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Add connection' }))
  const form = within(await screen.findByRole('dialog', { name: 'Add connection' }))
  await user.type(form.getByLabelText('Name'), 'Old provider')
  await user.click(form.getByRole('radio', { name: 'SAML 2.0' }))
  await user.type(form.getByLabelText('Address of the metadata'), 'https://idp.example.com/metadata')
  await user.click(form.getByRole('radio', { name: 'As a document' }))
  await user.type(form.getByLabelText('Document (XML)'), '<EntityDescriptor/>')
  const fromProvider = form.getByRole('checkbox', { name: /from the provider’s side/ })
  expect(form.getByText(/Risky: an answer that nobody asked for/)).toBeTruthy()
  await user.click(fromProvider)
  await user.click(form.getByRole('button', { name: 'Add connection' }))

  await waitFor(() =>
    expect(state.inputs).toEqual([
      {
        accountId: 'a1',
        name: 'Old provider',
        protocol: 'SAML',
        createJustInTime: false,
        allowIdpInitiated: true,
        metadataXml: '<EntityDescriptor/>',
      },
    ]),
  )
})

test('a connection is enabled once its test in another tab has passed, after a question', async () => {
  const { user, state } = openPage({ connections: [connectionDouble()] })
  const enable = await screen.findByRole('button', { name: 'Enable Sample provider' })
  expect(enable).toHaveProperty('disabled', true)
  expect(screen.getByText('It can be enabled once it was tested as it is now.')).toBeTruthy()
  const test = screen.getByRole('link', { name: 'Test Sample provider in a new tab' })
  expect([test.getAttribute('href'), test.getAttribute('target')]).toEqual([
    '/sso/start/c1?purpose=TEST',
    '_blank',
  ])

  state.connections = [connectionDouble({ testedAt: daysFromNow(0) })]
  act(() => void dispatchEvent(new Event('focus')))
  expect(await screen.findByText('Tested, not enabled')).toBeTruthy()
  await user.click(enable)
  const question = within(
    await screen.findByRole('dialog', { name: 'Enable single sign-on through Sample provider?' }),
  )
  expect(document.activeElement).toBe(question.getByRole('button', { name: 'Not yet' }))
  expect(question.getByText(/recorded in their history, and mailed to/)).toBeTruthy()

  state.refuse = refusal('SSO_UNTESTED')
  await user.click(question.getByRole('button', { name: 'Enable single sign-on' }))
  expect((await question.findByRole('alert')).textContent).toBe('Test this connection as it is now first.')
  state.refuse = undefined
  await user.click(question.getByRole('button', { name: 'Enable single sign-on' }))
  expect(await screen.findByText('Enabled: members come through it')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Delete Sample provider' })).toHaveProperty('disabled', true)
  expect(screen.getByText('It can be deleted once it is disabled.')).toBeTruthy()
})

test('an enabled connection is disabled, and then deleted, after questions', async () => {
  const { user, state } = openPage({ connections: [connectionDouble({ active: true })] })
  await user.click(await screen.findByRole('button', { name: 'Disable Sample provider' }))
  await user.click(await screen.findByRole('button', { name: 'Disable single sign-on' }))
  await user.click(await screen.findByRole('button', { name: 'Delete Sample provider' }))
  await user.click(await screen.findByRole('button', { name: 'Delete connection' }))
  expect(await screen.findByText('No connection yet')).toBeTruthy()
  expect(state.inputs).toEqual([
    { accountId: 'a1', ssoConnectionId: 'c1' },
    { accountId: 'a1', ssoConnectionId: 'c1' },
  ])
})

test('an edit sends what differs only, and of an enabled connection what no test tries', async () => {
  const { user, state } = openPage({
    connections: [
      connectionDouble({ testedAt: daysFromNow(0) }),
      connectionDouble({ id: 'c2', name: 'Enabled one', active: true, testedAt: daysFromNow(0) }),
    ],
  })
  await user.click(await screen.findByRole('button', { name: 'Edit Sample provider' }))
  let form = within(await screen.findByRole('dialog', { name: 'Edit the connection' }))
  await user.type(form.getByLabelText('Client secret'), 'another')
  await user.click(form.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

  await user.click(screen.getByRole('button', { name: 'Edit Enabled one' }))
  form = within(await screen.findByRole('dialog', { name: 'Edit the connection' }))
  expect(form.getByLabelText('Issuer')).toHaveProperty('disabled', true)
  expect(form.getByText(/Disable it to change what it is tried with/)).toBeTruthy()
  await user.clear(form.getByLabelText('Name'))
  await user.type(form.getByLabelText('Name'), 'Renamed')
  await user.click(form.getByRole('checkbox', { name: /Make people/ }))
  await user.click(form.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(state.inputs).toEqual([
    { accountId: 'a1', ssoConnectionId: 'c1', clientSecret: 'another' },
    { accountId: 'a1', ssoConnectionId: 'c2', name: 'Renamed', createJustInTime: true },
  ])
})

test('certificates say when they end, and warn before', async () => {
  const certificate = (days: number, fingerprint: string) => ({
    subject: `CN=${fingerprint}`,
    expiresAt: daysFromNow(days),
    fingerprint,
  })
  openPage({
    connections: [
      connectionDouble({
        protocol: 'SAML',
        entityId: 'https://lanyard.example.com/sso/saml/c1/metadata',
        logoutUrl: 'https://lanyard.example.com/sso/saml/c1/logout',
        certificates: [certificate(400, 'aa'), certificate(12, 'bb'), certificate(-1, 'cc')],
      }),
    ],
  })
  const list = await screen.findByRole('list', { name: 'Certificates of Sample provider' })
  expect(
    within(list)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual([
    expect.stringMatching(/^CN=aavalid until .*SHA-256 aa$/),
    expect.stringMatching(/^CN=bbValid until .* only\. .*SHA-256 bb$/),
    expect.stringMatching(/^CN=ccExpired on .*SHA-256 cc$/),
  ])
})
