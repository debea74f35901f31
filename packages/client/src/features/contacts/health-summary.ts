import { type AddressState, type Provable, addressState } from './address-state.ts'

const dayMilliseconds = 86_400_000

interface Delivered {
  health: { lastDeliveredAt: string | null }
}

interface Addresses {
  emails: readonly (Provable & Delivered)[]
  phones: readonly (Provable & Delivered)[]
  pushDevices: readonly Delivered[]
  slackLinks: readonly Delivered[]
}

/** How all addresses of a person stand together. */
export interface HealthSummary {
  total: number
  /** Those to which nothing is sent until the person does something. */
  needy: number
  emails: Record<AddressState, number>
  phones: Record<AddressState, number>
  /** Of the others: those at which something arrived within the last day. */
  working: number
  /** Of the others: those to which messages are sent. */
  usable: number
}

/** Devices and Slack links are proven by being there. */
export function healthSummary(
  { emails, phones, pushDevices, slackLinks }: Addresses,
  now: Date,
): HealthSummary {
  const proven = [...emails, ...phones].filter((address) => addressState(address) === 'VERIFIED')
  const usable = [...proven, ...pushDevices, ...slackLinks]
  const total = emails.length + phones.length + pushDevices.length + slackLinks.length
  const isRecent = (at: string | null) => at !== null && now.getTime() - Date.parse(at) < dayMilliseconds
  return {
    total,
    needy: total - usable.length,
    emails: countStates(emails),
    phones: countStates(phones),
    working: usable.filter(({ health }) => isRecent(health.lastDeliveredAt)).length,
    usable: usable.length,
  }
}

function countStates(addresses: readonly Provable[]): Record<AddressState, number> {
  const counts = { VERIFIED: 0, UNVERIFIED: 0, BLOCKED: 0, OPTED_OUT: 0 }
  for (const address of addresses) counts[addressState(address)] += 1
  return counts
}
