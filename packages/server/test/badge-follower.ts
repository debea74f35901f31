import type { Client } from 'graphql-ws'

export interface Badge {
  unread: number
  alerts: number
  version: number
  accounts: { accountId: string; unread: number; alerts: number }[]
}

export const badgeSubscription =
  'subscription { notificationBadge { unread alerts version accounts { accountId unread alerts } } }'

/** A tab that follows the badge: every one it was sent, and a way to wait for one. */
export class BadgeFollower {
  readonly badges: Badge[] = []
  readonly #checks = new Set<() => void>()

  /** @param kept how many of the newest badges are kept */
  constructor(client: Client, kept = Infinity) {
    client.subscribe<{ notificationBadge: Badge }>(
      { query: badgeSubscription },
      {
        next: ({ data }) => {
          if (data) this.badges.push(data.notificationBadge)
          if (this.badges.length > kept) this.badges.shift()
          for (const check of this.#checks) check()
        },
        error: () => {},
        complete: () => {},
      },
    )
  }

  get newest(): Badge | undefined {
    return this.badges.at(-1)
  }

  /** The first badge, sent already or yet to come, that is as wanted. */
  until(isWanted: (badge: Badge) => boolean): Promise<Badge> {
    return new Promise((resolve) => {
      const check = () => {
        const wanted = this.badges.find(isWanted)
        if (!wanted) return
        this.#checks.delete(check)
        resolve(wanted)
      }
      this.#checks.add(check)
      check()
    })
  }
}
