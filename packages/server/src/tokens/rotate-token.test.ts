import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'

const server = await createTestServer()
const hourSeconds = 3600
const daySeconds = 24 * hourSeconds

const after = (seconds: number) => new Date(server.clock.now().getTime() + seconds * 1000)

async function isAlive(token: string): Promise<boolean> {
  return (await server.withToken(token).query('{ me { id } }')).status === 200
}

async function ownerOfToken(given: { name?: string; expiresAt?: Date; readOnly?: boolean } = {}) {
  const member = await server.build.member({ roles: ['admin'] })
  const { token, id } = await server.build.token(member.accountUser, given)
  // Days pass in these tests, so each call comes from a session that has just begun.
  const browser = () => server.as(member.user)
  const rotate = async (
    input: object = {},
    selection = 'token personalAccessToken { id name readOnly createdAt expiresAt replacedAt lastFour }',
  ) =>
    (await browser()).mutate(
      'rotatePersonalAccessToken',
      { personalAccessTokenId: id, ...input },
      selection,
    )
  const list = async () => {
    const { data } = await (
      await browser()
    ).query('{ me { accountUsers { personalAccessTokens { id expiresAt replacedAt } } } }')
    return data.me.accountUsers[0].personalAccessTokens as { id: string }[]
  }
  return { ...member, token, id, browser, rotate, list }
}

test('the new token is what the old one was, and both work until the overlap ends', async () => {
  const given = { name: 'Bridge', readOnly: true, expiresAt: after(60 * daySeconds) }
  const { token: old, id, rotate, list } = await ownerOfToken(given)
  server.clock.advanceSeconds(50 * daySeconds)

  const { token, personalAccessToken } = (await rotate()).data.rotatePersonalAccessToken
  expect(personalAccessToken).toMatchObject({
    name: 'Bridge',
    readOnly: true,
    createdAt: server.clock.now().toISOString(),
    expiresAt: after(60 * daySeconds).toISOString(),
    replacedAt: null,
    lastFour: token.slice(-4),
  })
  expect(await list()).toEqual([
    { id: personalAccessToken.id, expiresAt: personalAccessToken.expiresAt, replacedAt: null },
    {
      id,
      expiresAt: after(24 * hourSeconds).toISOString(),
      replacedAt: server.clock.now().toISOString(),
    },
  ])

  server.clock.advanceSeconds(24 * hourSeconds - 1)
  expect([await isAlive(old), await isAlive(token)]).toEqual([true, true])
  server.clock.advanceSeconds(1)
  expect([await isAlive(old), await isAlive(token)]).toEqual([false, true])
})

test('the old token does not outlive what it was given, however long the overlap', async () => {
  const { id, rotate, list } = await ownerOfToken({ expiresAt: after(2 * hourSeconds) })
  const ownEnd = after(2 * hourSeconds).toISOString()
  await rotate({ overlapHours: 168 })
  expect(await list()).toContainEqual({
    id,
    expiresAt: ownEnd,
    replacedAt: server.clock.now().toISOString(),
  })
})

test('without overlap the old token ends at once, and its sockets with it', async () => {
  const { token: old, rotate, list } = await ownerOfToken()
  const socket = server.socketWithToken(old)
  const closed = new Promise((resolve) => socket.on('closed', resolve))
  await new BadgeFollower(socket).until(() => true)

  const { token } = (await rotate({ overlapHours: 0 })).data.rotatePersonalAccessToken
  expect(await closed).toMatchObject({ code: 4401 })
  expect([await isAlive(old), await isAlive(token)]).toEqual([false, true])
  expect(await list()).toHaveLength(1)
})

test('a token that has run out is replaced as well, and goes', async () => {
  const { id, rotate, list } = await ownerOfToken({ expiresAt: after(daySeconds) })
  server.clock.advanceSeconds(2 * daySeconds)
  expect((await rotate()).errors).toBeUndefined()
  const [only, ...others] = await list()
  expect([only?.id === id, others]).toEqual([false, []])
})

