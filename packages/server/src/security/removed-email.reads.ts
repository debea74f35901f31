import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { RemovedEmail } from './removed-email.types.ts'
import { isForgettable, lineOf, stillCounts, usableUntil } from './way-back.ts'

contributeField(User, 'removedEmails', () => [RemovedEmail], {
  description:
    'Proven emails that were removed in the last days and still take the user back, newest first.',
})
contributeField(User, 'wayBackEmail', () => String, {
  nullable: true,
  description:
    'Where the link for a new password goes after "It wasn\'t me": the email that was proven first.',
})

const now = sql`now()`

export const removedEmailReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      removedEmails: ownOnly(
        listOf((user) => ({
          type: 'RemovedEmail',
          own: true,
          from: (row) => sql`from removed_email as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')} and ${stillCounts(row, now)}
            order by ${row.column('removed_at')} desc, ${row.column('id')} desc`,
        })),
      ),
      wayBackEmail: ownOnly({
        expression: (user) =>
          sql`(select address from ${lineOf(user.column('id'), now)} order by proven_at, id limit 1)`,
      }),
    },
  },
  {
    type: 'RemovedEmail',
    fields: {
      ...columns('id', 'address', 'removedAt'),
      usableUntil: { expression: (row) => usableUntil(row, now) },
      forgettable: { expression: (row) => isForgettable(row, now) },
    },
  },
]
