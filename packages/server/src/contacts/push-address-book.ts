import type { StatementPool } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { AddressQuery, Destination, Whereabouts } from '../delivery/destination.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { bindingOfPushDevice } from './push-device.service.ts'
import type { PushSubscription } from './push-subscription.ts'

interface DeviceRow {
  id: string
  subscription: Buffer
  sound: string
  persistentFrom: string
  showsContent: boolean
}

const findStatement = {
  name: 'find_push_devices',
  text: `select d.id, d.subscription, u.app_notification_sound as sound,
      u.app_notification_persistent as "persistentFrom", u.push_shows_content as "showsContent"
    from unnest($1::uuid[], $2::uuid[]) as q (user_id, id)
      join push_device d on d.user_id = q.user_id and d.id = q.id
      join "user" u on u.id = d.user_id`,
}

/** With the history entry, in one statement: of two senders that are told so, one removes it and writes. */
const forgetStatement = {
  name: 'forget_push_device',
  text: `with gone as (delete from push_device where user_id = $1 and id = $2 returning user_id, name),
      health as (delete from address_health where user_id = $1 and address_id = $2)
    insert into activity (user_id, id, action, subject, changes, at)
    select user_id, $3, 'PUSH_DEVICE_REMOVED', name, '[]', $4 from gone`,
}

interface Parts {
  statements: StatementPool
  sealing: SealingKeys
  clock: Clock
  onError: (error: unknown) => void
}

/** Where pushes go: browsers that registered, with what their person wants of pushes. */
export function pushAddressBook({ statements, sealing, clock, onError }: Parts): Required<ChannelBook> {
  function destinationOf({ id, subscription, ...wishes }: DeviceRow): Destination {
    // Sealed by registerPushDevice, in this very shape.
    const opened = JSON.parse(sealing.open(subscription, bindingOfPushDevice(id))) as PushSubscription
    return { channel: Channel.PUSH, ...opened, wishes }
  }

  function whereaboutsOf(row: DeviceRow | undefined): Whereabouts {
    if (!row) return { usable: false, reason: DeliveryReason.ADDRESS_GONE }
    try {
      return { usable: true, to: destinationOf(row) }
    } catch (error) {
      // One that a lost key sealed must not hold up the others.
      onError(error)
      return { usable: false, reason: DeliveryReason.FAULT }
    }
  }

  return {
    channels: [Channel.PUSH],

    async look(queries) {
      const rows = await statements.run<DeviceRow>(findStatement, [
        queries.map(({ userId }) => userId),
        queries.map(({ addressId }) => addressId),
      ])
      const byId = new Map(rows.map((row) => [row.id, row]))
      return queries.map(({ addressId }) => whereaboutsOf(addressId ? byId.get(addressId) : undefined))
    },

    async forget({ userId, addressId }: AddressQuery) {
      const now = clock.now()
      await statements.write(forgetStatement, [userId, addressId, newId(now), now])
    },
  }
}
