import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import {
  columns,
  type FieldRead,
  listOf,
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
contributeField(User, 'sessions', () => [Session], {
  description: 'Where the person is signed in: this session first, then the one used last.',
})

const bySessionId: FieldRead<Viewer> = oneOf((user, builder) => ({
  type: 'Session',
  own: true,
  from: (row) => sql`from session as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${user.column('id')} and ${row.column('id')} = ${ownSessionId(builder)}`,
}))

/** @param idleSeconds how long a session lives unused */
export function sessionReads(idleSeconds: number): TypeReads<Viewer>[] {
  return [
    {
      type: 'User',
      fields: {
        sessions: ownOnly(
          listOf((user, builder) => ({
            type: 'Session',
            own: true,
            from: (row) => sql`from session as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')} and ${row.column('expires_at')} > now()
              and ${row.column('last_seen_at')} > now() - ${`${idleSeconds} seconds`}::interval
            order by ${row.column('id')} is distinct from ${ownSessionId(builder)}, ${row.column('last_seen_at')} desc`,
          })),
        ),
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
        ...columns('id', 'device', 'address', 'createdAt', 'lastSeenAt', 'expiresAt', 'method', 'place'),
        current: {
          // A token has no session, which is none of these.
          expression: (row, _field, builder) =>
            sql`${row.column('id')} is not distinct from ${ownSessionId(builder)}`,
        },
      },
    },
  ]
}

function ownSessionId(builder: StatementBuilder<Viewer>) {
  return builder.viewer(viewerFacts.sessionId)
}
