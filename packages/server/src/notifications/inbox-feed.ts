import type { StatementPool } from '../database/statements.ts'
import { PendingValues } from '../lib/pending-values.ts'
import type { NotificationBadge } from './badge.ts'
import type { InboxMessage } from './inbox-topic.ts'

/** New items a reader may lag behind by; past that it reads the list anew anyway. */
const mostPendingItems = 100

interface BadgeReader {
  /** The newest version it was given. */
  version: number
  take: (badge: NotificationBadge) => void
}

interface ItemReader {
  /** Whether it may read the items of an account. */
  reaches: (accountId: string) => boolean
  pending: PendingValues<string>
}

const readBadgesStatement = {
  name: 'read_badges',
  text: `select p.user_id as "userId", coalesce(v.version, 0) as version,
      coalesce(sum(b.unread), 0)::int as unread, coalesce(sum(b.alerts), 0)::int as alerts,
      coalesce(json_agg(json_build_object('accountId', b.account_id, 'unread', b.unread, 'alerts', b.alerts)
        order by b.account_id) filter (where b.account_id is not null), '[]'::json) as accounts
    from unnest($1::uuid[]) as p (user_id)
      left join badge_user v on v.user_id = p.user_id left join badge b on b.user_id = p.user_id
    group by p.user_id, v.version`,
}

/**
 * The sockets of this process that follow somebody's inbox. What comes over NOTIFY is a hint: each reader gets a
 * snapshot first, then only newer versions, and after a gap in the hints everybody is read again.
 */
export class InboxFeed {
  readonly #statements: StatementPool
  readonly #onError: (error: unknown) => void
  readonly #badgeReaders = new Map<string, Set<BadgeReader>>()
  readonly #itemReaders = new Map<string, Set<ItemReader>>()

  constructor(statements: StatementPool, onError: (error: unknown) => void) {
    this.#statements = statements
    this.#onError = onError
  }

  /** The person's badge, and every newer one that the reader has time for. */
  async followBadge(userId: string): Promise<AsyncIterableIterator<NotificationBadge>> {
    const pending = new PendingValues<NotificationBadge>(1, () => leave())
    const leave = await this.watchBadge(userId, (badge) => pending.put(badge))
    return pending
  }

  /**
   * Gives the person's badge, and every newer one, to somebody who takes each at once.
   * @returns what ends it, after the first was given
   */
  async watchBadge(userId: string, take: (badge: NotificationBadge) => void): Promise<() => void> {
    const reader: BadgeReader = { version: -1, take }
    const leave = () => remove(this.#badgeReaders, userId, reader)
    // Listening begins before the snapshot is read, so that no change falls between the two.
    add(this.#badgeReaders, userId, reader)
    try {
      await this.#readAgain([userId])
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** The ids of the person's new items, in the accounts that the reader reaches. */
  followItems(userId: string, reaches: ItemReader['reaches']): AsyncIterableIterator<string> {
    const reader: ItemReader = {
      reaches,
      pending: new PendingValues(mostPendingItems, () => remove(this.#itemReaders, userId, reader)),
    }
    add(this.#itemReaders, userId, reader)
    return reader.pending
  }

  /** Takes a message of the `inbox` channel. */
  receive(payload: string): void {
    // Written by `InboxAnnouncements`, in this very shape.
    const { userId, added, badge } = JSON.parse(payload) as InboxMessage
    if (badge) this.#give(userId, badge)
    else if (this.#badgeReaders.has(userId)) this.#readAgain([userId]).catch(this.#onError)
    if (!added) return
    for (const { reaches, pending } of this.#itemReaders.get(userId) ?? []) {
      if (reaches(added.accountId)) pending.put(added.id)
    }
  }

  /** Reads the badges of everybody who is connected: messages may have been missed. */
  readEverybodyAgain(): void {
    if (this.#badgeReaders.size > 0) this.#readAgain([...this.#badgeReaders.keys()]).catch(this.#onError)
  }

  async #readAgain(userIds: readonly string[]): Promise<void> {
    const badges = await this.#statements.run<NotificationBadge & { userId: string }>(readBadgesStatement, [
      userIds,
    ])
    for (const { userId, ...badge } of badges) this.#give(userId, badge)
  }

  #give(userId: string, badge: NotificationBadge): void {
    for (const reader of this.#badgeReaders.get(userId) ?? []) {
      if (badge.version <= reader.version) continue
      reader.version = badge.version
      reader.take(badge)
    }
  }
}

function add<Reader>(readers: Map<string, Set<Reader>>, userId: string, reader: Reader): void {
  const others = readers.get(userId)
  if (others) others.add(reader)
  else readers.set(userId, new Set([reader]))
}

function remove<Reader>(readers: Map<string, Set<Reader>>, userId: string, reader: Reader): void {
  const others = readers.get(userId)
  others?.delete(reader)
  if (others?.size === 0) readers.delete(userId)
}
