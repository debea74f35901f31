import type { StatementPool } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { AddressQuery, Whereabouts } from '../delivery/destination.ts'
import type { ChannelBook } from './channel-book.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { bindingOfSlackLink } from './slack-link.service.ts'

interface LinkRow {
  id: string
  token: Buffer
  slackUserId: string
  teamId: string
}

const findStatement = {
  name: 'find_slack_links',
  text: `select l.id, l.token, l.slack_user_id as "slackUserId", l.team_id as "teamId"
    from unnest($1::uuid[], $2::uuid[]) as q (user_id, id)
      join slack_link l on l.user_id = q.user_id and l.id = q.id`,
}

/** With the history entry, in one statement: of two senders that are told so, one removes it and writes. */
const forgetStatement = {
  name: 'forget_slack_link',
  text: `with gone as (delete from slack_link where user_id = $1 and id = $2 returning user_id, handle),
      health as (delete from address_health where user_id = $1 and address_id = $2)
    insert into activity (user_id, id, action, subject, changes, at)
    select user_id, $3, 'SLACK_UNLINKED', '@' || handle, '[]', $4 from gone`,
}

interface Parts {
  statements: StatementPool
  sealing: SealingKeys
  clock: Clock
  onError: (error: unknown) => void
}

/** Where Slack messages go: members of workspaces who linked themselves. */
export function slackAddressBook({ statements, sealing, clock, onError }: Parts): Required<ChannelBook> {
  function whereaboutsOf(row: LinkRow | undefined): Whereabouts {
    if (!row) return { usable: false, reason: DeliveryReason.ADDRESS_GONE }
    const { id, slackUserId, teamId } = row
    try {
      const token = sealing.open(row.token, bindingOfSlackLink(id))
      return { usable: true, to: { channel: Channel.SLACK, token, slackUserId, teamId } }
    } catch (error) {
      // One that a lost key sealed must not hold up the others.
      onError(error)
      return { usable: false, reason: DeliveryReason.FAULT }
    }
  }

  return {
    channels: [Channel.SLACK],

    async look(queries) {
      const rows = await statements.run<LinkRow>(findStatement, [
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
