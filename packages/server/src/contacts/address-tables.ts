import { type RawBuilder, sql } from 'kysely'
import { registerEnumType } from 'type-graphql'

import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import type { Row } from '../lib/read-model.ts'

/** What is missing before anything can be sent over a channel. */
export enum ChannelNeed {
  /** A carrier. */
  NOT_CONFIGURED = 'NOT_CONFIGURED',
  PROVEN_EMAIL = 'PROVEN_EMAIL',
  VERIFIED_PHONE = 'VERIFIED_PHONE',
  DEVICE = 'DEVICE',
  SLACK_LINK = 'SLACK_LINK',
}
registerEnumType(ChannelNeed, { name: 'ChannelNeed' })

/** Where the addresses of a channel stand; its columns lead with `user_id` and `id`. */
export interface AddressTable {
  name: 'email' | 'phone' | 'push_device' | 'slack_link'
  /** What a person lacks who has no address there that can be used. */
  need: ChannelNeed
  /** The address as its owner reads it. */
  label(row: Row): RawBuilder<unknown>
  isProven(row: Row): RawBuilder<unknown>
  /** Whether nothing is sent to it over this channel. */
  isBlocked(row: Row): RawBuilder<unknown>
}

const never = () => sql`false`
const always = () => sql`true`

function phones(channel: Channel): AddressTable {
  return {
    name: 'phone',
    need: ChannelNeed.VERIFIED_PHONE,
    label: (row) => row.column('number'),
    isProven: (row) => sql`${row.column('verified_at')} is not null`,
    isBlocked: (row) => isBlockedOn(channel, row.column('number')),
  }
}

export const addressTables: Record<CarriedChannel, AddressTable> = {
  EMAIL: {
    name: 'email',
    need: ChannelNeed.PROVEN_EMAIL,
    label: (row) => row.column('address'),
    isProven: (row) => sql`${row.column('verified_at')} is not null`,
    isBlocked: (row) => isBlockedOn(Channel.EMAIL, row.column('address_key')),
  },
  SMS: phones(Channel.SMS),
  VOICE: phones(Channel.VOICE),
  WHATSAPP: phones(Channel.WHATSAPP),
  PUSH: {
    name: 'push_device',
    need: ChannelNeed.DEVICE,
    label: (row) => row.column('name'),
    isProven: always,
    isBlocked: never,
  },
  SLACK: {
    name: 'slack_link',
    need: ChannelNeed.SLACK_LINK,
    label: (row) => sql`'@' || ${row.column('handle')} || ' (' || ${row.column('workspace')} || ')'`,
    isProven: always,
    isBlocked: never,
  },
}

function isBlockedOn(channel: Channel, addressKey: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`exists (select from blocked_address b
    where b.channel = ${sql.lit(channel)} and b.address_key = ${addressKey})`
}
