import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { passkeyProviders } from './passkey-providers.ts'
import { Passkey } from './passkey.types.ts'

contributeField(User, 'passkeys', () => [Passkey], { description: 'Newest first.' })

export const passkeyReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      passkeys: ownOnly(
        listOf((user) => ({
          type: 'Passkey',
          own: true,
          from: (row) => sql`from passkey as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')} order by ${row.column('id')} desc`,
        })),
      ),
    },
  },
  {
    type: 'Passkey',
    fields: {
      ...columns('id', 'name', 'createdAt', 'lastUsedAt', 'synced'),
      provider: {
        expression: (row) =>
          sql`${sql.lit(JSON.stringify(passkeyProviders))}::jsonb ->> ${row.column('aaguid')}::text`,
      },
    },
  },
]

/** A passkey of the viewer's own. */
export const ownPasskey: ReadRoot<Viewer> = {
  name: 'passkey',
  type: 'Passkey',
  own: true,
  from: (row, builder) => sql`from passkey as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}
