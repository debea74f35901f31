import { expect, test } from 'vitest'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { BadgeFollower } from '../../test/badge-follower.ts'

const server = await createTestServer({ limits: { pointsPerMinute: 20 } })

test('a person who asks for more than their share waits, over every credential, and nobody else does', async () => {
  const { user, accountUser } = await server.build.member()
  const { user: colleague } = await server.build.member()
  const browser = await server.as(user)
  const { token } = await server.build.token(accountUser)
  const ask = '{ me { name } }'

  let asked = 0
  let answer
  do {
    answer = await browser.query(ask)
    asked++
  } while (!answer.errors)
  // A minute may end in between, and then the count begins anew.
  expect(asked).toBeGreaterThan(20)
  expect(asked).toBeLessThanOrEqual(41)
  expect(answer.status).toBe(429)
  const { code, retryAfterSeconds } = refusalOf(answer) ?? {}
  expect(code).toBe('RATE_LIMITED')
  expect(Number(retryAfterSeconds)).toBeGreaterThan(0)
  expect(Number(retryAfterSeconds)).toBeLessThanOrEqual(60)
  expect(answer.headers.get('retry-after')).toBe(String(retryAfterSeconds))
  expect(refusalOf(await server.withToken(token).query(ask))).toMatchObject({ code: 'RATE_LIMITED' })
  expect((await (await server.as(colleague)).query(ask)).data).toEqual({ me: { name: colleague.name } })
})

test('the same points are counted on a socket', async () => {
  const { user } = await server.build.member()
  const browser = await server.as(user)
  let answer
  do answer = await browser.query('{ me { name } }')
  while (!answer.errors)
  const subscription = (await server.socketAs(user)).iterate({
    query: 'subscription { notificationBadge { unread } }',
  })
  await expect(subscription.next()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
})

test('what somebody costs depends on what they ask for', async () => {
  const { user } = await server.build.member()
  const browser = await server.as(user)
  const costly = '{ me { notifications(first: 30) { nodes { account { name } } } } }'
  expect(refusalOf(await browser.query(costly))).toMatchObject({ code: 'RATE_LIMITED' })
  expect((await browser.query('{ me { name } }')).data).toEqual({ me: { name: user.name } })
  const tab = new BadgeFollower(await server.socketAs(user))
  expect(await tab.until(() => true)).toMatchObject({ unread: 0 })
})
