import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { newId } from '../lib/ids.ts'

/** One person's membership of one account. */
@Entity({ tableName: 'account_user' })
@ObjectType({ simpleResolvers: true })
export class AccountUser {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Property({ type: 'uuid' })
  accountId!: string

  /** The rule that decides how alerts reach this person here; null = the default channels. */
  @Property({ type: 'uuid', nullable: true })
  notificationRuleId: string | null = null

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}

/** A role given to an account user. */
@Entity({ tableName: 'account_user_role' })
export class AccountUserRole {
  [PrimaryKeyProp]?: ['userId', 'accountUserId', 'roleId']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @PrimaryKey({ type: 'uuid' })
  accountUserId!: string

  @PrimaryKey({ type: 'uuid' })
  roleId!: string
}
