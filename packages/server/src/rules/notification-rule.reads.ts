import { sql } from 'kysely'

import { accountBy, forMembers, inBoundAccount } from '../accounts/account.reads.ts'
import { Account } from '../accounts/account.entity.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { Viewer } from '../viewer.ts'
import { NotificationRule } from './notification-rule.entity.ts'

contributeField(NotificationRule, 'account', () => Account)
contributeField(NotificationRule, 'attachedTo', () => [AccountUser], {
  description: 'In the order they joined.',
})
contributeField(AccountUser, 'notificationRule', () => NotificationRule, {
  nullable: true,
  description: 'Decides how alerts reach the person here; null = the default channels.',
})
contributeField(Account, 'notificationRules', () => [NotificationRule], { description: 'By name.' })

export const ruleReads: TypeReads<Viewer>[] = [
  {
    type: 'Account',
    fields: {
      notificationRules: forMembers(
        listOf((account) => ({
          type: 'NotificationRule',
          from: (row) => sql`from notification_rule as ${sql.id(row.alias)}
            where ${row.column('account_id')} = ${account.column('id')} order by ${row.column('name')}, ${row.column('id')}`,
        })),
      ),
    },
  },
  {
    type: 'AccountUser',
    fields: {
      notificationRule: ownOnly(
        inBoundAccount(
          oneOf((accountUser) => ({
            type: 'NotificationRule',
            from: (row) => sql`from notification_rule as ${sql.id(row.alias)}
              where ${row.column('account_id')} = ${accountUser.column('account_id')}
                and ${row.column('id')} = ${accountUser.column('notification_rule_id')}`,
          })),
        ),
      ),
    },
  },
  {
    type: 'NotificationRule',
    fields: {
      ...columns('id', 'name', 'enabled', 'rules'),
      account: accountBy('account_id'),
      attachedTo: listOf((rule) => ({
        type: 'AccountUser',
        from: (row) => sql`from account_user as ${sql.id(row.alias)}
          where ${row.column('account_id')} = ${rule.column('account_id')}
            and ${row.column('notification_rule_id')} = ${rule.column('id')} order by ${row.column('id')}`,
      })),
    },
  },
]
