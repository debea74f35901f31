import { Field, ID, InputType, ObjectType } from 'type-graphql'

import type { PayloadOfAccountUser } from '../accounts/account.resolver.ts'

@InputType()
export class SetAccountUserNotificationRuleInput {
  @Field(() => ID)
  accountUserId!: string

  @Field(() => ID, { nullable: true, description: 'Null detaches.' })
  notificationRuleId?: string | null
}

@ObjectType()
export class SetAccountUserNotificationRulePayload implements PayloadOfAccountUser {
  accountUserId!: string
}
