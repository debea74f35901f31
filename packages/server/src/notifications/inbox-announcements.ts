import { setTimeout as sleep } from 'node:timers/promises'

import type { StatementPool } from '../database/statements.ts'
import { inboxTopic } from './inbox-topic.ts'

/** A person whose inbox changed, and the new item if one was added. */
export interface InboxChange {
  userId: string
  added?: { id: string; accountId: string }
}

/**
 * Tells every server process what the badges of people are by now. A badge too long for a NOTIFY is left out, and read
 * by whoever has the person connected. A hint need not outlive a crash, so its commit does not wait for the disk.
 */
const announceStatement = {
  name: 'announce_inboxes',
  text: `with change as (
      select * from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality
        as change (user_id, added_id, account_id, position)
    ), message as (
      select c.position,
        json_strip_nulls(json_build_object('userId', c.user_id, 'added', case when c.added_id is not null
          then json_build_object('id', c.added_id, 'accountId', c.account_id) end)) as hint,
        (select json_build_object('version', v.version, 'unread', coalesce(sum(b.unread), 0),
            'alerts', coalesce(sum(b.alerts), 0), 'accounts', coalesce(json_agg(json_build_object(
              'accountId', b.account_id, 'unread', b.unread, 'alerts', b.alerts) order by b.account_id)
              filter (where b.account_id is not null), '[]'::json))
          from badge_user v left join badge b on b.user_id = v.user_id
          where v.user_id = c.user_id group by v.version) as badge
      from change c
    )
    select set_config('synchronous_commit', 'off', true), pg_notify($4,
      case when octet_length(badge::text) < 7500
        then (hint::jsonb || jsonb_build_object('badge', badge))::text else hint::text end)
    from (select * from message order by position) as message`,
}

/** So long the next changes are gathered: each NOTIFY wakes every process, whatever it carries. */
const gatherMilliseconds = 5

/**
 * Announces changes of inboxes once they are committed, many at once. NOTIFY in the transaction of the change itself
 * would let one transaction of the whole database commit at a time, and each wait for the disk.
 */
export class InboxAnnouncements implements AsyncDisposable {
  readonly #statements: StatementPool
  readonly #onError: (error: unknown) => void
  #waiting: InboxChange[] = []
  #announcing: Promise<void> | undefined

  constructor(statements: StatementPool, onError: (error: unknown) => void) {
    this.#statements = statements
    this.#onError = onError
  }

  add(changes: readonly InboxChange[]): void {
    for (const change of changes) this.#waiting.push(change)
    if (this.#waiting.length > 0) this.#announcing ??= this.#announceAll()
  }

  async #announceAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const changes = this.#waiting
      this.#waiting = []
      await this.#announce(changes).catch(this.#onError)
      await sleep(gatherMilliseconds)
    }
    this.#announcing = undefined
  }

  async #announce(changes: readonly InboxChange[]): Promise<void> {
    await this.#statements.write(announceStatement, [
      changes.map(({ userId }) => userId),
      changes.map(({ added }) => added?.id ?? null),
      changes.map(({ added }) => added?.accountId ?? null),
      inboxTopic,
    ])
  }

  /** Announces what is waiting. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#announcing
  }
}
