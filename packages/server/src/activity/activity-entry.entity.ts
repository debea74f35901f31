import type { ActivityAction } from '@lanyard/contract/activity-action'
import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'

@ObjectType({ simpleResolvers: true })
export class Change {
  @Field(() => String)
  field!: string

  @Field(() => String, { nullable: true })
  before!: string | null

  @Field(() => String, { nullable: true })
  after!: string | null
}

/**
 * One thing that happened to a person's settings. Rows are never changed: the database refuses it, and chains them as
 * they come; `activity` is a view of what it keeps.
 */
@Entity({ tableName: 'activity' })
@ObjectType({ simpleResolvers: true })
export class ActivityEntry {
  [PrimaryKeyProp]?: ['userId', 'id']

  /** Whose history this belongs to. No foreign key: history knows people by id and outlives them. */
  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  /** Null when Lanyard itself did it. */
  @Property({ type: 'uuid', nullable: true })
  actorId!: string | null

  @Field(() => String, { nullable: true, description: 'The name of the token it was done with, if any.' })
  @Property({ type: 'string', length: 100, nullable: true })
  tokenName!: string | null

  @Field(() => String, {
    description: 'As PROFILE_UPDATED; a value of ActivityAction in packages/contract.',
  })
  @Property({ type: 'string', length: 64 })
  action!: ActivityAction

  @Field(() => String, { description: 'What it is about: the name of a token, an account, a rule.' })
  @Property({ type: 'string', length: 200 })
  subject!: string

  @Property({ type: 'uuid', nullable: true })
  accountId!: string | null

  @Field(() => [Change], { simple: true })
  @Property({ type: 'json' })
  changes!: Change[]

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  at!: Date

  @Field(() => String, { nullable: true })
  @Property({ type: 'string', length: 64, nullable: true })
  address!: string | null

  @Field(() => String, { nullable: true, description: "As 'Firefox on Linux'." })
  @Property({ type: 'string', length: 100, nullable: true })
  device!: string | null
}
