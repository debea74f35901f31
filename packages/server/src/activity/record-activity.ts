import type { ActivityAction } from '@lanyard/contract/activity-action'
import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'
import type { Viewer } from '../viewer.ts'
import { ActivityEntry, type Change } from './activity-entry.entity.ts'

interface Happening {
  action: ActivityAction
  subject: string
  accountId?: string
  changes?: Change[]
  /** Whose history; the actor's own when absent. */
  userId?: string
}

/** Writes down what the actor does, in the transaction that does it. */
export function recordActivity(
  tx: EntityManager,
  { clock, origin }: Pick<Context, 'clock' | 'origin'>,
  actor: Pick<Viewer, 'userId' | 'credential'>,
  { action, subject, accountId, changes = [], userId = actor.userId }: Happening,
): void {
  const at = clock.now()
  tx.persist(
    tx.create(ActivityEntry, {
      userId,
      id: newId(at),
      actorId: actor.userId,
      tokenName: actor.credential.kind === 'token' ? actor.credential.name : null,
      action,
      subject,
      accountId: accountId ?? null,
      changes,
      at,
      address: origin.address,
      device: origin.device,
    }),
  )
}

type Setting = string | number | boolean | null

/** The fields that differ, as the history shows them. */
export function changesBetween<Fields extends string>(
  before: Readonly<Record<Fields, Setting>>,
  after: Readonly<Record<Fields, Setting>>,
  fields: readonly Fields[],
): Change[] {
  return fields
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ field, before: asText(before[field]), after: asText(after[field]) }))
}

function asText(value: Setting): string | null {
  return value === null ? null : String(value)
}
