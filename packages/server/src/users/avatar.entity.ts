import { PrimaryKeyProp } from '@mikro-orm/core'
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'

/**
 * A person's picture in one size. It is found by its own name, which changes with the picture; whose it is, the person
 * says (`User.avatarId`), and this only repeats it for whoever asks for the picture.
 */
@Entity({ tableName: 'avatar' })
export class Avatar {
  [PrimaryKeyProp]?: ['id', 'size']

  @PrimaryKey({ type: 'uuid' })
  id!: string

  /** Pixels of each side. */
  @PrimaryKey({ type: 'smallint' })
  size!: number

  @Property({ type: 'uuid' })
  userId!: string

  /** WebP of our own making. */
  @Property({ type: 'blob' })
  bytes!: Buffer
}
