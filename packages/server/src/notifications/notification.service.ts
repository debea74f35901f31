import { rowsPerPage } from '@lanyard/contract/limits'
import { sql } from 'kysely'

import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { bumpBadgeVersions, isReachable, markItems } from './inbox-changes.ts'
import type { SetAllNotificationsReadInput, SetNotificationsReadInput } from './notification.types.ts'

/**
 * Marks some of the viewer's own items.
 * @returns their ids
 * @throws AppError BAD_USER_INPUT; NOT_FOUND, with nothing changed, when one of them is not the viewer's
 */
export async function setNotificationsRead(
  { em, clock, announcements }: Pick<Context, 'em' | 'clock' | 'announcements'>,
  viewer: Viewer,
  { ids: wanted, read }: SetNotificationsReadInput,
): Promise<string[]> {
  if (wanted.length === 0) throw badInput('ids', 'EMPTY')
  if (wanted.length > rowsPerPage.max) throw badInput('ids', 'TOO_LONG')
  const ids = [...new Set(wanted.map((id) => checkId(id, 'ids')))]
  const { userId } = viewer

  await em.transactional(async (tx) => {
    await bumpBadgeVersions(tx, [userId])
    const { rows } =
      await sql`select 1 from notification where user_id = ${userId} and id = any(${ids}::uuid[])
      and ${isReachable(viewer)}`.execute(tx.getKysely())
    if (rows.length !== ids.length) throw new AppError('NOT_FOUND', { field: 'ids' })

    await markItems(tx, { userId, ids, viewer, read, now: clock.now() })
  })
  announcements.add([{ userId }])
  return ids
}

/** Marks everything in the viewer's inbox, or everything of one kind. */
export async function setAllNotificationsRead(
  { em, clock, announcements }: Pick<Context, 'em' | 'clock' | 'announcements'>,
  viewer: Viewer,
  { read, kind }: SetAllNotificationsReadInput,
): Promise<void> {
  const { userId } = viewer
  await em.transactional(async (tx) => {
    await bumpBadgeVersions(tx, [userId])
    const ofKind = kind ? { kind } : {}
    await markItems(tx, { userId, ...ofKind, viewer, read, now: clock.now() })
  })
  announcements.add([{ userId }])
}
