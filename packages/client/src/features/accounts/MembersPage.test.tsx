import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { CurrentAccountProvider } from '../../app/current-account.tsx'
import { ViewerProvider } from '../../app/viewer.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { MembersPage } from './MembersPage.tsx'

const pageSize = 3
const acme = { id: 'a1', name: 'Acme Networks' }
const northwind = { id: 'a2', name: 'Northwind Fibre' }

interface Stored {
  id: string
  name: string
  role?: string
  enabled?: boolean
  twoFactorEnabled?: boolean
}

interface Given {
  members?: Stored[]
  permissions?: string[]
  superAdmin?: boolean
  /** Whose account it is, by name. */
  owner?: string
  isInAnother?: boolean
  refuse?: Error
}

const everybody: Stored[] = [
  { id: 'm4', name: 'Robin', role: 'Dispatcher', twoFactorEnabled: true },
  { id: 'm3', name: 'Sascha', role: 'Owner' },
  { id: 'm2', name: 'Mara', role: 'Administrator' },
  { id: 'm1', name: 'Kim', role: 'Technician', enabled: false },
]

/** Acme Networks, as Mara sees it. */
function openPage(given: Given = {}) {
  const {
    members = everybody,
    permissions = ['members.manage'],
    superAdmin = false,
    owner = 'Sascha',
  } = given
  const state = {
    refuse: given.refuse,
    inputs: [] as object[],
    members: members.map(({ id, name, role = 'Member', ...standing }) => ({
      id,
      enabled: true,
      twoFactorEnabled: false,
      ...standing,
      roles: [{ id: `r-${role}`, name: role, permissions: [] }],
      user: { id: `u-${name}`, name, username: name.toLowerCase(), avatarUrl: null },
    })),
  }
  const personOf = (name: string) => ({
    id: `u-${name}`,
    name,
    username: name.toLowerCase(),
    avatarUrl: null,
  })
  const memberships = [
    { accountUserId: 'm2', account: acme, closed: null, permissions },
    ...(given.isInAnother === false
      ? []
      : [{ accountUserId: 'n1', account: northwind, closed: null, permissions: [] }]),
  ]
  const check = () => {
    if (state.refuse) throw state.refuse
  }
  const me = () => ({
    ...personOf('Mara'),
    accountUsers: memberships
      .filter(({ accountUserId }) => accountUserId !== 'm2' || state.members.some(({ id }) => id === 'm2'))
      .map(({ accountUserId }) => ({
        id: accountUserId,
        roles: [{ id: 'r-Administrator', name: 'Administrator', permissions: [] }],
      })),
  })
  const server = createServerDouble({
    me,
    account: () => {
      check()
      return {
        ...acme,
        owner: personOf(owner),
        accountUsers: ({ after }: { after?: string | null }) => {
          const start = after ? state.members.findIndex(({ id }) => id === after) + 1 : 0
          const page = state.members.slice(start, start + pageSize)
          return {
            edges: page.map((node) => ({ cursor: node.id, node })),
            pageInfo: {
              hasNextPage: start + pageSize < state.members.length,
              hasPreviousPage: start > 0,
              startCursor: page[0]?.id,
              endCursor: page.at(-1)?.id,
            },
            totalCount: state.members.length,
          }
        },
      }
    },
    removeAccountUser: ({ input }: { input: { accountUserId: string } }) => {
      check()
      state.inputs.push(input)
      state.members = state.members.filter(({ id }) => id !== input.accountUserId)
      return { removedId: input.accountUserId, me: me() }
    },
    setUserEnabled: ({ input }: { input: { userId: string; enabled: boolean } }) => {
      check()
      state.inputs.push(input)
      return { me: me() }
    },
  })
  const current = { accountUserId: 'm2', account: acme, closed: null, permissions, memberships }
  const viewer = { ...personOf('Mara'), emojiMode: false, superAdmin }
  const page = (
    <main tabIndex={-1}>
      <ViewerProvider viewer={viewer}>
        <CurrentAccountProvider current={current}>
          <MembersPage />
        </CurrentAccountProvider>
      </ViewerProvider>
    </main>
  )
  return { ...renderPage(page, { server, path: '/settings/members?account=a1' }), server, state }
}

const rowOf = async (name: string) => {
  const shown = await within(await screen.findByRole('list', { name: 'Members' })).findByText(name)
  const row = shown.closest('li')
  if (!row) throw new Error(`${name} is in no row`)
  return within(row)
}

