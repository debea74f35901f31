import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** A browser that takes pushes. Whoever knows its endpoint could annoy it, so the subscription is sealed. */
@Entity({ tableName: 'push_device' })
@ObjectType({ simpleResolvers: true })
export class PushDevice {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Field(() => String, { description: "As 'Firefox on Linux'." })
  @Property({ type: 'string', length: 100 })
  name!: string

  /** SHA-256. An endpoint is one browser: registering it again replaces the row, whoever had it. */
  @Property({ type: 'blob' })
  endpointHash!: Buffer

  /** Sealed JSON: endpoint, p256dh, auth. */
  @Property({ type: 'blob' })
  subscription!: Buffer

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date
}
