import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql'

import { Access } from '../access.ts'
import { Account } from '../accounts/account.entity.ts'
import { type Context, requireViewer } from '../context.ts'
import { type Connection, connectionType, PageArgs, toConnection } from '../lib/paging.ts'
import { readValue } from '../lib/selection-reader.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'
import { revokeAccountTokens, revokePersonalAccessToken } from './revoke-account-tokens.service.ts'
import { setTokenPolicy } from './token-policy.service.ts'
import { tokensOfAccount } from './token.reads.ts'
import {
  RevokeAccountTokensInput,
  RevokeAccountTokensPayload,
  RevokePersonalAccessTokenInput,
  RevokePersonalAccessTokenPayload,
  SetTokenPolicyInput,
  SetTokenPolicyPayload,
} from './token.types.ts'

const PersonalAccessTokenConnection = connectionType('PersonalAccessToken', () => PersonalAccessToken)

/** What administrators see of the tokens of their account, and do about them. */
@Resolver(() => Account)
export class AccountTokensResolver {
  @FieldResolver(() => PersonalAccessTokenConnection, {
    description: 'Of everybody in the account, newest first. Needs tokens.others there.',
  })
  personalAccessTokens(
    @Root() account: Account,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { viewer }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Connection<PersonalAccessToken> {
    return toConnection(tokensOfAccount.present(readValue(account, info), viewer), args, viewer)
  }

  @Access('session')
  @Mutation(() => RevokePersonalAccessTokenPayload, {
    description: 'Ends one token of the account, whoever holds it. Needs tokens.others there.',
  })
  revokePersonalAccessToken(
    @Arg('input', () => RevokePersonalAccessTokenInput) input: RevokePersonalAccessTokenInput,
    @Ctx() ctx: Context,
  ): Promise<RevokePersonalAccessTokenPayload> {
    return revokePersonalAccessToken(ctx, requireViewer(ctx), input)
  }

  @Access('proven')
  @Mutation(() => SetTokenPolicyPayload, {
    description:
      'Says how long new tokens of the account may live. Needs account.manage there; tokens that live longer already are not cut short.',
  })
  async setTokenPolicy(
    @Arg('input', () => SetTokenPolicyInput) input: SetTokenPolicyInput,
    @Ctx() ctx: Context,
  ): Promise<SetTokenPolicyPayload> {
    return { accountId: await setTokenPolicy(ctx, requireViewer(ctx), input) }
  }

  @Access('session')
  @Mutation(() => RevokeAccountTokensPayload, {
    description: 'Ends every token of everybody in the account. Needs tokens.others there.',
  })
  revokeAccountTokens(
    @Arg('input', () => RevokeAccountTokensInput) input: RevokeAccountTokensInput,
    @Ctx() ctx: Context,
  ): Promise<RevokeAccountTokensPayload> {
    return revokeAccountTokens(ctx, requireViewer(ctx), input)
  }
}
