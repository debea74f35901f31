import { sql } from 'kysely'

import { withPermissionThere } from '../accounts/account.reads.ts'
import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import type { TypeReads } from '../lib/read-model.ts'
import type { Viewer } from '../viewer.ts'

contributeField(AccountUser, 'enabled', () => Boolean, {
  description: 'False while a super admin keeps the person from signing in. Needs members.manage there.',
})

export const deactivationReads: TypeReads<Viewer>[] = [
  {
    type: 'AccountUser',
    fields: {
      enabled: withPermissionThere('members.manage', {
        expression: (accountUser) =>
          sql`(select disabled_at is null from "user" where id = ${accountUser.column('user_id')})`,
      }),
    },
  },
]
