import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { DateTime } from '../lib/date-time.ts'
import { ownOnly, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'

contributeField(User, 'passwordChangedAt', () => DateTime, {
  nullable: true,
  description: 'Null for somebody without a password, who signs in through an organisation or by passkey.',
})

export const passwordReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      passwordChangedAt: ownOnly({
        expression: (user) => sql`(select changed_at from password where user_id = ${user.column('id')})`,
      }),
    },
  },
]
