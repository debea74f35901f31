import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** Many people may hold an address unproven; one may hold it proven. */
@Entity({ tableName: 'email' })
@ObjectType({ simpleResolvers: true })
export class Email {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  /** As it was typed, the domain in the letters of DNS. */
  @Field(() => String)
  @Property({ type: 'string', length: 254 })
  address!: string

  /** The address as it is compared: in lower case. */
  @Property({ type: 'string', length: 254 })
  addressKey!: string

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

/** Who proved an address: found by address when signing in, and unique across everybody. */
@Entity({ tableName: 'proven_email' })
export class ProvenEmail {
  @PrimaryKey({ type: 'string', length: 254 })
  addressKey!: string

  @Property({ type: 'uuid' })
  userId!: string

  @Property({ type: 'uuid' })
  emailId!: string
}
