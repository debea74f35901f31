import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

@Entity({ tableName: 'password' })
export class Password {
  @PrimaryKey({ type: 'uuid' })
  userId!: string

  /** PHC string with its parameters, as `$argon2id$v=19$m=…`. */
  @Property({ type: 'string', length: 255 })
  hash!: string

  @Property({ type: 'datetime', length: 3 })
  changedAt!: Date
}
