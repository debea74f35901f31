import type { ActivityAction } from '@lanyard/contract/activity-action'
import type { PrimaryKeyProp } from '@mikro-orm/core'
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

/** Whoever does something; without a credential while they sign in. */
export type Actor = Pick<Viewer, 'userId'> & Partial<Pick<Viewer, 'credential'>>

/** Writes down what the actor does, in the transaction that does it; in their own history unless `userId` is given. */
export function recordActivity(
  tx: EntityManager,
  scene: Scene,
  actor: Actor,
  { userId = actor.userId, ...happening }: Happening & { userId?: string },
): void {
  const tokenName = actor.credential?.kind === 'token' ? actor.credential.name : null
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

type NewEntry = Omit<ActivityEntry, typeof PrimaryKeyProp>

const entriesToWrite = new WeakMap<EntityManager, NewEntry[]>()

/**
 * Each entry follows the last one of its person, under a lock. Taken at the end, and in the order of people, these locks
 * never wait for a transaction that waits for another of them, or for anything else.
 */
function persistEntry(
  tx: EntityManager,
  { clock, origin }: Scene,
  entry: Happening & { userId: string; actorId: string | null; tokenName: string | null },
): void {
  const { accountId = null, changes = [], ...rest } = entry
  const at = clock.now()
  const { address, device } = origin
  entriesOf(tx).push({ ...rest, id: newId(at), accountId, changes, at, address, device })
}

function entriesOf(tx: EntityManager): NewEntry[] {
  const known = entriesToWrite.get(tx)
  if (known) return known
  if (!tx.isInTransaction()) throw new Error('history is written in the transaction that makes it')

  const entries: NewEntry[] = []
  entriesToWrite.set(tx, entries)
  tx.getEventManager().registerSubscriber({
    async beforeTransactionCommit({ em }) {
      // A transaction inside this one has the same subscriber.
      if (em !== tx) return
      const inOrder = entries
        .splice(0)
        .toSorted((a, b) => (a.userId < b.userId ? -1 : Number(a.userId > b.userId)))
      await tx.insertMany(ActivityEntry, inOrder)
    },
  })
  return entries
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
