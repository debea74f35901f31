import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** How a session was opened. */
export enum SignInMethod {
  PASSWORD = 'PASSWORD',
  PASSKEY = 'PASSKEY',
  SSO = 'SSO',
}
registerEnumType(SignInMethod, { name: 'SignInMethod' })

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

  @Field(() => String, {
    nullable: true,
    description:
      'Where the address is, roughly, as it was known when the session began; null when it is not.',
  })
  @Property({ type: 'string', length: 200, nullable: true })
  place: string | null = null

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

  @Field(() => SignInMethod)
  @Enum({ items: () => SignInMethod, default: SignInMethod.PASSWORD })
  method: Opt<SignInMethod> = SignInMethod.PASSWORD

  /** When the person last proved who they are, within the session; null in those of older servers. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  provenAt: Date | null = null

  /** Whether its cookie survives the browser. */
  @Property({ type: 'boolean', default: false })
  remembered: Opt<boolean> = false
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
