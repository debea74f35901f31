import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** A signed-in browser. */
@Entity({ tableName: 'session' })
@ObjectType({ simpleResolvers: true })
export class Session {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String, { description: "As 'Firefox on Linux'." })
  @Property({ type: 'string', length: 100 })
  device!: string

  @Field(() => String)
  @Property({ type: 'string', length: 64 })
  address!: string

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date

  /** Written at most once a minute. */
  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  lastSeenAt!: Date

  @Field(() => DateTime, { description: 'When it ends, however much it is used.' })
  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date
}

/** Finds a session by the SHA-256 of its cookie: the cookie itself is nowhere in the database. */
@Entity({ tableName: 'session_key' })
export class SessionKey {
  @PrimaryKey({ type: 'blob' })
  hash!: Buffer

  @Property({ type: 'uuid' })
  userId!: string

  @Property({ type: 'uuid' })
  sessionId!: string
}
