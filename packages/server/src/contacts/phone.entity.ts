import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'
import type { LineType } from './phone-number.ts'

@Entity({ tableName: 'phone' })
@ObjectType({ simpleResolvers: true })
export class Phone {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String, { description: 'E.164.' })
  @Property({ type: 'string', length: 16 })
  number!: string

  @Field(() => String, { description: 'ISO 3166-1 alpha-2.' })
  @Property({ type: 'string', length: 2 })
  country!: string

  @Field(() => String, {
    description: 'MOBILE, FIXED_LINE, FIXED_LINE_OR_MOBILE, VOIP, or UNKNOWN.',
  })
  @Property({ type: 'string', length: 32, default: 'UNKNOWN' })
  lineType: Opt<LineType | 'UNKNOWN'> = 'UNKNOWN'

  @Field(() => Boolean)
  @Property({ type: 'boolean', default: false })
  primary: Opt<boolean> = false

  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  verifiedAt: Date | null = null

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
