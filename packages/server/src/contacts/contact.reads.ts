import { proof } from '@lanyard/contract/limits'
import { type RawBuilder, sql } from 'kysely'

import { Channel } from '../delivery/channel.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { DateTime } from '../lib/date-time.ts'
import {
  columns,
  type FieldRead,
  listOf,
  oneOf,
  ownOnly,
  type Row,
  type TypeReads,
} from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { BlockedReason } from './blocked-reason.ts'
import { Email } from './email.entity.ts'
import { PendingProof } from './pending-proof.ts'
import { Phone } from './phone.entity.ts'

contributeField(User, 'emails', () => [Email], { description: 'The primary first, then the oldest.' })
contributeField(User, 'phones', () => [Phone], { description: 'The primary first, then the oldest.' })

const phoneChannels = [Channel.SMS, Channel.VOICE, Channel.WHATSAPP] as const

for (const address of [Email, Phone]) {
  contributeField(address, 'blockedAt', () => DateTime, {
    nullable: true,
    description: 'Since when nothing is sent there.',
  })
  contributeField(address, 'blockedReason', () => BlockedReason, { nullable: true })
  contributeField(address, 'blockedDetail', () => String, {
    nullable: true,
    description: "The carrier's own words, as 550 5.1.1 mailbox does not exist.",
  })
  contributeField(address, 'proof', () => PendingProof, {
    nullable: true,
    description: 'The code that was sent and not yet used; null when there is none or it is over.',
  })
}
contributeField(Phone, 'blockedChannels', () => [Channel], {
  description: 'The channels on which nothing is sent to it: STOP by text stops texts only.',
})

export const contactReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: { emails: contactsOf('email', 'Email'), phones: contactsOf('phone', 'Phone') },
  },
  {
    type: 'Email',
    fields: {
      ...columns('id', 'address', 'primary', 'verifiedAt', 'createdAt'),
      ...blockFields([Channel.EMAIL], 'address_key'),
      proof: pendingProof(),
    },
  },
  {
    type: 'Phone',
    fields: {
      ...columns('id', 'number', 'country', 'lineType', 'primary', 'verifiedAt', 'createdAt'),
      ...blockFields(phoneChannels, 'number'),
      blockedChannels: {
        expression: (phone) =>
          sql`array(select channel from ${blocksOf(phone, phoneChannels, 'number')} order by channel)`,
      },
      proof: pendingProof(),
    },
  },
  {
    type: 'PendingProof',
    fields: {
      ...columns('channel', 'sentAt', 'expiresAt'),
      triesLeft: {
        expression: (row) => sql`greatest(${sql.lit(proof.tries)} - ${row.column('tries')}, 0)`,
      },
      nextCodeAt: {
        expression: (row) =>
          sql`${row.column('sent_at')} + make_interval(secs => ${sql.lit(proof.resendSeconds)})`,
      },
    },
  },
]

/** An email of the viewer's own. */
export const ownEmail: ReadRoot<Viewer> = ownContact('email', 'Email')

/** A phone of the viewer's own. */
export const ownPhone: ReadRoot<Viewer> = ownContact('phone', 'Phone')

function ownContact(table: string, type: string): ReadRoot<Viewer> {
  return {
    name: table,
    type,
    own: true,
    from: (row, builder) => sql`from ${sql.table(table)} as ${sql.id(row.alias)}
      where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
        and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
  }
}

function contactsOf(table: string, type: string): FieldRead<Viewer> {
  return ownOnly(
    listOf((user) => ({
      type,
      from: (row) => sql`from ${sql.table(table)} as ${sql.id(row.alias)}
        where ${row.column('user_id')} = ${user.column('id')}
        order by ${row.column('primary')} desc, ${row.column('created_at')}, ${row.column('id')}`,
    })),
  )
}

/** A block belongs to the address, whoever holds it. Of several, the latest is told. */
function blockFields(channels: readonly Channel[], key: string): Record<string, FieldRead<Viewer>> {
  const latest = (column: string): FieldRead<Viewer> => ({
    expression: (address) => sql`(select ${sql.ref(column)} from ${blocksOf(address, channels, key)}
      order by blocked_at desc limit 1)`,
  })
  return {
    blockedAt: latest('blocked_at'),
    blockedReason: latest('reason'),
    blockedDetail: latest('detail'),
  }
}

function blocksOf(address: Row, channels: readonly Channel[], key: string): RawBuilder<unknown> {
  return sql`blocked_address where channel in (${sql.join(channels.map((channel) => sql.lit(channel)))})
    and address_key = ${address.column(key)}`
}

function pendingProof(): FieldRead<Viewer> {
  return oneOf((address) => ({
    type: 'PendingProof',
    from: (row) => sql`from address_proof as ${sql.id(row.alias)}
      where ${row.column('user_id')} = ${address.column('user_id')}
        and ${row.column('address_id')} = ${address.column('id')} and ${row.column('expires_at')} > now()`,
  }))
}
