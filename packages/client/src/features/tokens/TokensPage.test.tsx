import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { CurrentAccountProvider } from '../../app/current-account.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { TokensPage } from './TokensPage.tsx'

const secret = 'lanyard_4mT9qWz0LbXr7PdYc2HsVn8KfGuJ1e0aQ5Rk'
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

interface Stored {
  id: string
  name: string
  expiresAt?: string
  lastUsedAt?: string | null
  lastUsedAddress?: string
  lastUsedDevice?: string
  readOnly?: boolean
  replacedAt?: string | null
}

function createTokens(stored: Stored[], longestTokenDays = 365) {
  const tokens = stored.map((token) => ({
    lastFour: 'k3Pq',
    createdAt: daysFromNow(-60),
    lastUsedAt: null as string | null,
    lastUsedAddress: null as string | null,
    lastUsedDevice: null as string | null,
    expiresAt: daysFromNow(60),
    readOnly: false,
    replacedAt: null as string | null,
    ...token,
  }))
  const accountUser = {
    id: 'au1',
    account: { id: 'account-1', name: 'Acme Networks' },
    longestTokenDays,
    personalAccessTokens: () => [...tokens],
  }
  const state = {
    refuse: undefined as Error | undefined,
    created: [] as Record<string, unknown>[],
    rotated: [] as Record<string, unknown>[],
  }
  const server = createServerDouble({
    me: { id: 'user-1', username: 'mara.lindqvist', accountUsers: [accountUser] },
    createPersonalAccessToken: ({
      input,
    }: {
      input: { name: string; expiresAt: string; readOnly: boolean }
    }) => {
      if (state.refuse) throw state.refuse
      state.created.push({ ...input })
      const { name, expiresAt, readOnly } = input
      const token = {
        id: 'new',
        name,
        lastFour: 'Q5Rk',
        createdAt: daysFromNow(0),
        lastUsedAt: null,
        lastUsedAddress: null,
        lastUsedDevice: null,
        expiresAt,
        readOnly,
        replacedAt: null,
      }
      tokens.unshift(token)
      return { token: secret, personalAccessToken: token }
    },
    rotatePersonalAccessToken: ({
      input,
    }: {
      input: { personalAccessTokenId: string; overlapHours: number }
    }) => {
      if (state.refuse) throw state.refuse
      state.rotated.push({ ...input })
      const index = tokens.findIndex(({ id }) => id === input.personalAccessTokenId)
      const [old] = tokens.splice(index, 1)
      if (!old) throw refusal('NOT_FOUND')
      const token = { ...old, id: 'new', lastFour: 'Q5Rk', expiresAt: daysFromNow(90) }
      tokens.unshift(token)
      if (input.overlapHours > 0) {
        const expiresAt = daysFromNow(input.overlapHours / 24)
        tokens.push({ ...old, replacedAt: daysFromNow(0), expiresAt })
      }
      return { token: secret, personalAccessToken: token, accountUser }
    },
    deletePersonalAccessToken: ({ input }: { input: { personalAccessTokenId: string } }) => {
      if (state.refuse) throw state.refuse
      tokens.splice(
        tokens.findIndex(({ id }) => id === input.personalAccessTokenId),
        1,
      )
      return { removedId: input.personalAccessTokenId, accountUser }
    },
  })
  return { server, state }
}

function openPage({ server }: Pick<ReturnType<typeof createTokens>, 'server'>) {
  const current = {
    accountUserId: 'au1',
    account: { id: 'account-1', name: 'Acme Networks' },
    closed: null,
    permissions: [],
    memberships: [],
  }
  return renderPage(
    <CurrentAccountProvider current={current}>
      <TokensPage />
    </CurrentAccountProvider>,
    { server },
  )
}

