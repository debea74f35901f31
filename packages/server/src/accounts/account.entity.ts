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

  /** The identity provider that members come through; null: they sign in as they like. */
  @Property({ type: 'uuid', nullable: true })
  ssoConnectionId: string | null = null

  @Property({ type: 'boolean', default: false })
  requireTwoFactor: Opt<boolean> = false

  /** Where its members begin to sign in, as `acme` of `/sso/acme`, in lower case; null without one. */
  @Property({ type: 'string', length: 40, nullable: true })
  signInName: string | null = null
  /** Days a new access token may live here at most, 1–365; null = as long as anywhere, a year. */
  @Property({ type: 'smallint', nullable: true })
  longestTokenDays: number | null = null

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
