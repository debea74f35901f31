import { type RawBuilder, sql } from 'kysely'

import type { CarriedChannel } from '../delivery/channel.ts'
import { channels } from '../delivery/channels.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { columns, listOf, ownOnly, type Row, rowAs, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { addressTables, ChannelNeed } from './address-tables.ts'
import { UserChannel } from './user-channel.ts'

contributeField(User, 'channels', () => [UserChannel], {
  description: 'Every channel but the inbox, in the order of the page.',
})

/** @param configured the channels that this server can send over: the same for everybody, so it stands in the text */
export function userChannelReads(configured: ReadonlySet<CarriedChannel>): TypeReads<Viewer>[] {
  const descriptions = channels.map(
    ({ channel, provenBy, alertsOnly, mostCharacters }, position) =>
      sql`(${sql.lit(position)}, ${sql.lit(channel)}, ${sql.lit(configured.has(channel))},
        ${sql.lit(provenBy)}, ${sql.lit(alertsOnly)}, ${sql.lit(mostCharacters)}::int)`,
  )
  return [
    {
      type: 'User',
      fields: {
        channels: ownOnly(
          listOf((user) => ({
            type: 'UserChannel',
            from: (
              row,
            ) => sql`from (select v.*, ${user.column('id')} as user_id from (values ${sql.join(descriptions)})
                as v (position, channel, configured, proven_by, alerts_only, most_characters)) as ${sql.id(row.alias)}
              order by ${row.column('position')}`,
          })),
        ),
      },
    },
    {
      type: 'UserChannel',
      fields: {
        ...columns('channel', 'configured', 'provenBy', 'alertsOnly', 'mostCharacters'),
        missing: { expression: missing },
      },
    },
  ]
}

/** A CASE, so that only the tables of channels that are configured are looked into, and none when nobody asks. */
function missing(row: Row): RawBuilder<unknown> {
  const needs = channels.map(({ channel }) => {
    const { need } = addressTables[channel]
    return sql`when ${sql.lit(channel)} then case when ${hasUsableAddress(channel, row)} then null else ${sql.lit(need)} end`
  })
  return sql`case when not ${row.column('configured')} then ${sql.lit(ChannelNeed.NOT_CONFIGURED)}
    else case ${row.column('channel')} ${sql.join(needs, sql` `)} end end`
}

function hasUsableAddress(channel: CarriedChannel, { column }: Row): RawBuilder<unknown> {
  const { name, isProven, isBlocked } = addressTables[channel]
  const address = rowAs('a')
  return sql`exists (select from ${sql.table(name)} a where ${address.column('user_id')} = ${column('user_id')}
    and ${isProven(address)} and not ${isBlocked(address)})`
}
