import type { GraphQLResolveInfo } from 'graphql'
import { Arg, type ClassType, Ctx, ID, Info, Query, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read } from '../context.ts'
import { payloadWithRow } from '../payload-with-row.ts'
import { AppError } from '../errors/app-error.ts'
import { checkId } from '../lib/text-input.ts'
import { refuseClosedAccount } from '../viewer.ts'
import { Account } from './account.entity.ts'
import { ownAccount, ownAccountUser } from './account.reads.ts'
import { AccountUser } from './account-user.entity.ts'

@Resolver()
export class AccountResolver {
  @Access('reader')
  @Query(() => Account, { description: 'An account one belongs to.' })
  async account(
    @Arg('id', () => ID) id: string,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Account> {
    const [account] = await read(ctx, ownAccount, { id: checkId(id, 'id') }, info)
    if (!account && ctx.viewer) refuseClosedAccount(ctx.viewer, id)
    if (!account) throw new AppError('NOT_FOUND', { field: 'id' })
    // The statement read what the selection asks of an Account.
    return account as Account
  }
}

/** A payload that knows which account changed. */
export interface PayloadOfAccount {
  accountId: string
}

/** Adds `account` to a payload: the account as it is after the change. */
export function payloadWithAccount(payload: ClassType<PayloadOfAccount>): ClassType {
  return payloadWithRow(payload, {
    field: 'account',
    type: Account,
    root: ownAccount,
    valuesOf: ({ accountId }) => ({ id: accountId }),
  })
}

/** A payload that knows which membership changed. */
export interface PayloadOfAccountUser {
  accountUserId: string
}

/** Adds `accountUser` to a payload: the membership as it is after the change. */
export function payloadWithAccountUser(payload: ClassType<PayloadOfAccountUser>): ClassType {
  return payloadWithRow(payload, {
    field: 'accountUser',
    type: AccountUser,
    root: ownAccountUser,
    valuesOf: ({ accountUserId }) => ({ id: accountUserId }),
  })
}
