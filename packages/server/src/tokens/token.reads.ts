import { sql } from 'kysely'

import { inBoundAccount } from '../accounts/account.reads.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'

contributeField(AccountUser, 'personalAccessTokens', () => [PersonalAccessToken], {
  description: 'Newest first.',
})

export const tokenReads: TypeReads<Viewer>[] = [
  {
    type: 'AccountUser',
    fields: {
      personalAccessTokens: ownOnly(
        inBoundAccount(
          listOf((accountUser) => ({
            type: 'PersonalAccessToken',
            own: true,
            from: (row) => sql`from personal_access_token as ${sql.id(row.alias)}
              where ${row.column('user_id')} = ${accountUser.column('user_id')}
                and ${row.column('account_user_id')} = ${accountUser.column('id')} order by ${row.column('id')} desc`,
          })),
        ),
      ),
    },
  },
  {
    type: 'PersonalAccessToken',
    fields: columns(
      'id',
      'name',
      'lastFour',
      'createdAt',
      'lastUsedAt',
      'lastUsedAddress',
      'lastUsedDevice',
      'expiresAt',
      'readOnly',
    ),
  },
]

/** A token of the viewer's own. */
export const ownToken: ReadRoot<Viewer> = {
  name: 'token',
  type: 'PersonalAccessToken',
  own: true,
  from: (row, builder) => sql`from personal_access_token as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}
