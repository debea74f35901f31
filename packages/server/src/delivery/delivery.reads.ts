import { sql } from 'kysely'

import { column, columns, type Row, type StatementBuilder, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'

export const deliveryReads: TypeReads<Viewer>[] = [
  {
    type: 'Delivery',
    fields: {
      ...columns('id', 'channel', 'addressId', 'address', 'state', 'reason', 'detail', 'attempts'),
      ...columns('carrier', 'carrierId', 'carrierStatus', 'createdAt', 'sentAt', 'deliveredAt', 'failedAt'),
      messageKind: column('message'),
    },
  },
]

/** A delivery of the viewer's own. */
export const ownDelivery: ReadRoot<Viewer> = {
  name: 'delivery',
  type: 'Delivery',
  own: true,
  from: (row, builder) => sql`from delivery as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)} and ${withinReach(row, builder)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}

/** A token sees what is about its own account, and what is about no account. */
export function withinReach(row: Row, builder: StatementBuilder<Viewer>) {
  const bound = builder.viewer(viewerFacts.boundAccountId)
  return sql`(${bound} is null or ${row.column('account_id')} is null or ${row.column('account_id')} = ${bound})`
}
