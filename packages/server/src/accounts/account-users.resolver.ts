import type { GraphQLResolveInfo } from 'graphql'
import { Args, Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql'

import type { Context } from '../context.ts'
import { type Connection, connectionType, PageArgs, toConnection } from '../lib/paging.ts'
import { readValue } from '../lib/selection-reader.ts'
import { Account } from './account.entity.ts'
import { membersOfAccount } from './account.reads.ts'
import { AccountUser } from './account-user.entity.ts'

const AccountUserConnection = connectionType('AccountUser', () => AccountUser)

/** Who belongs to an account, for those who look after that. */
@Resolver(() => Account)
export class AccountUsersResolver {
  @FieldResolver(() => AccountUserConnection, {
    description: 'Everybody in the account, who came last first. Needs members.manage there.',
  })
  accountUsers(
    @Root() account: Account,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Connection<AccountUser> {
    return toConnection(membersOfAccount.present(readValue(account, info), viewer), args, viewer)
  }
}
