import { DeliveryReason } from '../delivery/delivery-reason.ts'
import { BlockedReason } from './blocked-reason.ts'

/** What the database knows of an address over one channel. */
export interface AddressState {
  isProven: boolean
  blockedReason: BlockedReason | null
}

/** Why nothing but a code is sent to an address; undefined when anything may be. */
export function obstacleOf({ isProven, blockedReason }: AddressState): DeliveryReason | undefined {
  if (!isProven) return DeliveryReason.ADDRESS_UNPROVEN
  if (blockedReason === null) return undefined
  return blockedReason === BlockedReason.OPTED_OUT
    ? DeliveryReason.OPTED_OUT
    : DeliveryReason.ADDRESS_BLOCKED
}
