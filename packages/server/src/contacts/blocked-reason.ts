import { registerEnumType } from 'type-graphql'

/** Why nothing more is sent to an address. */
export enum BlockedReason {
  BOUNCE = 'BOUNCE',
  COMPLAINT = 'COMPLAINT',
  UNDELIVERABLE = 'UNDELIVERABLE',
  OPTED_OUT = 'OPTED_OUT',
}
registerEnumType(BlockedReason, { name: 'BlockedReason' })
