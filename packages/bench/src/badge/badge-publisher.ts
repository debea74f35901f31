import { Client } from 'pg'

import type { Person } from '../people.ts'

interface Counts {
  unread: number
  alerts: number
}

/** A version that no badge has: what stands before and after it in a message is the same for every push. */
const placeholder = '999999937'

/**
 * Announces new badges as notifications/inbox-announcements.ts does, in the same JSON on the same
 * channel, with numbers of its own for the version. What the messages are made of is kept in the database, so that a
 * push costs the publisher next to nothing.
 */
export class BadgePublisher implements AsyncDisposable {
  readonly #client: Client
  readonly #counts: readonly Counts[]
  /** What was published before: a connection runs one statement at a time. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(client: Client, counts: readonly Counts[]) {
    this.#client = client
    this.#counts = counts
  }

  /** @param slices who is announced together: people are dealt out to so many */
  static async connect(
    databaseUrl: string,
    people: readonly Person[],
    slices: number,
  ): Promise<BadgePublisher> {
    const client = new Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query(
      `create temp table message as
        select position, (position - 1) % $2 as slice, unread, alerts,
          split_part(text, '${placeholder}', 1) as head, split_part(text, '${placeholder}', 2) as tail
        from (
          select position, sum(b.unread)::int as unread, sum(b.alerts)::int as alerts,
            (jsonb_build_object('userId', p.user_id,
              'added', json_build_object('id', uuidv7(), 'accountId', (array_agg(b.account_id))[1]))
              || jsonb_build_object('badge', json_build_object('version', ${placeholder},
                'unread', sum(b.unread), 'alerts', sum(b.alerts),
                'accounts', json_agg(json_build_object('accountId', b.account_id, 'unread', b.unread,
                  'alerts', b.alerts) order by b.account_id))))::text as text
          from unnest($1::uuid[]) with ordinality as p (user_id, position) join badge b on b.user_id = p.user_id
          group by position, p.user_id
        ) made`,
      [people.map(({ userId }) => userId), slices],
    )
    await client.query('create index on message (slice)')
    const { rows } = await client.query<Counts>('select unread, alerts from message order by position')
    return new BadgePublisher(client, rows)
  }

  /** All of one slice, in one transaction. */
  async publish(slice: number, version: number): Promise<void> {
    const query = {
      name: 'publish',
      text: `select count(pg_notify('inbox', head || $1::text || tail)) from message where slice = $2`,
      values: [String(version), slice],
    }
    const publishing = this.#last.then(() => this.#client.query(query))
    this.#last = publishing
    await publishing
  }

  /** What the page is to show of that push, as GraphQL writes it. */
  badgeOf(index: number, version: number): string {
    const counts = this.#counts[index]
    if (!counts) throw new Error(`nobody has number ${index}`)
    const { unread, alerts } = counts
    return `{"notificationBadge":{"unread":${unread},"alerts":${alerts},"version":${version},"__typename":"NotificationBadge"}}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end()
  }
}
