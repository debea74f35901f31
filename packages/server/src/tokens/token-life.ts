import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { tellPrimaryEmail } from '../contacts/tell-primary-email.ts'
import type { Context } from '../context.ts'
import type { Message } from '../delivery/message.ts'
import { announceRevocation } from '../security/revocation.ts'
import { hashOfSecret } from '../security/secret-keys.ts'
import { User } from '../users/user.entity.ts'
import { PersonalAccessToken, TokenKey } from './personal-access-token.entity.ts'
import { newToken } from './token-format.ts'

/** Stores a new token by its hash; its text is in nobody's hands but the caller's. */
export async function insertToken(
  tx: EntityManager,
  values: Pick<
    PersonalAccessToken,
    'userId' | 'accountUserId' | 'name' | 'createdAt' | 'expiresAt' | 'readOnly'
  >,
): Promise<{ token: string; row: PersonalAccessToken }> {
  const token = newToken()
  const row = tx.create(PersonalAccessToken, { ...values, lastFour: token.slice(-4) })
  tx.persist(row)
  await tx.flush()
  tx.persist(tx.create(TokenKey, { hash: hashOfSecret(token), userId: row.userId, tokenId: row.id }))
  return { token, row }
}

/**
 * Ends a token, with the sockets that came with it.
 * @returns the account it was for
 */
export async function endToken(tx: EntityManager, token: PersonalAccessToken): Promise<string> {
  const { userId, accountUserId } = token
  const { accountId } = await tx.findOneOrFail(AccountUser, { userId, id: accountUserId })
  tx.remove(token)
  await announceRevocation(tx, token.id)
  return accountId
}

/** Whoever did not do it, or left it lying about, shall hear of it where no token reaches. */
export async function tellOfToken(
  tx: EntityManager,
  ctx: Pick<Context, 'deliveries'>,
  { userId, name: tokenName }: Pick<PersonalAccessToken, 'userId' | 'name'>,
  accountId: string,
  messageWith: (names: { tokenName: string; accountName: string }) => Message,
): Promise<void> {
  const owner = await tx.findOneOrFail(User, { id: userId })
  const { name: accountName } = await tx.findOneOrFail(Account, { id: accountId })
  await tellPrimaryEmail(tx, ctx, owner, messageWith({ tokenName, accountName }))
}
