import { sql } from 'kysely'
import { Field, ObjectType } from 'type-graphql'

import { DeliveryReason } from '../delivery/delivery-reason.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { DateTime } from '../lib/date-time.ts'
import { columns, type FieldRead, oneOf, type TypeReads } from '../lib/read-model.ts'
import type { Viewer } from '../viewer.ts'
import { Email } from './email.entity.ts'
import { Phone } from './phone.entity.ts'
import { PushDevice } from './push-device.entity.ts'
import { SlackLink } from './slack-link.entity.ts'

/** How sending to an address went. `delivery/` writes it, and keeps it when the deliveries themselves are gone. */
@ObjectType({ simpleResolvers: true })
export class AddressHealth {
  @Field(() => DateTime, { nullable: true })
  lastDeliveredAt!: Date | null

  @Field(() => DateTime, { nullable: true })
  lastFailedAt!: Date | null

  @Field(() => DeliveryReason, { nullable: true })
  lastFailedReason!: DeliveryReason | null

  @Field(() => String, { nullable: true, description: "The carrier's own words." })
  lastFailedDetail!: string | null
}

/** Nothing was sent to most addresses yet, so the row of one may be missing; the health itself is always there. */
const health: FieldRead<Viewer> = oneOf((address) => ({
  type: 'AddressHealth',
  from: (row) => sql`from (values (0)) as one left join address_health as ${sql.id(row.alias)}
    on ${row.column('user_id')} = ${address.column('user_id')}
      and ${row.column('address_id')} = ${address.column('id')}`,
}))

const addressTypes = { Email, Phone, PushDevice, SlackLink }

for (const type of Object.values(addressTypes)) contributeField(type, 'health', () => AddressHealth)

export const addressHealthReads: TypeReads<Viewer>[] = [
  ...Object.keys(addressTypes).map((type) => ({ type, fields: { health } })),
  {
    type: 'AddressHealth',
    fields: columns('lastDeliveredAt', 'lastFailedAt', 'lastFailedReason', 'lastFailedDetail'),
  },
]
