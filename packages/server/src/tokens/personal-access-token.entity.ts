import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** Lets a program act as one person in one account. */
@Entity({ tableName: 'personal_access_token' })
@ObjectType({ simpleResolvers: true })
export class PersonalAccessToken {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Property({ type: 'uuid' })
  accountUserId!: string

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  name!: string

  @Field(() => String)
  @Property({ type: 'string', length: 4 })
  lastFour!: string

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date

  /** Written at most once a minute. */
  @Field(() => DateTime, { nullable: true })
  @Property({ type: 'datetime', length: 3, nullable: true })
  lastUsedAt: Date | null = null

  /** Written together with the time. */
  @Field(() => String, { nullable: true, description: 'The address it was last used from.' })
  @Property({ type: 'string', length: 64, nullable: true })
  lastUsedAddress: string | null = null

  @Field(() => String, { nullable: true, description: "The program that last used it, as 'curl'." })
  @Property({ type: 'string', length: 100, nullable: true })
  lastUsedDevice: string | null = null

  @Field(() => DateTime, { nullable: true, description: 'Never null: every token ends within a year.' })
  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date

  @Field(() => Boolean)
  @Property({ type: 'boolean', default: false })
  readOnly: Opt<boolean> = false

  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when another has its place; it works until it expires, for whoever still uses it.',
  })
  @Property({ type: 'datetime', length: 3, nullable: true })
  replacedAt: Date | null = null

  /** The last of `tokenWarningDays` that its person was told of. */
  @Property({ type: 'smallint', nullable: true })
  warnedDays: number | null = null
}

/** Finds a token by its SHA-256: the token itself is nowhere in the database. */
@Entity({ tableName: 'token_key' })
export class TokenKey {
  @PrimaryKey({ type: 'blob' })
  hash!: Buffer

  @Property({ type: 'uuid' })
  userId!: string

  @Property({ type: 'uuid' })
  tokenId!: string
}
