import { expect, test } from 'vitest'
import type { Client } from 'graphql-ws'
import { createTestServer } from './server.ts'

const first = await createTestServer()
const second = await createTestServer({ databaseUrl: first.databaseUrl, clock: first.clock })

const badge =
  'subscription { notificationBadge { unread alerts version accounts { accountId unread alerts } } }'

interface Badge {
  unread: number
  alerts: number
  version: number
}

/** Every badge the socket receives, and a way to wait for one. */
function follow(client: Client) {
  const badges: Badge[] = []
  const waiting = new Set<() => void>()
  const stop = client.subscribe<{ notificationBadge: Badge }>(
    { query: badge },
    {
      next({ data }) {
        if (data) badges.push(data.notificationBadge)
        for (const check of waiting) check()
      },
      error: (error) => expect.unreachable(String(error)),
      complete: () => {},
    },
  )
  return {
    badges,
    stop,
    until: (isMet: (badge: Badge) => boolean) =>
      new Promise<Badge>((resolve) => {
        const check = () => {
          const met = badges.find(isMet)
          if (met) resolve(met)
        }
        waiting.add(check)
        check()
      }),
  }
}

async function publish(recipient: string, accountId: string, token: string, title = 'Something happened') {
  const input = { accountId, type: 'TICKET_ASSIGNED', recipients: [recipient], title, body: 'Look at it.' }
  return first.withToken(token).mutate('publishEvent', input, 'accepted notified')
}

test('an event published on one server moves the badge in every tab on both', async () => {
  const { user, account, accountUser } = await first.build.member({ roles: ['admin'] })
  const { token } = await first.build.token(accountUser)
  const tabs = [
    follow(await first.socketAs(user)),
    follow(await first.socketAs(user)),
    follow(await second.socketAs(user)),
  ]
  for (const tab of tabs) expect(await tab.until(() => true)).toMatchObject({ unread: 0, version: 0 })

  const answer = await publish(user.username, account.id, token)
  expect(answer.data.publishEvent).toEqual({ accepted: true, notified: 1 })
  for (const tab of tabs)
    expect(await tab.until(({ unread }) => unread === 1)).toMatchObject({ alerts: 0, version: 1 })
})
