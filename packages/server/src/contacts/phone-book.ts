import type { Statements } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { AddressQuery, Whereabouts } from '../delivery/destination.ts'
import type { ChannelBook } from './channel-book.ts'
import type { BlockedReason } from './blocked-reason.ts'
import { obstacleOf } from './sendable.ts'

interface FoundPhone {
  /** Null when the phone is not there any more, or never was. */
  number: string | null
  country: string | null
  is_proven: boolean
  blocked_reason: BlockedReason | null
}

const lookStatement = {
  name: 'look_up_phones',
  text: `select phone.number, phone.country, phone.verified_at is not null as is_proven,
      blocked.reason as blocked_reason
    from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as asked (user_id, id, channel, position)
    left join phone on phone.user_id = asked.user_id and phone.id = asked.id
    left join blocked_address as blocked
      on blocked.channel = asked.channel and blocked.address_key = phone.number
    order by asked.position`,
}

const channels = [Channel.SMS, Channel.VOICE, Channel.WHATSAPP] as const

export function phoneBook(statements: Statements): ChannelBook {
  return {
    channels,
    async look(queries) {
      const rows = await statements.run<FoundPhone>(lookStatement, [
        queries.map(({ userId }) => userId),
        queries.map(({ addressId }) => addressId),
        queries.map(({ channel }) => channel),
      ])
      return queries.map((query, index) => whereaboutsOf(query, rows[index]))
    },
  }
}

function whereaboutsOf({ channel, forProof }: AddressQuery, found: FoundPhone | undefined): Whereabouts {
  const over = channels.find((known) => known === channel)
  if (!over || !found || found.number === null || found.country === null) {
    return { usable: false, reason: DeliveryReason.ADDRESS_GONE }
  }
  const obstacle = obstacleOf({ isProven: found.is_proven, blockedReason: found.blocked_reason })
  if (obstacle && !forProof) return { usable: false, reason: obstacle }
  return { usable: true, to: { channel: over, number: found.number, country: found.country } }
}
