import { securityActions } from '@lanyard/contract/activity-action'
import { sql } from 'kysely'

import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { connectionOf } from '../lib/paging.ts'
import { oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { type Viewer, viewerFacts, withinReach } from '../viewer.ts'
import { User } from './user.entity.ts'

contributeField(ActivityEntry, 'actor', () => User, {
  nullable: true,
  description: 'Null when Lanyard itself did it, or when the person is no more.',
})

export const userActivityReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      activity: ownOnly(
        connectionOf({
          type: 'ActivityEntry',
          table: 'activity',
          usualSize: viewerFacts.rowsPerPage,
          where(row, user, field, builder) {
            const accountId = row.column('account_id')
            return sql`${row.column('user_id')} = ${user.column('id')}
              and (${accountId} is null or ${withinReach(accountId, builder)})
              and (not ${builder.argument(field, (args) => args['security'] ?? false)}::boolean
                or ${row.column('action')} = any(${sql.lit(`{${securityActions.join()}}`)}::text[]))`
          },
        }),
      ),
    },
  },
  {
    type: 'ActivityEntry',
    fields: {
      actor: oneOf((entry) => ({
        type: 'User',
        from: (row) =>
          sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${entry.column('actor_id')}`,
      })),
    },
  },
]
