import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { StepUp } from '../../app/StepUp.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { AccountTokens } from './AccountTokens.tsx'

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const pageSize = 2

interface Stored {
  id: string
  name: string
  owner: string
  readOnly?: boolean
  expiresAt?: string
  replacedAt?: string
}

function createAccount(stored: Stored[]) {
  const state = {
    refuse: undefined as Error | undefined,
    policies: [] as number[],
    longestTokenDays: 365,
    tokens: stored.map(({ owner, ...token }) => ({
      lastFour: 'k3Pq',
      createdAt: daysFromNow(-60),
      lastUsedAt: null,
      lastUsedAddress: null,
      lastUsedDevice: null,
      expiresAt: daysFromNow(60),
      readOnly: false,
      replacedAt: null as string | null,
      ...token,
      owner: { id: owner, name: owner, username: owner.toLowerCase() },
    })),
  }
  const account = () => ({
    id: 'account-1',
    name: 'Acme Networks',
    longestTokenDays: state.longestTokenDays,
    personalAccessTokens: ({ after }: { after?: string | null }) => {
      const start = after ? state.tokens.findIndex(({ id }) => id === after) + 1 : 0
      const page = state.tokens.slice(start, start + pageSize)
      return {
        edges: page.map((node) => ({ cursor: node.id, node })),
        pageInfo: {
          hasNextPage: start + pageSize < state.tokens.length,
          hasPreviousPage: start > 0,
          startCursor: page[0]?.id,
          endCursor: page.at(-1)?.id,
        },
        totalCount: state.tokens.length,
      }
    },
  })
  const check = () => {
    if (state.refuse) throw state.refuse
  }
  const server = createServerDouble({
    account: () => {
      check()
      return account()
    },
    setTokenPolicy: ({ input }: { input: { longestTokenDays: number } }) => {
      check()
      state.policies.push(input.longestTokenDays)
      state.longestTokenDays = input.longestTokenDays
      return { account: account() }
    },
    me: {
      id: 'sascha',
      username: 'sascha',
      stepUp: { methods: ['PASSWORD'], ssoUrl: null, validUntil: daysFromNow(0) },
    },
    confirmStepUp: () => {
      state.refuse = undefined
      return { validUntil: daysFromNow(1) }
    },
    revokePersonalAccessToken: ({ input }: { input: { personalAccessTokenId: string } }) => {
      check()
      state.tokens = state.tokens.filter(({ id }) => id !== input.personalAccessTokenId)
      return { removedId: input.personalAccessTokenId, account: account() }
    },
    revokeAccountTokens: () => {
      check()
      const revoked = state.tokens.length
      state.tokens = []
      return { revoked }
    },
  })
  return { server, state }
}

function open({ server }: Pick<ReturnType<typeof createAccount>, 'server'>, mayManageAccount = true) {
  const tokens = <AccountTokens accountId="account-1" mayManageAccount={mayManageAccount} />
  return renderPage(<main tabIndex={-1}>{tokens}</main>, { server })
}

const some: Stored[] = [
  { id: '3', name: 'Wallboard', owner: 'Robin', readOnly: true },
  { id: '2', name: 'Ticket bridge', owner: 'Sascha', expiresAt: daysFromNow(2.5) },
  { id: '1', name: 'Old script', owner: 'Robin', replacedAt: daysFromNow(0) },
]

const findPolicy = () =>
  screen.findByRole<HTMLInputElement>('combobox', { name: 'Longest life of new tokens' })

afterEach(() => {
  vi.restoreAllMocks()
})

