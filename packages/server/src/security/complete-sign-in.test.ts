import { expect, test } from 'vitest'

import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()
const password = 'correct horse battery'

const signIn = (user: User, caller: Caller = server.anonymous) =>
  caller.mutate('signIn', { login: user.username, password }, 'status secondFactors ssoUrl me { id }')

async function mailsTo({ id }: User): Promise<string[]> {
  const rows = await server.orm.em
    .fork()
    .execute<{ message: string }[]>('select message from delivery where user_id = ? order by id', [id])
  return rows.map(({ message }) => message)
}

const deviceOf = (headers: Headers) =>
  /lanyard-4000-device=[\w-]{43}/.exec(headers.getSetCookie().join())?.[0] ?? ''

test('a sign-in from a browser that is not known is told by mail, one from a known browser is not', async () => {
  const user = await server.build.user({ password })
  const first = await signIn(user)
  expect(first.data.signIn).toEqual({
    status: 'SIGNED_IN',
    secondFactors: [],
    ssoUrl: null,
    me: { id: user.id },
  })
  expect(await mailsTo(user)).toEqual(['SIGNED_IN'])
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }'
  const variables = { input: { login: user.username, password } }
  await server.anonymous.send({ query, variables }, { cookie: deviceOf(first.headers) })
  expect(await mailsTo(user)).toEqual(['SIGNED_IN'])

  // The browser of somebody else is not known to be theirs.
  const other = await server.build.user({ password })
  const input = { login: other.username, password }
  await server.anonymous.send({ query, variables: { input } }, { cookie: deviceOf(first.headers) })
  expect(await mailsTo(other)).toEqual(['SIGNED_IN'])
})

test('a fresh proof lasts ten minutes, and then what needs one is refused until the next', async () => {
  const superAdmin = await server.build.user({ password, superAdmin: true })
  const user = await server.build.user()
  const answer = await signIn(superAdmin)
  const key = /lanyard-4000=([\w-]{43})/.exec(answer.headers.getSetCookie().join())?.[1] ?? ''
  const browser = server.withCookie(key)
  const needsProof = () =>
    browser.mutate('setUserEnabled', { userId: user.id, enabled: true }, '__typename')
  server.clock.advanceSeconds(600)
  expect((await needsProof()).errors).toBeUndefined()
  server.clock.advanceSeconds(1)
  expect(refusalOf(await needsProof())).toEqual({ code: 'STEP_UP_REQUIRED' })
  expect((await browser.query('{ me { id } }')).data.me.id).toBe(superAdmin.id)
})
