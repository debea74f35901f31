import { useQuery } from '@apollo/client/react'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ContactsDocument } from '../../graphql/generated.ts'
import { emailDouble, phoneDouble } from '../../test/contacts-double.ts'
import { renderPage } from '../../test/render-page.tsx'
import { createServerDouble, refusal } from '../../test/server-double.ts'
import { DefaultChannels } from './DefaultChannels.tsx'
import { SenderCard } from './SenderCard.tsx'

const verifiedAt = '2025-03-14T08:00:00Z'
const health = { lastDeliveredAt: null, lastFailedAt: null, lastFailedReason: null, lastFailedDetail: null }
const order = ['PUSH', 'SMS', 'VOICE', 'WHATSAPP', 'SLACK', 'EMAIL']

function openSections(chosen: string[], needs: Record<string, string> = {}) {
  const state = { chosen, refuse: undefined as Error | undefined, arrived: [] as string[][] }
  const me = {
    id: 'u1',
    notificationChannels: () => state.chosen,
    emails: [
      emailDouble({ id: 'e1', address: 'old@example.com', primary: true }),
      emailDouble({ id: 'e2', address: 'mara@example.com', verifiedAt }),
    ],
    phones: [
      phoneDouble({
        id: 'p1',
        number: '+12025550142',
        verifiedAt,
        primary: true,
        blockedChannels: ['SMS'],
      }),
      phoneDouble({ id: 'p2', number: '+12025550178', verifiedAt }),
    ],
    pushDevices: ['d1', 'd2'].map((id) => ({
      id,
      name: 'Chrome on Android',
      createdAt: verifiedAt,
      health,
    })),
    slackLinks: [{ id: 's1', handle: 'mara', workspace: 'acme', linkedAt: verifiedAt, health }],
    channels: order.map((channel) => ({
      channel,
      configured: needs[channel] !== 'NOT_CONFIGURED',
      missing: needs[channel] ?? null,
      provenBy: 'CODE',
      alertsOnly: channel === 'VOICE',
    })),
  }
  const server = createServerDouble({
    me,
    setNotificationChannels: ({ input }: { input: { channels: string[] } }) => {
      state.arrived.push(input.channels)
      if (state.refuse) throw state.refuse
      state.chosen = input.channels
      return { me }
    },
  })
  return { state, ...renderPage(<Sections />, { server }) }
}

function Sections() {
  const { data } = useQuery(ContactsDocument)
  if (!data?.me) return null
  return (
    <>
      <DefaultChannels user={data.me} />
      <SenderCard user={data.me} />
    </>
  )
}

const box = (name: string) => screen.findByRole<HTMLInputElement>('checkbox', { name })
const helpOf = (input: HTMLElement) =>
  document
    .getElementById(input.getAttribute('aria-describedby') ?? '')
    ?.textContent?.replaceAll('\u00A0', ' ')

test('each channel says where it leads: to an address that can be used over it', async () => {
  openSections([])
  for (const [name, help] of [
    ['Push', '2 devices'],
    ['Text message', '+1 202 555 0178'],
    ['Call', '+1 202 555 0142, only when an alert opens'],
    ['WhatsApp', '+1 202 555 0142'],
    ['Slack', '@mara'],
    ['Email', 'mara@example.com'],
  ] as const) {
    expect(helpOf(await box(name))).toBe(help)
  }
})

test('a box saves at once, with all that are ticked', async () => {
  const { user, state } = openSections(['PUSH'])
  expect((await box('Push')).checked).toBe(true)
  await user.click(await box('Email'))
  await user.click(await box('Push'))

  await waitFor(() => expect(state.arrived).toEqual([['PUSH', 'EMAIL'], ['EMAIL']]))
  expect(await screen.findAllByText('Saved')).not.toHaveLength(0)
  expect([(await box('Push')).checked, (await box('Email')).checked]).toEqual([false, true])
})

test('a refused choice goes back, says why, and can be tried again', async () => {
  const { user, state } = openSections([])
  state.refuse = refusal('INTERNAL')
  await user.click(await box('Email'))
  const tryAgain = await screen.findByRole('button', { name: 'Try again' })
  expect((await box('Email')).checked).toBe(false)

  state.refuse = undefined
  await user.click(tryAgain)
  await waitFor(async () => expect((await box('Email')).checked).toBe(true))
})

test('a channel that lacks something is off, says what, and leads to where it is mended', async () => {
  openSections([], {
    PUSH: 'DEVICE',
    SMS: 'VERIFIED_PHONE',
    SLACK: 'SLACK_LINK',
    EMAIL: 'PROVEN_EMAIL',
  })
  for (const [name, help, href] of [
    ['Push', 'Register a device first.', '#devices'],
    ['Text message', 'Verify a phone first.', '#phones'],
    ['Slack', 'Link Slack first.', '#devices'],
    ['Email', 'Prove an email first.', '#emails'],
  ] as const) {
    const input = await box(name)
    expect([input.disabled, helpOf(input)]).toEqual([true, help])
    const link = within(input.closest('div[data-off]') ?? document.body).getByRole('link')
    expect(link.getAttribute('href')).toBe(href)
  }
})

test('a channel that was chosen and lost its address can still be given up', async () => {
  const { user, state } = openSections(['SLACK'], { SLACK: 'SLACK_LINK' })
  const slack = await box('Slack')
  expect([slack.checked, slack.disabled]).toEqual([true, false])
  await user.click(slack)
  await waitFor(() => expect(state.arrived).toEqual([[]]))
  expect(screen.getByText(/With no channel chosen, an alert that no rule handles/)).toBeTruthy()
})

test('a channel that this server does not have says so, and why on demand', async () => {
  const { user } = openSections([], { WHATSAPP: 'NOT_CONFIGURED' })
  expect((await box('WhatsApp')).disabled).toBe(true)
  const why = screen.getByRole('button', { name: 'Why?' })
  expect(why.getAttribute('aria-expanded')).toBe('false')
  await user.click(why)
  expect(screen.getByText(/has named no carrier for it/).closest('[hidden]')).toBeNull()
})

test('the numbers that call can be saved as a contact; a server that has none says so', async () => {
  const { unmount } = openSections([])
  expect((await screen.findByRole('link', { name: 'Download contact card' })).getAttribute('href')).toBe(
    '/sender-card.vcf',
  )
  unmount()

  const none = { SMS: 'NOT_CONFIGURED', VOICE: 'NOT_CONFIGURED', WHATSAPP: 'NOT_CONFIGURED' }
  openSections([], none)
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: 'Download contact card' })
  expect(button.disabled).toBe(true)
  expect(screen.getByText(/there are no numbers to save/)).toBeTruthy()
})
