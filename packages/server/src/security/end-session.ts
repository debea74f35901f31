import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { announceRevocation } from './revocation.ts'
import { Session } from './session.entity.ts'

/** Ends the session that the viewer came with; a token has none. */
export async function endOwnSession(
  tx: EntityManager,
  ctx: Pick<Context, 'clock' | 'origin'>,
  viewer: Viewer,
): Promise<void> {
  if (viewer.credential.kind !== 'session') return
  const { sessionId } = viewer.credential
  const ended = await tx.nativeDelete(Session, { userId: viewer.userId, id: sessionId })
  if (ended === 0) return
  await announceRevocation(tx, sessionId)
  const user = await tx.findOneOrFail(User, { id: viewer.userId })
  recordActivity(tx, ctx, viewer, { action: 'SIGNED_OUT', subject: user.name })
}
