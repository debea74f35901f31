import { announceRevocations } from '../security/revocation.ts'
import type { Revoker } from '../security/revocations.ts'

export const tokenRevoker: Revoker = {
  revokes: 'tokens',
  async revoke(tx, { userId, accountId }, extent) {
    // `others` cannot be said of tokens: none of them is the one that asks.
    const ended = await tx.execute<{ id: string }[]>(
      `delete from personal_access_token t using account_user m
        where t.user_id = ? and m.user_id = t.user_id and m.id = t.account_user_id
          and (? or m.account_id = ?::uuid) returning t.id`,
      [userId, extent === 'all', accountId ?? null],
    )
    await announceRevocations(
      tx,
      ended.map(({ id }) => id),
    )
  },
}
