import type { BlockedReason } from '../../graphql/generated.ts'

export type AddressState = 'VERIFIED' | 'UNVERIFIED' | 'BLOCKED' | 'OPTED_OUT'

/** What an email and a phone have in common. */
export interface Provable {
  verifiedAt: string | null
  blockedAt: string | null
  blockedReason: BlockedReason | null
}

/** A block outweighs the proof: nothing is sent to a proven address that is blocked. */
export function addressState({ verifiedAt, blockedAt, blockedReason }: Provable): AddressState {
  if (blockedAt) return blockedReason === 'OPTED_OUT' ? 'OPTED_OUT' : 'BLOCKED'
  return verifiedAt ? 'VERIFIED' : 'UNVERIFIED'
}
