import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { BadgeFollower } from './badge-follower.ts'
import { Caller, createTestServer } from './server.ts'
import { startServerProcess } from './server-process.ts'

// Makes the rows; the two processes under test share its database.
const builder = await createTestServer()

test('two server processes on one database move each other’s badges, and one goes on when the other is killed', async () => {
  await using first = startServerProcess({ DATABASE_URL: builder.databaseUrl })
  await using second = startServerProcess({ DATABASE_URL: builder.databaseUrl })
  const urls = await Promise.all(
    [first, second].map(async (started) => {
      await started.until('Ctrl-C')
      return /http:\/\/\S+/.exec(started.output())?.[0] ?? ''
    }),
  )
  const [firstUrl = '', secondUrl = ''] = urls

  const { user, account, accountUser } = await builder.build.member({ roles: ['admin'] })
  const { token } = await builder.build.token(accountUser)
  const publishOn = (url: string) =>
    new Caller(url, { authorization: `Bearer ${token}` }).mutate(
      'publishEvent',
      {
        accountId: account.id,
        type: 'TASK_ASSIGNED',
        recipients: [user.username],
        title: 'Call back',
        body: '-',
      },
      'accepted notified',
    )
  const client = createClient({
    url: `${secondUrl.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  const tab = new BadgeFollower(client)
  expect(await tab.until(() => true)).toMatchObject({ unread: 0, version: 0 })

  expect((await publishOn(firstUrl)).data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect(await tab.until(({ version }) => version === 1)).toMatchObject({ unread: 1 })

  first.child.kill('SIGKILL')
  await first.exitCode()
  expect((await publishOn(secondUrl)).data.publishEvent).toEqual({ accepted: true, notified: 1 })
  expect(await tab.until(({ version }) => version === 2)).toMatchObject({ unread: 2 })
  await client.dispose()
}, 60_000)
