import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { newId } from '../lib/ids.ts'

/** How alerts are to reach whoever it is attached to; owned by an account. */
@Entity({ tableName: 'notification_rule' })
@ObjectType({ simpleResolvers: true })
export class NotificationRule {
  [PrimaryKeyProp]?: ['accountId', 'id']

  @PrimaryKey({ type: 'uuid' })
  accountId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  name!: string

  @Field(() => Boolean)
  @Property({ type: 'boolean', default: true })
  enabled: Opt<boolean> = true

  @Field(() => String, { description: 'YAML.' })
  @Property({ type: 'text' })
  rules!: string

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