const row = async (name: string) => {
  const header = await screen.findByRole('rowheader', { name: new RegExp(name) })
  return within(header.closest('tr') ?? header)
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('a row says what a token may do, when and from where it was used, and when it ends', async () => {
  const { server } = createTokens([
    {
      id: '1',
      name: 'Wallboard',
      readOnly: true,
      lastUsedAt: new Date(Date.now() - 125_000).toISOString(),
      lastUsedAddress: '192.0.2.61',
      lastUsedDevice: 'status-board',
    },
    { id: '2', name: 'Ticket bridge', expiresAt: daysFromNow(6.5) },
    { id: '3', name: 'Old script', expiresAt: daysFromNow(-1) },
  ])
  openPage({ server })

  const wallboard = await row('Wallboard')
  expect(wallboard.getByText('Read only')).toBeTruthy()
  expect(wallboard.getByText('…k3Pq')).toBeTruthy()
  expect(wallboard.getByText('2 minutes ago')).toBeTruthy()
  expect(wallboard.getByText('from 192.0.2.61 with status-board')).toBeTruthy()
  const bridge = await row('Ticket bridge')
  expect(bridge.getByText('Read and write')).toBeTruthy()
  expect(bridge.getByText('never')).toBeTruthy()
  expect(bridge.queryByText(/from/)).toBeNull()
  expect(bridge.getByText(/in 6 days/)).toBeTruthy()
  expect((await row('Old script')).getByText(/Expired/)).toBeTruthy()
  expect(screen.getByText('3 of 20. A token lives for at most 365 days.')).toBeTruthy()
})

test('a new token is shown once, copied, confirmed, and then listed without its secret', async () => {
  const { server, state } = createTokens([])
  const { user, client } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'New token' }))
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Staging smoke test')
  await user.click(screen.getByRole('switch', { name: /Read only/ }))
  await user.click(screen.getByRole('button', { name: 'Create token' }))

  const dialog = await screen.findByRole('dialog', { name: 'Store your token now' })
  expect(state.created).toMatchObject([{ name: 'Staging smoke test', readOnly: true }])
  expect(within(dialog).getByText(/“Staging smoke test”, read only, until/)).toBeTruthy()
  expect(within(dialog).getByRole<HTMLTextAreaElement>('textbox', { name: 'Token' }).value).toBe(secret)

  const confirm = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Confirm' })
  const tick = within(dialog).getByRole<HTMLInputElement>('checkbox', { name: /I have stored it/ })
  expect([confirm.disabled, tick.disabled]).toEqual([true, true])
  await user.keyboard('{Escape}')
  expect(screen.getByRole('dialog')).toBe(dialog)

  await user.click(within(dialog).getByRole('button', { name: 'Copy' }))
  expect(await within(dialog).findByRole('button', { name: 'Copied' })).toBeTruthy()
  expect(await navigator.clipboard.readText()).toBe(secret)
  expect(confirm.disabled).toBe(true)
  await user.click(tick)
  await user.click(confirm)

  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'New token' }))
  expect((await row('Staging smoke test')).getByText('…Q5Rk')).toBeTruthy()
  expect(document.documentElement.outerHTML).not.toContain(secret)
  expect(JSON.stringify(client.cache.extract())).not.toContain(secret)
})

test('a browser without a clipboard says so, and downloading counts as taking along', async () => {
  const { server } = createTokens([])
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'New token' }))
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Bridge')
  await user.click(screen.getByRole('button', { name: 'Create token' }))
  const dialog = await screen.findByRole('dialog', { name: 'Store your token now' })

  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('Denied'))
  await user.click(within(dialog).getByRole('button', { name: 'Copy' }))
  expect((await within(dialog).findByRole('alert')).textContent).toContain('The browser did not copy it.')

  const saved: string[] = []
  URL.createObjectURL = () => 'blob:token'
  URL.revokeObjectURL = () => {}
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download)
  })
  await user.click(within(dialog).getByRole('button', { name: 'Download' }))
  expect(saved).toEqual(['Bridge.txt'])
  await user.click(within(dialog).getByRole('checkbox'))
  await user.click(within(dialog).getByRole('button', { name: 'Confirm' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test.each([
  ['too many tokens', refusal('TOKEN_LIMIT_REACHED', { field: 'name' }), 'There are 20 tokens already.'],
  ['an empty name', refusal('BAD_USER_INPUT', { field: 'name', reason: 'EMPTY' }), 'Fill this in.'],
])('%s: nothing is made, and what was typed stays', async (_case, error, sentence) => {
  const { server, state } = createTokens([])
  state.refuse = error
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'New token' }))
  const name = screen.getByRole<HTMLInputElement>('textbox', { name: 'Name' })
  await user.type(name, 'Bridge')
  await user.click(screen.getByRole('button', { name: 'Create token' }))

  expect((await screen.findByRole('alert')).textContent).toContain('Nothing was saved.')
  expect(screen.getAllByText(new RegExp(sentence)).length).toBeGreaterThan(0)
  expect(name.value).toBe('Bridge')
  expect(document.activeElement).toBe(name)
})

