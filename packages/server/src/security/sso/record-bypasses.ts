import { recordActivity } from '../../activity/record-activity.ts'
import { deedOf } from '../../contacts/owner.ts'
import { tellPrimaryEmail } from '../../contacts/tell-primary-email.ts'
import type { Context } from '../../context.ts'
import { User } from '../../users/user.entity.ts'
import type { Viewer } from '../../viewer.ts'
import type { SsoAccount } from './sso-accounts.ts'

export type BypassScene = Pick<Context, 'em' | 'clock' | 'origin' | 'deliveries'>

/**
 * Writes down, and tells by mail, that a session reaches accounts without their single sign-on, as an administrator's
 * may. It is the same however it came about: by signing in, because single sign-on was enabled meanwhile, or because
 * its person has become an administrator. Of many requests that come at once one does it, and the others wait for it.
 * Source: S-E1.
 */
export async function recordBypasses(
  ctx: BypassScene,
  viewer: Viewer,
  accountIds: readonly string[],
): Promise<void> {
  const { userId, credential } = viewer
  if (credential.kind !== 'session') return
  await ctx.em.fork().transactional(async (tx) => {
    // Nothing for a session that has ended meanwhile.
    const accounts = await tx.execute<Pick<SsoAccount, 'id' | 'name'>[]>(
      `with noted as (
          insert into sso_bypass (user_id, session_id, account_id, at)
            select s.user_id, s.id, a.id, ? from session s cross join account a
            where s.user_id = ? and s.id = ? and a.id in (select jsonb_array_elements_text(?)::uuid)
            for key share of s
          on conflict do nothing returning account_id)
        select a.id, a.name from noted n join account a on a.id = n.account_id order by a.name, a.id`,
      [ctx.clock.now(), userId, credential.sessionId, JSON.stringify(accountIds)],
    )
    if (accounts.length === 0) return
    const user = await tx.findOneOrFail(User, { id: userId })
    for (const { id: accountId, name: accountName } of accounts) {
      recordActivity(tx, ctx, viewer, { action: 'SSO_BYPASSED', subject: accountName, accountId })
      const values = { ...deedOf(ctx), accountName }
      await tellPrimaryEmail(tx, ctx, user, { kind: 'SSO_BYPASSED', values })
    }
  })
  ctx.deliveries.wake()
}
