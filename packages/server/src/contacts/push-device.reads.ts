import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { PushDevice } from './push-device.entity.ts'

contributeField(User, 'pushDevices', () => [PushDevice], { description: 'Newest first.' })

export const pushDeviceReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      pushDevices: ownOnly(
        listOf((user) => ({
          type: 'PushDevice',
          own: true,
          from: (row) => sql`from push_device as ${sql.id(row.alias)}
            where ${row.column('user_id')} = ${user.column('id')} order by ${row.column('id')} desc`,
        })),
      ),
    },
  },
  { type: 'PushDevice', fields: columns('id', 'name', 'createdAt') },
]

/** A device of the viewer's own. */
export const ownPushDevice: ReadRoot<Viewer> = {
  name: 'push_device',
  type: 'PushDevice',
  own: true,
  from: (row, builder) => sql`from push_device as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}
