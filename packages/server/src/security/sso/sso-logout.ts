import type { Viewer } from '../../viewer.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import type { SsoContext, VouchedIdentity } from './sso-protocol.ts'
import { signOnProtocols } from './sso-protocols.ts'

type Passage = Pick<VouchedIdentity, 'nameId' | 'sessionIndex'> & {
  accountId: string
  connectionId: string
}

/**
 * Where a browser goes to sign out of the identity provider that its session came through last; null when it came
 * through none, or one without a logout. To be asked before the session ends.
 */
export async function findSsoLogoutUrl(
  ctx: SsoContext,
  { userId, credential }: Viewer,
): Promise<string | null> {
  if (credential.kind !== 'session') return null
  const [passage] = await ctx.em.execute<Passage[]>(
    `select account_id as "accountId", connection_id as "connectionId", name_id as "nameId",
        session_index as "sessionIndex"
      from session_account where user_id = ? and session_id = ? order by proven_at desc limit 1`,
    [userId, credential.sessionId],
  )
  if (!passage) return null
  const { accountId, connectionId: id } = passage
  const connection = await ctx.em.findOne(SsoConnection, { accountId, id })
  return connection && signOnProtocols[connection.protocol].logoutUrl(ctx, connection, passage)
}
