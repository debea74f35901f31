import { sql } from 'kysely'
import { Field, ID, Int, ObjectType } from 'type-graphql'

import { contributeField } from '../lib/contributed-field.ts'
import {
  column,
  columns,
  listOf,
  oneOf,
  ownOnly,
  type Row,
  type StatementBuilder,
  type TypeReads,
} from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { User } from '../users/user.entity.ts'
import { reaches, reachesEverything, type Viewer, viewerFacts, withinReach } from '../viewer.ts'

@ObjectType({ simpleResolvers: true })
export class AccountBadge {
  @Field(() => ID)
  accountId!: string

  @Field(() => Int)
  unread!: number

  @Field(() => Int)
  alerts!: number
}

/** The live count of what one person has not read. */
@ObjectType({ simpleResolvers: true })
export class NotificationBadge {
  @Field(() => Int, { description: 'Of both kinds.' })
  unread!: number

  @Field(() => Int, { description: 'Those of kind ALERT.' })
  alerts!: number

  @Field(() => Int, { description: 'Only grows: an answer with a lower version is older.' })
  version!: number

  @Field(() => [AccountBadge])
  accounts!: AccountBadge[]
}

contributeField(User, 'notificationBadge', () => NotificationBadge)

/** A badge is made of rows that need not be there yet, so it begins with the person's id alone. */
export const badgeReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      notificationBadge: ownOnly(
        oneOf((user) => ({
          type: 'NotificationBadge',
          own: true,
          from: (row) => sql`from (select ${user.column('id')} as user_id) as ${sql.id(row.alias)}`,
        })),
      ),
    },
  },
  {
    type: 'NotificationBadge',
    fields: {
      unread: { expression: (badge, _field, builder) => sumOf('unread', badge, builder) },
      alerts: { expression: (badge, _field, builder) => sumOf('alerts', badge, builder) },
      version: {
        expression: (badge) =>
          sql`coalesce((select version from badge_user where user_id = ${badge.column('user_id')}), 0)`,
      },
      accounts: listOf((badge, builder) => ({
        type: 'AccountBadge',
        from: (row) => sql`from badge as ${sql.id(row.alias)}
          where ${row.column('user_id')} = ${badge.column('user_id')} and ${withinReach(row.column('account_id'), builder)}
          order by ${row.column('account_id')}`,
      })),
    },
  },
  { type: 'AccountBadge', fields: { ...columns('unread', 'alerts'), accountId: column('account_id') } },
]

function sumOf(count: 'unread' | 'alerts', badge: Row, builder: StatementBuilder<Viewer>) {
  return sql`(select coalesce(sum(${sql.ref(count)}), 0)::int from badge
    where user_id = ${badge.column('user_id')} and ${withinReach(sql.ref('account_id'), builder)})`
}

/** The viewer's badge by itself, as a mutation's payload returns it. */
export const ownBadge: ReadRoot<Viewer> = {
  name: 'badge',
  type: 'NotificationBadge',
  own: true,
  from: (row, builder) => sql`from (select ${builder.viewer(viewerFacts.userId)} as user_id)
    as ${sql.id(row.alias)}`,
}

/** What of a badge the viewer's credential may see. */
export function badgeWithinReach(badge: NotificationBadge, viewer: Viewer): NotificationBadge {
  if (reachesEverything(viewer)) return badge
  const accounts = badge.accounts.filter(({ accountId }) => reaches(viewer, accountId))
  return {
    version: badge.version,
    unread: accounts.reduce((sum, { unread }) => sum + unread, 0),
    alerts: accounts.reduce((sum, { alerts }) => sum + alerts, 0),
    accounts,
  }
}
