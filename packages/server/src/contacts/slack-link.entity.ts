import { type Opt, PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { DateTime } from '../lib/date-time.ts'
import { newId } from '../lib/ids.ts'

/** A member of a Slack workspace who proved by OAuth to be this person. */
@Entity({ tableName: 'slack_link' })
@ObjectType({ simpleResolvers: true })
export class SlackLink {
  [PrimaryKeyProp]?: ['userId', 'id']

  @PrimaryKey({ type: 'uuid' })
  userId!: string

  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  @Property({ type: 'string', length: 32 })
  teamId!: string

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  workspace!: string

  @Property({ type: 'string', length: 32 })
  slackUserId!: string

  @Field(() => String, { description: 'Without the @.' })
  @Property({ type: 'string', length: 100 })
  handle!: string

  /** The bot token of the workspace, sealed. */
  @Property({ type: 'blob' })
  token!: Buffer

  @Field(() => DateTime)
  @Property({ type: 'datetime', length: 3 })
  linkedAt!: Date
}