test('a token is replaced by a new one, which is shown once, and works beside it for the time chosen', async () => {
  const { server, state } = createTokens([{ id: '1', name: 'Wallboard' }])
  const { user, client } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'Replace Wallboard' }))
  const form = await screen.findByRole('dialog', { name: 'Replace the token “Wallboard”' })
  const overlap = within(form).getByRole<HTMLInputElement>('combobox', {
    name: 'The old one goes on working',
  })
  expect(overlap.value).toBe('For a day')
  await user.click(overlap)
  await user.click(await screen.findByRole('option', { name: 'For a week' }))
  await user.click(within(form).getByRole('button', { name: 'Replace token' }))

  const dialog = await screen.findByRole('dialog', { name: 'Store your token now' })
  expect(state.rotated).toEqual([{ personalAccessTokenId: '1', overlapHours: 168 }])
  expect(within(dialog).getByText(/The old one works until/)).toBeTruthy()
  await user.click(within(dialog).getByRole('button', { name: 'Copy' }))
  await user.click(within(dialog).getByRole('checkbox', { name: /I have stored it/ }))
  await user.click(within(dialog).getByRole('button', { name: 'Confirm' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

  const [fresh, old] = (await screen.findAllByRole('rowheader')).map((header) => header.closest('tr'))
  expect(fresh?.textContent).toContain('…Q5Rk')
  expect(old?.textContent).toContain('Replaced, works until')
  expect(within(old ?? document.body).queryByRole('button', { name: 'Replace Wallboard' })).toBeNull()
  expect(screen.getByText('1 of 20. A token lives for at most 365 days.')).toBeTruthy()
  expect(document.documentElement.outerHTML).not.toContain(secret)
  expect(JSON.stringify(client.cache.extract())).not.toContain(secret)
})

test('a token that ends soon, or has ended, says in words that it can be replaced', async () => {
  const { server, state } = createTokens([
    { id: '1', name: 'Ticket bridge', expiresAt: daysFromNow(6.5) },
    { id: '2', name: 'Old script', expiresAt: daysFromNow(-1) },
  ])
  const { user } = openPage({ server })
  expect((await row('Ticket bridge')).getByText('Replace')).toBeTruthy()
  await user.click((await row('Old script')).getByText('Replace'))

  const form = await screen.findByRole('dialog', { name: 'Replace the token “Old script”' })
  expect(within(form).getByText('The old one has expired, and goes from the list.')).toBeTruthy()
  await user.click(within(form).getByRole('button', { name: 'Replace token' }))
  await screen.findByRole('dialog', { name: 'Store your token now' })
  expect(state.rotated).toEqual([{ personalAccessTokenId: '2', overlapHours: 0 }])
})

test('a token that was replaced meanwhile is not replaced again, and the dialog says so', async () => {
  const { server, state } = createTokens([{ id: '1', name: 'Wallboard' }])
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'Replace Wallboard' }))
  state.refuse = refusal('TOKEN_ALREADY_ROTATED', { field: 'personalAccessTokenId' })
  await user.click(await screen.findByRole('button', { name: 'Replace token' }))
  expect((await screen.findByRole('alert')).textContent).toContain('This token was replaced already.')
})

test('the form offers no longer life than the account allows, and says that it is the account', async () => {
  const { server, state } = createTokens([], 30)
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'New token' }))
  const form = await screen.findByRole('dialog', { name: 'New token' })
  expect(within(form).getByText(/Acme Networks lets a token live for at most 30 days\./)).toBeTruthy()
  await user.click(within(form).getByRole('combobox', { name: 'Expires' }))
  const options = await screen.findAllByRole('option')
  expect(options.map(({ textContent }) => textContent?.replace(/,.*/, ''))).toEqual(['7 days', '30 days'])

  await user.type(within(form).getByRole('textbox', { name: 'Name' }), 'Bridge')
  await user.click(within(form).getByRole('button', { name: 'Create token' }))
  await screen.findByRole('dialog', { name: 'Store your token now' })
  const [{ expiresAt } = {}] = state.created
  expect(Date.parse(String(expiresAt))).toBeLessThan(Date.now() + 30 * 86_400_000)
})

test('deleting asks first, and keeping is the safe answer', async () => {
  const { server } = createTokens([{ id: '1', name: 'Wallboard' }])
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'Delete Wallboard' }))
  await user.click(await screen.findByRole('button', { name: 'Keep it' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(await row('Wallboard')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Delete Wallboard' }))

  await user.click(screen.getByRole('button', { name: 'Delete Wallboard' }))
  await user.click(await screen.findByRole('button', { name: 'Delete token' }))
  expect(await screen.findByText('No tokens yet')).toBeTruthy()
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'New token' })),
  )
})

test('a token that could not be deleted is still listed, and the dialog says why', async () => {
  const { server, state } = createTokens([{ id: '1', name: 'Wallboard' }])
  const { user } = openPage({ server })
  await user.click(await screen.findByRole('button', { name: 'Delete Wallboard' }))
  state.refuse = refusal('INTERNAL')
  await user.click(await screen.findByRole('button', { name: 'Delete token' }))
  expect((await screen.findByRole('alert')).textContent).toBe('The server failed.')
  await user.click(screen.getByRole('button', { name: 'Keep it' }))
  expect(await row('Wallboard')).toBeTruthy()
})

test('on a phone the tokens are a list that says the same', async () => {
  const desk = window.matchMedia('')
  vi.spyOn(window, 'matchMedia').mockReturnValue({ ...desk, matches: true })
  const use = {
    lastUsedAt: daysFromNow(0),
    lastUsedAddress: '192.0.2.61',
    lastUsedDevice: 'status-board',
  }
  const { server } = createTokens([
    { id: '1', name: 'Wallboard', readOnly: true },
    { id: '2', name: 'Status board', ...use },
  ])
  openPage({ server })

  const item = (await screen.findByText('Wallboard')).closest('li')
  expect(item?.textContent).toContain('Read only · …k3Pq')
  expect(item?.textContent).toContain('Last used: never')
  const used = screen.getByText('Status board').closest('li')
  expect(used?.textContent).toContain('from 192.0.2.61 with status-board')
  expect(screen.queryByRole('table')).toBeNull()
})
