import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { columns, type FieldRead, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { Email } from './email.entity.ts'
import { Phone } from './phone.entity.ts'

contributeField(User, 'emails', () => [Email], { description: 'The primary first, then the oldest.' })
contributeField(User, 'phones', () => [Phone], { description: 'The primary first, then the oldest.' })

export const contactReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: { emails: contactsOf('email', 'Email'), phones: contactsOf('phone', 'Phone') },
  },
  {
    type: 'Email',
    fields: columns('id', 'address', 'primary', 'verifiedAt', 'createdAt'),
  },
  {
    type: 'Phone',
    fields: columns('id', 'number', 'country', 'lineType', 'primary', 'verifiedAt', 'createdAt'),
  },
]

function contactsOf(table: string, type: string): FieldRead<Viewer> {
  return ownOnly(
    listOf((user) => ({
      type,
      from: (row) => sql`from ${sql.table(table)} as ${sql.id(row.alias)}
        where ${row.column('user_id')} = ${user.column('id')}
        order by ${row.column('primary')} desc, ${row.column('created_at')}, ${row.column('id')}`,
    })),
  )
}
