import type { AddressEffects } from '../delivery/inbound/address-effects.ts'
import { blockAndTell, countTrouble, languageOfNumber, optIn } from './blocked-address.ts'
import { BlockedReason } from './blocked-reason.ts'
import { endSlackLinks } from './ended-slack-links.ts'

/** What carriers say about addresses, done to the addresses of people. */
export const addressEffects: AddressEffects = {
  block: (scene, tx, fault) => blockAndTell(scene, tx, { ...fault, reason: BlockedReason[fault.reason] }),
  countTrouble,
  optOut: (scene, tx, phone) =>
    blockAndTell(scene, tx, { ...phone, reason: BlockedReason.OPTED_OUT, detail: 'STOP' }),
  optIn,
  languageOf: languageOfNumber,
  endSlackLinks,
}