test('a row says who it is, what they are and whether they can sign in; more come page by page', async () => {
  const { user } = openPage()
  expect((await rowOf('Robin')).getByText('Dispatcher · two-factor on')).toBeTruthy()
  expect((await rowOf('Robin')).getByText('@robin')).toBeTruthy()
  expect((await rowOf('Mara')).getByText('You')).toBeTruthy()
  expect(screen.getByText('4 members')).toBeTruthy()
  expect(screen.queryByText('Kim')).toBeNull()

  await user.click(screen.getByRole('button', { name: 'Show more' }))
  expect((await rowOf('Kim')).getByText('Disabled')).toBeTruthy()
  expect((await rowOf('Kim')).getByText('Technician · two-factor off')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('somebody is taken out after a question that says what ends, and all others stay where they are', async () => {
  const { user, state } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Show more' }))
  await rowOf('Kim')
  await user.click(screen.getByRole('button', { name: 'Remove from account: Robin' }))
  const question = await screen.findByRole('dialog', { name: 'Remove Robin from Acme Networks?' })
  expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Change nothing' }))
  expect(within(question).getByText(/programs that act for them here are refused/)).toBeTruthy()
  await user.click(within(question).getByRole('button', { name: 'Remove from account' }))

  await waitFor(() => expect(screen.queryByText('Robin')).toBeNull())
  expect(state.inputs).toEqual([{ accountUserId: 'm4' }])
  for (const name of ['Sascha', 'Mara', 'Kim']) await rowOf(name)
  expect(screen.getByText('3 members')).toBeTruthy()
  expect(await screen.findByText('Robin was removed from Acme Networks')).toBeTruthy()
})

test('somebody who could not be taken out is still listed, and the question says why', async () => {
  const { user, state } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Remove from account: Robin' }))
  state.refuse = refusal('LAST_ADMINISTRATOR', { field: 'accountUserId' })
  await user.click(await screen.findByRole('button', { name: 'Remove from account' }))
  expect((await screen.findByRole('alert')).textContent).toBe(
    'An account needs its owner. Hand it over first.',
  )
  await user.click(screen.getByRole('button', { name: 'Change nothing' }))
  await rowOf('Robin')
})

test('where a button would be refused there is none, but the reason', async () => {
  openPage()
  const own = await rowOf('Mara')
  expect(own.queryByRole('button')).toBeNull()
  expect(own.getByText('Leaving is at the end of this page.')).toBeTruthy()
  const owner = await rowOf('Sascha')
  expect(owner.queryByRole('button')).toBeNull()
  expect(owner.getByText('Owns Acme Networks, and stays until somebody else does.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Disable the user/ })).toBeNull()
})

test('a super admin disables and enables whoever is not themselves, after a question', async () => {
  const { user, state } = openPage({ superAdmin: true })
  expect((await rowOf('Mara')).queryByRole('button')).toBeNull()
  expect((await rowOf('Sascha')).getByRole('button', { name: 'Disable the user Sascha' })).toBeTruthy()

  await user.click(await screen.findByRole('button', { name: 'Disable the user Robin' }))
  const question = await screen.findByRole('dialog', { name: 'Disable the user Robin?' })
  expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Change nothing' }))
  expect(within(question).getByText(/is signed out everywhere/)).toBeTruthy()
  state.refuse = refusal('FORBIDDEN')
  await user.click(within(question).getByRole('button', { name: 'Disable user' }))
  expect((await within(question).findByRole('alert')).textContent).toBe(
    'You do not have permission to do this.',
  )
  state.refuse = undefined
  await user.click(within(question).getByRole('button', { name: 'Disable user' }))
  expect(await (await rowOf('Robin')).findByText('Disabled')).toBeTruthy()

  await user.click(screen.getByRole('button', { name: 'Enable the user Robin' }))
  await user.click(await screen.findByRole('button', { name: 'Enable user' }))
  await waitFor(async () => expect((await rowOf('Robin')).queryByText('Disabled')).toBeNull())
  expect(state.inputs).toEqual([
    { userId: 'u-Robin', enabled: false },
    { userId: 'u-Robin', enabled: true },
  ])
})

test('a plain member sees their own row and the way out, and the server is not asked for others', async () => {
  const { server } = openPage({ permissions: [] })
  const own = await rowOf('Mara')
  expect(own.getByText('Administrator')).toBeTruthy()
  expect(own.getByText('The account is owned by Sascha.')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Leave…' })).toBeTruthy()
  expect(server.received.map(({ operationName }) => operationName)).toEqual(['OwnMembership'])
})

test('whoever leaves goes on in another account of theirs', async () => {
  const { user, state, router } = openPage()
  await user.click(await screen.findByRole('button', { name: 'Leave…' }))
  const question = await screen.findByRole('dialog', { name: 'Leave Acme Networks?' })
  expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Stay' }))
  await user.click(within(question).getByRole('button', { name: 'Leave' }))
  await waitFor(() => expect(router.state.location.search).toBe('?account=a2'))
  expect(router.state.location.pathname).toBe('/settings/profile')
  expect(state.inputs).toEqual([{ accountUserId: 'm2' }])
  expect(await screen.findByText('You have left Acme Networks')).toBeTruthy()
})

test('whoever leaves their only account goes on to their profile', async () => {
  const { user, router } = openPage({ permissions: [], isInAnother: false })
  await user.click(await screen.findByRole('button', { name: 'Leave…' }))
  await user.click(await screen.findByRole('button', { name: 'Leave' }))
  await waitFor(() => expect(router.state.location.pathname).toBe('/settings/profile'))
  expect(router.state.location.search).toBe('')
})

test('the owner reads why they cannot leave, and who can help', async () => {
  openPage({ owner: 'Mara' })
  expect(await screen.findByText(/ask whoever runs this server to hand it over/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Leave…' })).toBeNull()
})

test('what could not be loaded says so and why, and is asked for again', async () => {
  const { user, state } = openPage({ refuse: refusal('INTERNAL') })
  expect(await screen.findByText('The members could not be loaded')).toBeTruthy()
  expect(screen.getByText('Your membership could not be loaded')).toBeTruthy()
  state.refuse = undefined
  for (const again of screen.getAllByRole('button', { name: 'Try again' })) await user.click(again)
  await rowOf('Robin')
  expect(await screen.findByRole('button', { name: 'Leave…' })).toBeTruthy()
})
