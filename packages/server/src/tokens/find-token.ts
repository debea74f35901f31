import type { Context, RequestOrigin } from '../context.ts'
import { WriteBehind, type WriteBehindOptions } from '../database/write-behind.ts'
import { hashOfSecret } from '../security/secret-keys.ts'
import type { Language } from '../language.ts'
import type { Viewer } from '../viewer.ts'
import { isWellFormedToken } from './token-format.ts'

interface TokenRow {
  tokenId: string
  name: string
  readOnly: boolean
  lastUsedAt: Date | null
  accountUserId: string
  accountId: string
  userId: string
  superAdmin: boolean
  language: Language
  rowsPerPage: number
}

/** Through the membership: a token of somebody who left the account is dead. */
const findTokenStatement = {
  name: 'find_token',
  text: `select t.id as "tokenId", t.name, t.read_only as "readOnly", t.last_used_at as "lastUsedAt",
      m.id as "accountUserId", m.account_id as "accountId",
      u.id as "userId", u.super_admin as "superAdmin", u.language, u.rows_per_page as "rowsPerPage"
    from token_key k
      join personal_access_token t on t.user_id = k.user_id and t.id = k.token_id
      join account_user m on m.user_id = t.user_id and m.id = t.account_user_id
      join "user" u on u.id = k.user_id
    where k.hash = $1 and t.expires_at > $2 and u.disabled_at is null`,
}

/** How old the written time of last use may be. Source: S-F3. */
const touchIntervalMilliseconds = 60_000

/** Who holds this token; null when it was never given, was deleted or has expired. A bad checksum costs no query. */
export async function findToken(
  { statements, clock, tokenUses }: Pick<Context, 'statements' | 'clock'> & { tokenUses: TokenUses },
  token: string,
  originOf: () => Pick<RequestOrigin, 'address' | 'device'>,
): Promise<Viewer | null> {
  if (!isWellFormedToken(token)) return null
  const now = clock.now()
  const [row] = await statements.run<TokenRow>(findTokenStatement, [hashOfSecret(token), now])
  if (!row) return null

  const { tokenId, name, readOnly, lastUsedAt, accountUserId, accountId, ...person } = row
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() > touchIntervalMilliseconds) {
    const { address, device } = originOf()
    tokenUses.put(`${person.userId} ${tokenId}`, [person.userId, tokenId, now, address, device])
  }
  return { ...person, credential: { kind: 'token', tokenId, name, accountUserId, accountId, readOnly } }
}

/** When, from where and with which program tokens were last used. */
export type TokenUses = WriteBehind<
  readonly [userId: string, tokenId: string, at: Date, address: string, device: string]
>

export function createTokenUses(options: WriteBehindOptions): TokenUses {
  const text = `update personal_access_token t
      set last_used_at = used.at, last_used_address = used.address, last_used_device = used.device
      from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[])
        as used (user_id, id, at, address, device)
      where t.user_id = used.user_id and t.id = used.id
        and (t.last_used_at is null or t.last_used_at < used.at)`
  return new WriteBehind({ name: 'touch_tokens', text }, options)
}
