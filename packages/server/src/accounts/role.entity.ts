import type { Permission } from '@lanyard/contract/permissions'
import type { Opt } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'

import { newId } from '../lib/ids.ts'

/** A named set of permissions: built in, or an account's own. */
@Entity({ tableName: 'role' })
@ObjectType({ simpleResolvers: true })
export class Role {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  readonly id: Opt<string> = newId()

  /** Null = built in, the same in every account. */
  @Property({ type: 'uuid', nullable: true })
  accountId!: string | null

  /** The built-in roles by name of the code, as `dispatcher`; null for an account's own. */
  @Property({ type: 'string', length: 32, nullable: true })
  key!: string | null

  @Property({ type: 'string', length: 100 })
  name!: string

  @Field(() => [String])
  @Property({ type: 'array' })
  permissions!: Permission[]
}
