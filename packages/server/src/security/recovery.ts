import { sql } from 'kysely'
import { Field, ObjectType } from 'type-graphql'

import { contributeField } from '../lib/contributed-field.ts'
import { DateTime } from '../lib/date-time.ts'
import { columns, oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'

/** The taking back of a user that somebody else may have used. */
@ObjectType({ simpleResolvers: true })
export class Recovery {
  @Field(() => DateTime)
  startedAt!: Date

  @Field(() => DateTime, { nullable: true, description: 'When a new password was set.' })
  resetAt!: Date | null
}

contributeField(User, 'recovery', () => Recovery, {
  nullable: true,
  description: 'From "It wasn\'t me" until the person says that everything was looked at.',
})

export const recoveryReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      recovery: ownOnly(
        oneOf((user) => ({
          type: 'Recovery',
          own: true,
          from: (row) => sql`from recovery as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')}`,
        })),
      ),
    },
  },
  { type: 'Recovery', fields: columns('startedAt', 'resetAt') },
]
