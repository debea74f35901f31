import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql'

import { Access } from '../../access.ts'
import type { Context } from '../../context.ts'
import { findRefusingAccount } from './sso-refusal.ts'

@ObjectType()
export class SsoRefusal {
  @Field(() => String)
  accountName!: string
}

@Resolver()
export class SsoRefusalResolver {
  @Access('anyone')
  @Query(() => SsoRefusal, {
    nullable: true,
    description:
      'Through which account nobody was signed in when this browser came back last; null when that is ten minutes ago, or was through none that is known.',
  })
  async ssoRefusal(@Ctx() ctx: Context): Promise<SsoRefusal | null> {
    const account = await findRefusingAccount(ctx)
    return account && { accountName: account.name }
  }
}
