import type { EntityManager } from '@mikro-orm/postgresql'

import { recordOwnActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'

/**
 * Removes the links of a workspace that threw us out, or of those of its members who did.
 * @param slackUserIds absent: everybody's
 */
export async function endSlackLinks(
  scene: Pick<Context, 'clock' | 'origin'>,
  tx: EntityManager,
  { teamId, slackUserIds }: { teamId: string; slackUserIds?: readonly string[] },
): Promise<void> {
  const ended = await tx.execute<{ user_id: string; handle: string; workspace: string }[]>(
    `delete from slack_link where team_id = ? and (?::jsonb is null
      or slack_user_id in (select jsonb_array_elements_text(?::jsonb)))
      returning user_id, handle, workspace`,
    [teamId, ...Array.from({ length: 2 }, () => (slackUserIds ? JSON.stringify(slackUserIds) : null))],
  )
  for (const { user_id: userId, handle, workspace } of ended) {
    recordOwnActivity(tx, scene, { action: 'SLACK_UNLINKED', userId, subject: `${handle}, ${workspace}` })
  }
}
