import { sql } from 'kysely'

import { column, columns, type Row, type StatementBuilder, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { type Viewer, viewerFacts, withinReach } from '../viewer.ts'

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
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)} and ${isWithinReach(row, builder)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}

/** What is about no account is within every credential's reach. */
export function isWithinReach(row: Row, builder: StatementBuilder<Viewer>) {
  const accountId = row.column('account_id')
  return sql`(${accountId} is null or ${withinReach(accountId, builder)})`
}
