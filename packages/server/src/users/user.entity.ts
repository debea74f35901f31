import { rowsPerPage } from '@lanyard/contract/limits'
import type { Opt } from '@mikro-orm/core'
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'
import { Language } from '../language.ts'
import { newId } from '../lib/ids.ts'

export { Language } from '../language.ts'

/** Where a person arrives after signing in. */
export enum LandingPage {
  LAST_VISITED = 'LAST_VISITED',
  USER_PROFILE = 'USER_PROFILE',
}
registerEnumType(LandingPage, { name: 'LandingPage' })

/** Pushes of at least this urgency stay on the screen until they are dismissed. */
export enum PersistentThreshold {
  NEVER = 'NEVER',
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
  CRITICAL = 'CRITICAL',
}
registerEnumType(PersistentThreshold, { name: 'PersistentThreshold' })

/** A person, the same in every account. Later features add their fields to this type from their own folders. */
@Entity({ tableName: 'user' })
@ObjectType({ simpleResolvers: true })
export class User {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  /** Compared without regard to case; `login_name` makes it unique. */
  @Field(() => String)
  @Property({ type: 'string', length: 64 })
  username!: string

  @Field(() => String)
  @Property({ type: 'string', length: 100 })
  name!: string

  @Field(() => String, { description: 'Shown to recipients outside the account.' })
  @Property({ type: 'string', length: 100 })
  publicName!: string

  /** The name of the picture; `avatarUrl` leads there. */
  @Property({ type: 'uuid', nullable: true })
  avatarId: string | null = null

  @Field(() => Boolean)
  @Property({ type: 'boolean', default: false })
  superAdmin: Opt<boolean> = false

  @Field(() => Language)
  @Enum({ items: () => Language, default: Language.EN })
  language: Opt<Language> = Language.EN

  @Field(() => String, { description: 'IANA name.' })
  @Property({ type: 'string', length: 64, default: 'UTC' })
  timeZone: Opt<string> = 'UTC'

  @Field(() => Boolean, { description: 'Emoji before the entries of the navigation.' })
  @Property({ type: 'boolean', default: false })
  emojiMode: Opt<boolean> = false

  @Field(() => Int, { description: 'Default page size of every list, 5 to 100.' })
  @Property({ type: 'smallint', default: rowsPerPage.default })
  rowsPerPage: Opt<number> = rowsPerPage.default

  @Field(() => LandingPage, { description: 'The stored choice; where it leads now is landingPath.' })
  @Enum({ items: () => LandingPage, default: LandingPage.USER_PROFILE })
  landingPage: Opt<LandingPage> = LandingPage.USER_PROFILE

  @Property({ type: 'string', length: 500, nullable: true })
  lastVisitedPath: string | null = null

  @Field(() => ID, { nullable: true, description: 'The account used last; null before the first visit.' })
  @Property({ type: 'uuid', nullable: true })
  lastAccountId: string | null = null

  @Field(() => [Channel], { description: 'Used for an alert when no rule says otherwise.' })
  @Property({ type: 'string[]' })
  notificationChannels: Opt<Channel[]> = [Channel.PUSH, Channel.EMAIL, Channel.SMS]

  @Field(() => PersistentThreshold)
  @Enum({ items: () => PersistentThreshold, default: PersistentThreshold.NEVER })
  appNotificationPersistent: Opt<PersistentThreshold> = PersistentThreshold.NEVER

  @Field(() => String, { description: 'The name of one of our sounds.' })
  @Property({ type: 'string', length: 32, default: 'default' })
  appNotificationSound: Opt<string> = 'default'

  @Field(() => Boolean, { description: 'Whether pushes show what they are about on a locked screen.' })
  @Property({ type: 'boolean', default: false })
  pushShowsContent: Opt<boolean> = false

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date

  /** Nobody signs in as them while it is set. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  disabledAt: Date | null = null
}

/** Whose username it is: a narrow table of its own, because people are stored by id and found by name. */
@Entity({ tableName: 'login_name' })
export class LoginName {
  /** The username in lower case. */
  @PrimaryKey({ type: 'string', length: 64 })
  name!: string

  @Property({ type: 'uuid' })
  userId!: string
}
