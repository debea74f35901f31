import { sql } from 'kysely'

import { accountBy } from '../accounts/account.reads.ts'
import { Account } from '../accounts/account.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { connectionOf } from '../lib/paging.ts'
import { columns, type FieldRead, jsonObject, oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { checkId } from '../lib/text-input.ts'
import { type Viewer, viewerFacts, withinReach } from '../viewer.ts'
import { Notification } from './notification.entity.ts'

contributeField(Notification, 'account', () => Account)

const inbox: FieldRead<Viewer> = connectionOf({
  type: 'Notification',
  table: 'notification',
  usualSize: viewerFacts.rowsPerPage,
  own: true,
  where(row, user, field, builder) {
    const kind = builder.argument(field, (args) => args['kind'] ?? null)
    const unread = builder.argument(field, (args) => args['unread'] ?? null)
    return sql`${row.column('user_id')} = ${user.column('id')} and ${withinReach(row.column('account_id'), builder)}
      and (${kind}::text is null or ${row.column('kind')} = ${kind}::text)
      and (${unread}::boolean is null or (${row.column('read_at')} is null) = ${unread}::boolean)`
  },
})

const oneItem: FieldRead<Viewer> = {
  check: ({ id }) => void checkId(String(id), 'id'),
  expression: (user, field, builder) =>
    oneOf<Viewer>(() => ({
      type: 'Notification',
      own: true,
      from: (row) => sql`from notification as ${sql.id(row.alias)}
        where ${row.column('user_id')} = ${user.column('id')} and ${withinReach(row.column('account_id'), builder)}
          and ${row.column('id')} = ${builder.argument(field, (args) => args['id'])}`,
    })).expression(user, field, builder),
}

export const notificationReads: TypeReads<Viewer>[] = [
  { type: 'User', fields: { notifications: ownOnly(inbox), notification: ownOnly(oneItem) } },
  {
    type: 'Notification',
    fields: {
      ...columns('id', 'kind', 'eventType', 'title', 'body', 'readAt', 'createdAt'),
      account: accountBy('account_id'),
      entity: jsonObject('entity'),
    },
  },
]

/** One or several items of the viewer's own, newest first. */
export const ownNotifications: ReadRoot<Viewer> = {
  name: 'notifications',
  type: 'Notification',
  own: true,
  from: (row, builder) => sql`from notification as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)} and ${withinReach(row.column('account_id'), builder)}
      and ${row.column('id')} = any(${builder.value(({ root }) => root['ids'])}::uuid[])
    order by ${row.column('id')} desc`,
}
