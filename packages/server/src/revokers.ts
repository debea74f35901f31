import { endPushDevices } from './contacts/push-device.service.ts'
import type { Revoker } from './security/revocations.ts'
import { securityRevokers } from './security/security-revokers.ts'
import { tokenRevoker } from './tokens/token-revoker.ts'

/** How each feature ends what it keeps that acts for a person: what is not here outlives every security event. */
export const revokers: readonly Revoker[] = [
  ...securityRevokers,
  tokenRevoker,
  { revokes: 'pushDevices', revoke: (tx, { userId }) => endPushDevices(tx, userId) },
]
