import { BlockedReason } from '../contacts/blocked-reason.ts'
import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { DemoAccount, DemoPerson } from './demo-people.ts'

const day = 24 * 60

/** A second email, proven long ago, to which nothing is sent any more. */
export interface DemoBlockedEmail {
  address: string
  provenMinutesAgo: number
  lastDeliveredMinutesAgo: number
  blocked: { minutesAgo: number; reason: BlockedReason; failure: DeliveryReason; detail: string }
}

/** A second phone whose code nobody has typed in. */
export interface DemoUnprovenPhone {
  number: string
  country: string
  addedMinutesAgo: number
}

/** A browser that takes pushes. Its service is nowhere, as everything in the demonstration is caught. */
export interface DemoDevice {
  name: string
  registeredMinutesAgo: number
}

export interface DemoSlackLink {
  handle: string
  workspace: string
  linkedMinutesAgo: number
}

/** Something that was sent, over the primary email, the primary phone, a device by its name, or Slack. */
export interface DemoDelivery {
  minutesAgo: number
  to: 'email' | 'phone' | 'slack' | { device: string }
  channel: CarriedChannel
  /** Absent: a test. */
  event?: { account: DemoAccount; type: string; title: string }
}

/** What people of the demonstration have beside their proven primary email and phone. */
export const demoContacts: Partial<
  Record<
    DemoPerson,
    {
      emails?: DemoBlockedEmail[]
      phones?: DemoUnprovenPhone[]
      devices: DemoDevice[]
      slackLinks: DemoSlackLink[]
      deliveries: DemoDelivery[]
    }
  >
> = {
  mara: {
    emails: [
      {
        address: 'mara@fieldops.example.com',
        provenMinutesAgo: 29 * day,
        lastDeliveredMinutesAgo: 22 * day,
        blocked: {
          minutesAgo: 20 * day,
          reason: BlockedReason.BOUNCE,
          failure: DeliveryReason.BOUNCED,
          detail: '550 5.1.1 mailbox does not exist',
        },
      },
    ],
    phones: [{ number: '+12025550178', country: 'US', addedMinutesAgo: 7 }],
    devices: [
      { name: 'Chrome on Android', registeredMinutesAgo: 26 * day },
      { name: 'Firefox on Linux', registeredMinutesAgo: 24 * day },
    ],
    slackLinks: [{ handle: 'mara', workspace: 'acme-networks', linkedMinutesAgo: 25 * day }],
    deliveries: [
      { minutesAgo: 11 * 60, to: { device: 'Firefox on Linux' }, channel: Channel.PUSH },
      { minutesAgo: 9 * 60, to: 'slack', channel: Channel.SLACK },
      {
        minutesAgo: 150,
        to: 'email',
        channel: Channel.EMAIL,
        event: { account: 'acme', type: 'TICKET_ASSIGNED', title: 'Ticket 4711 assigned to you' },
      },
      {
        minutesAgo: 95,
        to: 'phone',
        channel: Channel.SMS,
        event: { account: 'acme', type: 'JOB_ASSIGNED', title: 'Replace the splitter in cabinet 12' },
      },
      { minutesAgo: 25, to: 'email', channel: Channel.EMAIL },
      { minutesAgo: 4, to: { device: 'Chrome on Android' }, channel: Channel.PUSH },
      { minutesAgo: 3, to: 'phone', channel: Channel.SMS },
    ],
  },
  imre: {
    devices: [{ name: 'Safari on macOS', registeredMinutesAgo: 20 * day }],
    slackLinks: [{ handle: 'imre', workspace: 'acme-networks', linkedMinutesAgo: 19 * day }],
    deliveries: [
      { minutesAgo: 26 * 60, to: 'slack', channel: Channel.SLACK },
      { minutesAgo: 20 * 60, to: { device: 'Safari on macOS' }, channel: Channel.PUSH },
      {
        minutesAgo: 180,
        to: 'email',
        channel: Channel.EMAIL,
        event: { account: 'acme', type: 'TASK_ASSIGNED', title: 'Check the batteries of site 9' },
      },
      { minutesAgo: 40, to: 'phone', channel: Channel.SMS },
    ],
  },
}
