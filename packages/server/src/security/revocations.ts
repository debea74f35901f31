import type { EntityManager } from '@mikro-orm/postgresql'

/** What may happen to a person's sign-in, and ends some of what acts for them. */
export const securityEvents = [
  'PASSWORD_CHANGED',
  'PASSWORD_RESET',
  'TWO_FACTOR_ENABLED',
  'TWO_FACTOR_DISABLED',
  'TWO_FACTOR_RESET',
  'PASSKEY_REMOVED',
  'INTRUSION_REPORTED',
  'USER_DISABLED',
  'ACCOUNT_LEFT',
  'SSO_ENABLED',
  'TWO_FACTOR_REQUIRED',
] as const
export type SecurityEvent = (typeof securityEvents)[number]

/** What acts for a person. Open sockets end with the session or token they came with. */
export const revocables = [
  'sessions',
  'pendingSignIns',
  'rememberedDevices',
  'resetLinks',
  'tokens',
  'pushDevices',
] as const
export type Revocable = (typeof revocables)[number]

/**
 * How much of it ends:
 * - `all` of the person's;
 * - `others`, all but the session that asks;
 * - `account`, what belongs to the account that it is about;
 * - `sockets`, nothing but open sockets: whoever holds one is looked at anew.
 */
export type Extent = 'all' | 'others' | 'account' | 'sockets'

const everything: Record<Revocable, Extent> = {
  sessions: 'all',
  pendingSignIns: 'all',
  rememberedDevices: 'all',
  resetLinks: 'all',
  tokens: 'all',
  pushDevices: 'all',
}

/**
 * Which event ends what: the one table, used by every way on which an event comes about and shown in docs/security.md.
 * A new password keeps tokens, as programs do not know it; the page offers to end them. Source: decision 21, C18.
 */
export const revokedBy: Readonly<Record<SecurityEvent, Readonly<Partial<Record<Revocable, Extent>>>>> = {
  PASSWORD_CHANGED: { sessions: 'all', pendingSignIns: 'all', rememberedDevices: 'all', resetLinks: 'all' },
  PASSWORD_RESET: { sessions: 'all', pendingSignIns: 'all', rememberedDevices: 'all', resetLinks: 'all' },
  TWO_FACTOR_ENABLED: { sessions: 'others', pendingSignIns: 'all' },
  TWO_FACTOR_DISABLED: { sessions: 'others', pendingSignIns: 'all' },
  TWO_FACTOR_RESET: { sessions: 'all', pendingSignIns: 'all', rememberedDevices: 'all', resetLinks: 'all' },
  PASSKEY_REMOVED: { sessions: 'others', pendingSignIns: 'all' },
  INTRUSION_REPORTED: everything,
  USER_DISABLED: everything,
  ACCOUNT_LEFT: { sessions: 'sockets', tokens: 'account' },
  SSO_ENABLED: { sessions: 'sockets' },
  TWO_FACTOR_REQUIRED: { sessions: 'sockets' },
}

/** Whom an event is about. */
export interface Concerned {
  userId: string
  /** Needed for the extent `account`. */
  accountId?: string
  /** Needed for the extent `others`. */
  sessionId?: string
}

/** How one feature ends what it keeps of a person. */
export interface Revoker {
  revokes: Revocable
  /** In the transaction of the event; closes sockets by `announceRevocations`. */
  revoke(tx: EntityManager, concerned: Concerned, extent: Extent): Promise<void>
}

/** Ends what the event ends, in its transaction. @param revokers one for each thing, as `revokers.ts` lists them */
export async function revokeAfter(
  tx: EntityManager,
  revokers: readonly Revoker[],
  event: SecurityEvent,
  concerned: Concerned,
): Promise<void> {
  for (const { revokes, revoke } of revokers) {
    const extent = revokedBy[event][revokes]
    if (extent) await revoke(tx, concerned, extent)
  }
}
