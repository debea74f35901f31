import type { EntityManager } from '@mikro-orm/postgresql'

import type { Orm } from './orm.ts'

/**
 * Forks an entity manager for the first who asks: most requests read rows and never do. A getter of the class, not of
 * the object, as Apollo Server copies the properties of a context.
 */
export class LazyEntityManager {
  private readonly orm: Orm
  private forked: EntityManager | undefined

  constructor(orm: Orm) {
    this.orm = orm
  }

  get em(): EntityManager {
    return (this.forked ??= this.orm.em.fork())
  }
}
