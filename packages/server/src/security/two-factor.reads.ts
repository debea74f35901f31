import { type RawBuilder, sql } from 'kysely'

import { withPermissionThere } from '../accounts/account.reads.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { listOf, oneOf, ownOnly, type Row, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { TwoFactor } from './two-factor.types.ts'

contributeField(User, 'twoFactor', () => TwoFactor)
contributeField(AccountUser, 'twoFactorEnabled', () => Boolean, {
  description: 'Whether a second factor is set up. Needs members.manage there.',
})

/** Over the row of the person. */
export const twoFactorReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      twoFactor: ownOnly(
        oneOf((user) => ({
          type: 'TwoFactor',
          own: true,
          from: (row) =>
            sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${user.column('id')}`,
        })),
      ),
    },
  },
  {
    type: 'AccountUser',
    fields: {
      twoFactorEnabled: withPermissionThere('members.manage', {
        expression: (accountUser) => hasFactor(accountUser, 'user_id'),
      }),
    },
  },
  {
    type: 'TwoFactor',
    fields: {
      enabled: { expression: (person) => hasFactor(person, 'id') },
      enabledAt: {
        expression: (row) => sql`(select enabled_at from totp_factor where user_id = ${row.column('id')})`,
      },
      recoveryCodesLeft: {
        expression: (row) =>
          sql`(select count(*) from recovery_code where user_id = ${row.column('id')} and used_at is null)`,
      },
      requiredBy: listOf((person) => ({
        type: 'Account',
        from: (row) => sql`from account as ${sql.id(row.alias)}
          where ${row.column('require_two_factor')} and exists (select 1 from account_user m
            where m.user_id = ${person.column('id')} and m.account_id = ${row.column('id')})
          order by ${row.column('name')}, ${row.column('id')}`,
      })),
    },
  },
]

/** @param column which one names the person */
function hasFactor(row: Row, column: 'id' | 'user_id'): RawBuilder<unknown> {
  return sql`exists (select 1 from totp_factor where user_id = ${row.column(column)})`
}
