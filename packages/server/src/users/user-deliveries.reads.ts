import { sql } from 'kysely'

import { isWithinReach } from '../delivery/delivery.reads.ts'
import { connectionOf } from '../lib/paging.ts'
import { type FieldRead, oneOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import { checkId } from '../lib/text-input.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'

const page: FieldRead<Viewer> = connectionOf({
  type: 'Delivery',
  table: 'delivery',
  usualSize: viewerFacts.rowsPerPage,
  own: true,
  where: (row, user, field, builder) => sql`${row.column('user_id')} = ${user.column('id')}
    and ${isWithinReach(row, builder)} ${
      builder.shapeOf(field).startsWith('address')
        ? sql`and ${row.column('address_id')} = ${builder.argument(field, (args) => args['addressId'])}`
        : sql``
    }`,
})

/** With an address the index by address serves, without one the primary key: two texts, each planned for itself. */
const deliveries: FieldRead<Viewer> = {
  ...page,
  check(args) {
    page.check?.(args)
    if (typeof args['addressId'] === 'string') checkId(args['addressId'], 'addressId')
  },
  shape: (args) => `${typeof args['addressId'] === 'string' ? 'address ' : ''}${page.shape?.(args) ?? ''}`,
}

const oneDelivery: FieldRead<Viewer> = {
  check: ({ id }) => void checkId(String(id), 'id'),
  expression: (user, field, builder) =>
    oneOf<Viewer>(() => ({
      type: 'Delivery',
      own: true,
      from: (row) => sql`from delivery as ${sql.id(row.alias)}
        where ${row.column('user_id')} = ${user.column('id')} and ${isWithinReach(row, builder)}
          and ${row.column('id')} = ${builder.argument(field, (args) => args['id'])}`,
    })).expression(user, field, builder),
}

export const userDeliveryReads: TypeReads<Viewer>[] = [
  { type: 'User', fields: { deliveries: ownOnly(deliveries), delivery: ownOnly(oneDelivery) } },
]
