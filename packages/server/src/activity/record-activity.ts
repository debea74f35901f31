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
}

type Scene = Pick<Context, 'clock' | 'origin'>

/** Writes down what the actor does, in the transaction that does it; in their own history unless `userId` is given. */
export function recordActivity(
  tx: EntityManager,
  scene: Scene,
  actor: Pick<Viewer, 'userId' | 'credential'>,
  { userId = actor.userId, ...happening }: Happening & { userId?: string },
): void {
  const tokenName = actor.credential.kind === 'token' ? actor.credential.name : null
  persistEntry(tx, scene, { ...happening, userId, actorId: actor.userId, tokenName })
}

/** Writes down what Lanyard does by itself, at the request of somebody it does not know. */
export function recordOwnActivity(
  tx: EntityManager,
  scene: Scene,
  happening: Happening & { userId: string },
): void {
  persistEntry(tx, scene, { ...happening, actorId: null, tokenName: null })
}

function persistEntry(
  tx: EntityManager,
  { clock, origin }: Scene,
  entry: Happening & { userId: string; actorId: string | null; tokenName: string | null },
): void {
  const { accountId = null, changes = [], ...rest } = entry
  const at = clock.now()
  const { address, device } = origin
  tx.persist(tx.create(ActivityEntry, { ...rest, id: newId(at), accountId, changes, at, address, device }))
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
