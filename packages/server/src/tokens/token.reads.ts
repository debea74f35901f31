import { tokenLifetimeDays } from '@lanyard/contract/limits'
import { sql } from 'kysely'
import { Int } from 'type-graphql'

import { Account } from '../accounts/account.entity.ts'
import { forMembers, inBoundAccount, withPermission } from '../accounts/account.reads.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { connectionOf } from '../lib/paging.ts'
import { columns, listOf, oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'

contributeField(AccountUser, 'personalAccessTokens', () => [PersonalAccessToken], {
  description: 'Newest first.',
})

contributeField(PersonalAccessToken, 'owner', () => User, { description: 'Whom it acts as.' })
contributeField(AccountUser, 'longestTokenDays', () => Int, {
  description:
    'Days that a token the person makes here may live at most, 1–365. Tokens made before the account said so keep their time and are listed with when they end.',
})
contributeField(Account, 'longestTokenDays', () => Int, {
  description: 'What the account says of the life of its new tokens: days at most, 1–365.',
})

const usualLongest = sql.lit(tokenLifetimeDays.max)

/** Everybody's tokens in an account; `present` makes of it what `toConnection` takes. */
export const tokensOfAccount = withPermission(
  'tokens.others',
  connectionOf({
    type: 'PersonalAccessToken',
    table: 'personal_access_token',
    usualSize: viewerFacts.rowsPerPage,
    where: (row, account) => sql`${row.column('account_id')} = ${account.column('id')}`,
  }),
)

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
      longestTokenDays: ownOnly(
        inBoundAccount({
          expression: (accountUser) =>
            sql`(select coalesce(longest_token_days, ${usualLongest}) from account where id = ${accountUser.column('account_id')})`,
        }),
      ),
    },
  },
  {
    type: 'Account',
    fields: {
      longestTokenDays: forMembers({
        expression: (account) => sql`coalesce(${account.column('longest_token_days')}, ${usualLongest})`,
      }),
      personalAccessTokens: tokensOfAccount,
    },
  },
  {
    type: 'PersonalAccessToken',
    fields: {
      ...columns(
        'id',
        'name',
        'lastFour',
        'createdAt',
        'lastUsedAt',
        'lastUsedAddress',
        'lastUsedDevice',
        'expiresAt',
        'readOnly',
        'replacedAt',
      ),
      owner: oneOf((token) => ({
        type: 'User',
        from: (row) =>
          sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${token.column('user_id')}`,
      })),
    },
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
