import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { SlackLink } from './slack-link.entity.ts'

contributeField(User, 'slackLinks', () => [SlackLink], { description: 'Newest first.' })

export const slackLinkReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      slackLinks: ownOnly(
        listOf((user) => ({
          type: 'SlackLink',
          own: true,
          from: (row) => sql`from slack_link as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')} order by ${row.column('id')} desc`,
        })),
      ),
    },
  },
  { type: 'SlackLink', fields: columns('id', 'handle', 'workspace', 'linkedAt') },
]
