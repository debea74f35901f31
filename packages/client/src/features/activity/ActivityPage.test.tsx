import { activityActions } from '@lanyard/contract/activity-action'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ViewerProvider } from '../../app/viewer.tsx'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { ActivityPage } from './ActivityPage.tsx'

const mara = { id: 'user-1', name: 'Mara Lindqvist' }

const entry = (id: string, more: object = {}) => ({
  id,
  actor: mara,
  tokenName: null,
  action: 'SIGNED_IN',
  subject: '',
  account: null,
  changes: [],
  at: '2026-11-03T08:09:00.000Z',
  address: '198.51.100.23',
  device: 'Firefox on Linux',
  ...more,
})

function createHistory(entries: ReturnType<typeof entry>[], pageSize = 25) {
  const state = { refuse: undefined as Error | undefined }
  const server = createServerDouble({
    me: {
      id: mara.id,
      activity: ({ after }: { after?: string }) => {
        if (state.refuse) throw state.refuse
        const start = after ? entries.findIndex(({ id }) => id === after) + 1 : 0
        const page = entries.slice(start, start + pageSize)
        return {
          edges: page.map((node) => ({ cursor: node.id, node })),
          pageInfo: { hasNextPage: start + pageSize < entries.length, endCursor: page.at(-1)?.id ?? null },
        }
      },
    },
    notificationEventTypes: [{ id: 'JOB_RESCHEDULED', name: 'Job moved', category: 'Tasks and jobs' }],
  })
  const view = renderPage(
    <ViewerProvider viewer={{ ...mara, avatarUrl: null, emojiMode: false, superAdmin: false }}>
      <ActivityPage />
    </ViewerProvider>,
    { server },
  )
  return { ...view, state }
}

const lines = async () =>
  within(await screen.findByRole('list', { name: 'Activity' })).findAllByRole('listitem')

test('a line says who did what, and from where', async () => {
  createHistory([
    entry('4', { action: 'TOKEN_CREATED', subject: 'Import script' }),
    entry('3', {
      actor: { id: 'user-2', name: 'Imre Valdano' },
      action: 'NOTIFICATION_RULE_SET',
      subject: 'Acme Networks',
    }),
    entry('2', { tokenName: 'Ticket bridge', action: 'PROFILE_UPDATED', device: 'curl' }),
    entry('1', { actor: null, action: 'USER_CREATED', device: null, address: null }),
  ])
  const [own, others, tokens, lanyards] = (await lines()).map((line) => line.textContent)
  expect(own).toContain('You created the access token Import script')
  expect(own).toContain('Firefox on Linux, 198.51.100.23')
  expect(others).toContain('Imre Valdano changed your notification rule in Acme Networks')
  expect(tokens).toContain('Ticket bridge changed your profile')
  expect(tokens).toContain('Token Ticket bridge, curl, 198.51.100.23')
  expect(lanyards).toContain('Lanyard created your user')
})

test.each([...activityActions, 'SOMETHING_NEWER'])(
  '%s has a sentence, told of oneself and of others',
  async (action) => {
    createHistory([
      entry('2', { action, subject: 'Subject' }),
      entry('1', { action, subject: 'Subject', actor: { id: 'user-2', name: 'Imre Valdano' } }),
    ])
    const [own, other] = (await lines()).map((line) => line.textContent)
    expect(own).toMatch(/You \w+/)
    expect(other).toMatch(/Imre Valdano \w+/)
    expect(`${own}${other}`).not.toMatch(/[{}<>]/)
  },
)

test('a line opens to what it was before and after', async () => {
  const { user } = createHistory([
    entry('1', {
      action: 'NOTIFICATION_PREFERENCES_SET',
      subject: 'Acme Networks',
      account: { id: 'account-1', name: 'Acme Networks' },
      changes: [{ field: 'JOB_RESCHEDULED', before: 'IN_APP', after: '' }],
    }),
  ])
  const line = await screen.findByRole('button', { expanded: false })
  await user.click(line)

  expect(line.getAttribute('aria-expanded')).toBe('true')
  const change = screen.getByText('Job moved').parentElement
  expect(change?.textContent).toBe('Job movedbefore: In-app → after: nothing')
  await user.click(line)
  expect(screen.queryByText('Job moved')).toBeNull()
})

test('a line without details is not a button', async () => {
  createHistory([entry('1')])
  await lines()
  expect(screen.queryByRole('button')).toBeNull()
})

test('older lines come on demand', async () => {
  const { user } = createHistory([entry('3'), entry('2'), entry('1')], 2)
  expect(await lines()).toHaveLength(2)
  await user.click(screen.getByRole('button', { name: 'Show more' }))
  await waitFor(async () => expect(await lines()).toHaveLength(3))
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('a history that could not be loaded says why and can be asked for again', async () => {
  const server = createServerDouble({
    me: { id: mara.id, activity: { edges: [], pageInfo: { hasNextPage: false } } },
    notificationEventTypes: [],
  })
  let refuse = true
  const send: typeof fetch = (url, init) => {
    if (!refuse) return server.send(url, init)
    return Promise.resolve(
      Response.json({
        errors: [{ message: 'x', extensions: { code: 'INTERNAL', requestId: '7f3c-91ab' } }],
      }),
    )
  }
  const { user } = renderPage(<ActivityPage />, { server: { ...server, send } })
  expect((await screen.findByRole('alert')).textContent).toContain('Request 7f3c-91ab.')

  refuse = false
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('Nothing has happened yet')).toBeTruthy()
})

test('an older page that does not come leaves what is there', async () => {
  const { user, state } = createHistory([entry('2'), entry('1')], 1)
  const more = await screen.findByRole('button', { name: 'Show more' })
  state.refuse = refusal('RATE_LIMITED', { retryAfterSeconds: 5 })
  await user.click(more)
  expect((await screen.findByRole('alert')).textContent).toContain('Not loaded: Too many tries.')
  expect(await lines()).toHaveLength(1)
})

test('a name that looks like markup, or like a part of the sentence, is shown as it is', async () => {
  createHistory([
    entry('2', { action: 'TOKEN_CREATED', subject: '<b>Bridge</b> <0>of</0> <1/>' }),
    entry('1', { actor: { id: 'user-2', name: '<script>ran()</script>' }, action: 'SIGNED_OUT' }),
  ])
  const [made, signedOut] = await lines()
  expect(made?.textContent).toContain('<b>Bridge</b> <0>of</0> <1/>')
  expect(signedOut?.textContent).toContain('<script>ran()</script> signed you out')
})
