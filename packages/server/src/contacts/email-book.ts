import type { Statements } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { AddressQuery, Whereabouts } from '../delivery/destination.ts'
import type { ChannelBook } from './channel-book.ts'
import type { BlockedReason } from './blocked-reason.ts'
import { obstacleOf } from './sendable.ts'

interface FoundEmail {
  /** Null when the address is not there any more, or never was. */
  address: string | null
  is_proven: boolean
  blocked_reason: BlockedReason | null
}

/** An address that is nobody's any more is asked about by itself: it is told for the last time that it was removed. */
const lookStatement = {
  name: 'look_up_emails',
  text: `select coalesce(email.address, case when asked.id is null then asked.address end) as address,
      email.verified_at is not null or asked.id is null as is_proven, blocked.reason as blocked_reason
    from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as asked (user_id, id, address, position)
    left join email on email.user_id = asked.user_id and email.id = asked.id
    left join blocked_address as blocked
      on blocked.channel = 'EMAIL' and blocked.address_key = coalesce(email.address_key, lower(asked.address))
    order by asked.position`,
}

export function emailBook(statements: Statements): ChannelBook {
  return {
    channels: [Channel.EMAIL],
    async look(queries) {
      const rows = await statements.run<FoundEmail>(lookStatement, [
        queries.map(({ userId }) => userId),
        queries.map(({ addressId }) => addressId),
        queries.map(({ address }) => address),
      ])
      return queries.map((query, index) => whereaboutsOf(query, rows[index]))
    },
  }
}

function whereaboutsOf({ forProof }: AddressQuery, found: FoundEmail | undefined): Whereabouts {
  if (!found || found.address === null) return { usable: false, reason: DeliveryReason.ADDRESS_GONE }
  const obstacle = obstacleOf({ isProven: found.is_proven, blockedReason: found.blocked_reason })
  if (obstacle && !forProof) return { usable: false, reason: obstacle }
  return { usable: true, to: { channel: Channel.EMAIL, address: found.address } }
}
