import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import {
  columns,
  type FieldRead,
  oneOf,
  ownOnly,
  type StatementBuilder,
  type TypeReads,
} from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { Session } from './session.entity.ts'

contributeField(User, 'currentSession', () => Session, {
  nullable: true,
  description: 'The session this request came with; null for a token.',
})
contributeField(Session, 'current', () => Boolean)

const bySessionId: FieldRead<Viewer> = oneOf((user, builder) => ({
  type: 'Session',
  own: true,
  from: (row) => sql`from session as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${user.column('id')} and ${row.column('id')} = ${ownSessionId(builder)}`,
}))

export const sessionReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      currentSession: ownOnly({
        expression(user, field, builder) {
          const { session } = builder
          if (!session) return bySessionId.expression(user, field, builder)
          return sql`(select to_json(t) from (select ${builder.columns('Session', session, field.children)}) t)`
        },
      }),
    },
  },
  {
    type: 'Session',
    fields: {
      ...columns('id', 'device', 'address', 'createdAt', 'lastSeenAt', 'expiresAt', 'method'),
      current: {
        expression: (row, _field, builder) => sql`${row.column('id')} = ${ownSessionId(builder)}`,
      },
    },
  },
]

function ownSessionId(builder: StatementBuilder<Viewer>) {
  return builder.viewer(viewerFacts.sessionId)
}