test('the new token lives no longer than the account allows by now', async () => {
  const { account, browser, rotate } = await ownerOfToken()
  const policy = { accountId: account.id, longestTokenDays: 7 }
  await (await browser()).mutate('setTokenPolicy', policy, 'account { id }')
  expect((await rotate()).data.rotatePersonalAccessToken.personalAccessToken.expiresAt).toBe(
    after(7 * daySeconds).toISOString(),
  )
})

test.each([-1, 169])('an overlap of %i hours is refused', async (overlapHours) => {
  const { rotate } = await ownerOfToken()
  expect(refusalOf(await rotate({ overlapHours }))).toEqual({
    code: 'BAD_USER_INPUT',
    field: 'overlapHours',
    reason: 'OUT_OF_RANGE',
  })
})

test.each([
  ['with', 24, 'TOKEN_ALREADY_ROTATED'],
  ['without', 0, 'NOT_FOUND'],
])('fifty rotations of one token at once %s overlap make one', async (_how, overlapHours, code) => {
  const { rotate, list } = await ownerOfToken()
  const answers = await Promise.all(Array.from({ length: 50 }, () => rotate({ overlapHours }, 'token')))
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual(Array.from({ length: 49 }, () => ({ code, field: 'personalAccessTokenId' })))
  expect(await list()).toHaveLength(overlapHours === 0 ? 1 : 2)
})

test('a full list can be rotated whole, which leaves it full', async () => {
  const { accountUser, browser, rotate, list } = await ownerOfToken()
  for (let made = 1; made < 20; made++) await server.build.token(accountUser)
  const renewed: string[] = []
  for (const { id } of await list()) {
    const { data } = await rotate({ personalAccessTokenId: id })
    renewed.push(String(data.rotatePersonalAccessToken.personalAccessToken.id))
  }
  expect(await list()).toHaveLength(40)
  const input = { accountUserId: accountUser.id, name: 'One more' }
  const created = await (await browser()).mutate('createPersonalAccessToken', input, 'token')
  expect(refusalOf(created)).toEqual({ code: 'TOKEN_LIMIT_REACHED', field: 'name' })

  // Twenty old ones work beside them: what is to be rotated again waits for the first of these to end.
  const again = () => rotate({ personalAccessTokenId: renewed[0] })
  expect(refusalOf(await again())).toEqual({ code: 'TOKEN_LIMIT_REACHED', field: 'personalAccessTokenId' })
  server.clock.advanceSeconds(daySeconds)
  expect((await again()).errors).toBeUndefined()
  expect(await list()).toHaveLength(21)
})

test('the history says what became of either token, and the mail until when the old one works', async () => {
  const { user, account, rotate, browser, token: old } = await ownerOfToken({ name: 'Bridge' })
  const end = after(90 * daySeconds).toISOString()
  const worksUntil = after(2 * hourSeconds).toISOString()
  server.clock.advanceSeconds(hourSeconds)
  const { text, data: answer } = await rotate({ overlapHours: 1 }, 'token')
  const { token } = answer.rotatePersonalAccessToken
  expect(text).not.toContain(old)

  const told = await (
    await browser()
  ).query('{ me { activity { nodes { action subject account { id } changes { field before after } } } } }')
  expect(told.data.me.activity.nodes).toEqual([
    {
      action: 'TOKEN_ROTATED',
      subject: 'Bridge',
      account: { id: account.id },
      changes: [
        { field: 'expiresAt', before: end, after: after(90 * daySeconds).toISOString() },
        { field: 'oldTokenWorksUntil', before: null, after: worksUntil },
      ],
    },
  ])
  expect(told.text).not.toContain(token)
  const { rows } =
    await sql`select message, address, content from delivery where user_id = ${user.id}`.execute(
      server.orm.em.fork().getKysely(),
    )
  expect(rows).toMatchObject([
    {
      message: 'TOKEN_ROTATED',
      address: `${user.username}@example.com`,
      content: { tokenName: 'Bridge', accountName: account.name, oldWorksUntil: worksUntil },
    },
  ])
})
