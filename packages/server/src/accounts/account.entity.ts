import type { Opt } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { newId } from '../lib/ids.ts'

/** An organisation. */
@Entity({ tableName: 'account' })
@ObjectType({ simpleResolvers: true })
export class Account {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  name!: string

  /** Exactly one person owns an account; shown as a role of theirs. */
  @Property({ type: 'uuid' })
  ownerId!: string

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