test('a row says whose token it is, what it may do and when it ends; more come page by page', async () => {
  const { user } = open(createAccount(some))
  const first = (await screen.findByRole('rowheader', { name: /Wallboard/ })).closest('tr')
  expect(first?.textContent).toContain('Robin @robin')
  expect(first?.textContent).toContain('Read only')
  expect(screen.getByText(/in 2 days/)).toBeTruthy()
  expect(screen.getByText('3 tokens')).toBeTruthy()
  expect(screen.queryByText(/Old script/)).toBeNull()

  await user.click(screen.getByRole('button', { name: 'Show more' }))
  const last = (await screen.findByRole('rowheader', { name: /Old script/ })).closest('tr')
  expect(last?.textContent).toContain('Replaced, works until')
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('an administrator ends one token after a question, and all others stay where they are', async () => {
  const { server, state } = createAccount(some)
  const { user } = open({ server })
  await user.click(await screen.findByRole('button', { name: 'Show more' }))
  await screen.findByRole('rowheader', { name: /Old script/ })
  await user.click(screen.getByRole('button', { name: 'Revoke Wallboard of Robin' }))
  const question = await screen.findByRole('dialog', { name: 'Revoke the token “Wallboard” of Robin?' })
  expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Keep it' }))
  expect(within(question).getByText(/Robin is told by mail that you did it\./)).toBeTruthy()
  await user.click(within(question).getByRole('button', { name: 'Revoke token' }))

  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(state.tokens.map(({ id }) => id)).toEqual(['2', '1'])
  const headers = screen.getAllByRole('rowheader').map(({ textContent }) => textContent)
  expect(headers).toEqual([expect.stringContaining('Ticket bridge'), expect.stringContaining('Old script')])
  expect(screen.getByText('2 tokens')).toBeTruthy()
})

test('a token that could not be ended is still listed, and the question says why', async () => {
  const { server, state } = createAccount(some)
  const { user } = open({ server })
  await user.click(await screen.findByRole('button', { name: 'Revoke Wallboard of Robin' }))
  state.refuse = refusal('FORBIDDEN')
  await user.click(await screen.findByRole('button', { name: 'Revoke token' }))
  expect((await screen.findByRole('alert')).textContent).toBe('You do not have permission to do this.')
  await user.click(screen.getByRole('button', { name: 'Keep it' }))
  expect(await screen.findByRole('rowheader', { name: /Wallboard/ })).toBeTruthy()
})

test('all of them end after a question that says what follows', async () => {
  const { user } = open(createAccount(some))
  await user.click(await screen.findByRole('button', { name: 'Revoke all…' }))
  const question = await screen.findByRole('dialog', { name: 'Revoke every token of Acme Networks?' })
  expect(within(question).getByText(/yours too/)).toBeTruthy()
  await user.click(within(question).getByRole('button', { name: 'Revoke all tokens' }))
  expect(await screen.findByText('No tokens')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Revoke all…' })).toBeNull()
  await waitFor(() => expect(document.activeElement).not.toBe(document.body))
})

test('the longest life of tokens saves as it is chosen, and goes back when it is refused', async () => {
  const { server, state } = createAccount([])
  const { user } = open({ server })
  const policy = await findPolicy()
  expect(policy.value).toBe('1 year')
  await user.click(policy)
  await user.click(await screen.findByRole('option', { name: '30 days' }))
  await waitFor(() => expect(state.policies).toEqual([30]))
  await waitFor(() => expect(policy.value).toBe('30 days'))

  state.refuse = refusal('FORBIDDEN')
  await user.click(policy)
  await user.click(await screen.findByRole('option', { name: '7 days' }))
  expect((await screen.findAllByText(/You do not have permission to do this\./)).length).toBeGreaterThan(0)
  expect([state.policies, policy.value]).toEqual([[30], '30 days'])
})

test('a longest life waits for a fresh proof where one is asked for, and goes back without', async () => {
  const { server, state } = createAccount([])
  const page = (
    <main tabIndex={-1}>
      <AccountTokens accountId="account-1" mayManageAccount />
      <StepUp />
    </main>
  )
  const { user } = renderPage(page, { server })
  const policy = await findPolicy()
  const choose = async (days: string) => {
    state.refuse = refusal('STEP_UP_REQUIRED')
    await user.click(policy)
    await user.click(await screen.findByRole('option', { name: days }))
    return within(await screen.findByRole('dialog', { name: 'Confirm that it is you' }))
  }
  const question = await choose('30 days')
  expect([state.policies, policy.value]).toEqual([[], '30 days'])
  await user.type(question.getByLabelText('Password'), 'right{Enter}')
  await waitFor(() => expect(state.policies).toEqual([30]))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

  await choose('7 days')
  await user.keyboard('{Escape}')
  expect((await screen.findAllByText(/Confirm that it is you, then try again\./)).length).toBeGreaterThan(0)
  expect([state.policies, policy.value]).toEqual([[30], '30 days'])
})

test('a life that the list does not offer is shown as it is', async () => {
  const { server, state } = createAccount([])
  state.longestTokenDays = 45
  open({ server })
  expect((await findPolicy()).value).toBe('45 days')
})

test('who does not manage the account sees the policy, and why it cannot be changed', async () => {
  open(createAccount(some), false)
  expect((await findPolicy()).disabled).toBe(true)
  expect(screen.getByText('Only those who manage the account can change it.')).toBeTruthy()
})

test('what cannot be loaded says why, and is asked for again', async () => {
  const { server, state } = createAccount(some)
  state.refuse = refusal('FORBIDDEN')
  const { user } = open({ server })
  expect(await screen.findByText('The access tokens could not be loaded')).toBeTruthy()
  state.refuse = undefined
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('rowheader', { name: /Wallboard/ })).toBeTruthy()
})

test('on a phone the tokens are a list that says the same', async () => {
  const desk = window.matchMedia('')
  vi.spyOn(window, 'matchMedia').mockReturnValue({ ...desk, matches: true })
  open(createAccount(some))
  const item = (await screen.findByText('Wallboard')).closest('li')
  expect(item?.textContent).toContain('Robin @robin')
  expect(item?.textContent).toContain('Read only · …k3Pq')
  expect(screen.queryByRole('table')).toBeNull()
})
