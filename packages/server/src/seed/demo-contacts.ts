import { BlockedReason } from '../contacts/blocked-reason.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { DemoPerson } from './demo-people.ts'

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

/** What people of the demonstration have beside their proven primary email and phone. */
export const demoContacts: Partial<
  Record<DemoPerson, { emails: DemoBlockedEmail[]; phones: DemoUnprovenPhone[] }>
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
  },
}
