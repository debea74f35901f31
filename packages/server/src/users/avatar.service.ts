import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'
import type { Viewer } from '../viewer.ts'
import { Avatar } from './avatar.entity.ts'
import { avatarUrl } from './avatar-url.ts'
import type { AvatarSize } from './picture-decoding.ts'
import { findForChange } from './user.service.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin'>

/** @returns the URL of the new picture, which no picture had before */
export function setAvatar(
  ctx: Change,
  viewer: Viewer,
  squares: ReadonlyMap<AvatarSize, Buffer>,
): Promise<string> {
  return ctx.em.transactional(async (tx) => {
    const user = await findForChange(tx, viewer)
    const id = newId(ctx.clock.now())
    await tx.nativeDelete(Avatar, { userId: user.id })
    for (const [size, bytes] of squares) {
      tx.persist(tx.create(Avatar, { id, size, userId: user.id, bytes }))
    }
    user.avatarId = id
    recordActivity(tx, ctx, viewer, { action: 'AVATAR_SET', subject: user.name })
    return avatarUrl(id)
  })
}

/** Nothing happens where there is none. */
export async function removeAvatar(ctx: Change, viewer: Viewer): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const user = await findForChange(tx, viewer)
    if (user.avatarId === null) return

    await tx.nativeDelete(Avatar, { userId: user.id })
    user.avatarId = null
    recordActivity(tx, ctx, viewer, { action: 'AVATAR_REMOVED', subject: user.name })
  })
}
