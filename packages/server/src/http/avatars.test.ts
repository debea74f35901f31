import sharp from 'sharp'
import { expect, test } from 'vitest'
import { harmless } from '../../test/hostile-pictures.ts'
import { createTestServer } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer()

interface Refusal {
  errors: [{ extensions: { code: string; retryAfterSeconds?: number } }]
}

async function browserOf(user: User): Promise<{ cookie: string }> {
  return { cookie: `lanyard-4000=${(await server.build.session(user)).key}` }
}

function put(
  headers: Record<string, string>,
  picture: Buffer = harmless.png,
  type = 'image/png',
): Promise<Response> {
  const init = {
    method: 'PUT',
    headers: { 'content-type': type, ...headers },
    body: new Uint8Array(picture),
  }
  return fetch(`${server.url}/me/avatar`, init)
}

function remove(headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.url}/me/avatar`, { method: 'DELETE', headers })
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}${path}`, { method, headers })

/** Sets a picture, and tells where it is. */
async function urlAfter(response: Promise<Response>): Promise<string> {
  const answer = await response
  expect(answer.status).toBe(200)
  const { avatarUrl } = (await answer.json()) as { avatarUrl: string }
  return avatarUrl
}

async function codeOf(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response
  const { errors } = (await answer.json()) as Refusal
  return [answer.status, errors[0].extensions.code]
}

const otherSize = (url: string, size: string) => url.replace('128.webp', `${size}.webp`)

test('a picture that was set is read in three sizes, told of on the person, and written down', async () => {
  const { user } = await server.build.member()
  const browser = await browserOf(user)
  const caller = await server.as(user)
  expect((await caller.query('{ me { avatarUrl } }')).data.me).toEqual({ avatarUrl: null })

  const url = await urlAfter(put(browser))
  expect(url).toMatch(/^\/avatars\/[0-9a-f-]{36}\/128\.webp$/)
  expect((await caller.query('{ me { avatarUrl } }')).data.me).toEqual({ avatarUrl: url })
  for (const size of [64, 128, 256]) {
    const answer = await get(otherSize(url, String(size)), browser)
    expect(answer.status).toBe(200)
    const { format, width, height } = await sharp(await answer.arrayBuffer()).metadata()
    expect({ format, width, height }).toEqual({ format: 'webp', width: size, height: size })
  }
  const { data } = await caller.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes).toEqual([{ action: 'AVATAR_SET', subject: user.name }])
})

test.each(Object.entries(harmless))('a %s is taken, whatever it says it is', async (_format, picture) => {
  const browser = await browserOf(await server.build.user())
  await urlAfter(put(browser, picture, 'image/png'))
  await urlAfter(put(browser, picture, 'IMAGE/WEBP'))
})

test('another picture has another address, and the one before is gone', async () => {
  const user = await server.build.user()
  const browser = await browserOf(user)
  const first = await urlAfter(put(browser))
  const second = await urlAfter(put(browser, harmless.jpeg, 'image/jpeg'))
  expect(second).not.toBe(first)
  expect((await get(first, browser)).status).toBe(404)
  expect((await get(second, browser)).status).toBe(200)

  const [row] = await server.orm.em
    .fork()
    .execute<{ pictures: number }[]>('select count(*)::int pictures from avatar where user_id = ?', [
      user.id,
    ])
  expect(row).toEqual({ pictures: 3 })
})

test('of many pictures at once one is kept, whole', async () => {
  const user = await server.build.user()
  const browser = await browserOf(user)
  await Promise.all(Array.from({ length: 5 }, () => urlAfter(put(browser))))
  const { data } = await (await server.as(user)).query('{ me { avatarUrl } }')
  const rows = await server.orm.em
    .fork()
    .execute<{ id: string; size: number }[]>(
      'select id, size from avatar where user_id = ? order by size',
      [user.id],
    )
  expect(rows.map(({ id, size }) => `/avatars/${id}/${size}.webp`)).toEqual(
    ['64', '128', '256'].map((size) => otherSize(data.me.avatarUrl, size)),
  )
})

test('a picture is removed once, and the history tells it once', async () => {
  const user = await server.build.user()
  const browser = await browserOf(user)
  const url = await urlAfter(put(browser))
  for (let time = 0; time < 2; time++) {
    const answer = await remove(browser)
    expect([answer.status, await answer.json()]).toEqual([200, { avatarUrl: null }])
  }
  expect((await get(url, browser)).status).toBe(404)
  const { data } = await (await server.as(user)).query('{ me { avatarUrl activity { nodes { action } } } }')
  expect(data.me.avatarUrl).toBeNull()
  expect(data.me.activity.nodes).toEqual([{ action: 'AVATAR_REMOVED' }, { action: 'AVATAR_SET' }])
})

test('a picture is handed out as a picture only, to be kept by its reader alone', async () => {
  const browser = await browserOf(await server.build.user())
  const url = await urlAfter(put(browser))
  const answer = await get(url, browser)
  const etag = answer.headers.get('etag') ?? ''
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/webp',
    'content-length': String((await answer.arrayBuffer()).byteLength),
    'content-disposition': 'attachment; filename="avatar.webp"',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, max-age=604800, immutable',
    etag: expect.stringMatching(/^"[0-9a-f-]{36}-128"$/),
  })
  expect(answer.headers.get('access-control-allow-origin')).toBeNull()

  const again = await get(url, { ...browser, 'if-none-match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  const head = await get(url, browser, 'HEAD')
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
    200,
    'image/webp',
    '',
  ])
})

test('people of one account see the picture; a stranger, a token and nobody find none', async () => {
  const [here, elsewhere] = [await server.build.account(), await server.build.account()]
  const { user, accountUser } = await server.build.member({ account: here })
  const url = await urlAfter(put(await browserOf(user)))
  const colleague = await server.build.member({ account: here })
  const stranger = await server.build.member({ account: elsewhere })
  const admin = await server.build.user({ superAdmin: true })
  const { token } = await server.build.token(accountUser)

  expect((await get(url, await browserOf(user))).status).toBe(200)
  expect((await get(url, await browserOf(colleague.user))).status).toBe(200)
  for (const headers of [
    await browserOf(stranger.user),
    await browserOf(admin),
    { authorization: `Bearer ${token}` },
    {},
  ]) {
    const answer = await get(url, headers)
    expect(answer.status).toBe(404)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  }
  const known = {
    ...(await browserOf(stranger.user)),
    'if-none-match': url.replace(/.*(.{36}).*/, '"$1-128"'),
  }
  expect((await get(url, known)).status).toBe(404)
})

test.each([
  '/avatars/%2e%2e/128.webp',
  '/avatars/../../etc/passwd',
  '/avatars/00000000-0000-7000-8000-000000000000/128.webp',
  '/avatars/00000000-0000-7000-8000-000000000000%00/128.webp',
  `/avatars/${"'".repeat(36)}/128.webp`,
])('%s is no picture', async (path) => {
  expect((await get(path, await browserOf(await server.build.user()))).status).toBe(404)
})

test('a picture has the sizes it has, and no other file beside it', async () => {
  const browser = await browserOf(await server.build.user())
  const url = await urlAfter(put(browser))
  for (const file of ['512.webp', '128.png', '128.webp%00.html', '0128.webp', '128', 'index.html']) {
    expect((await get(url.replace('128.webp', file), browser)).status).toBe(404)
  }
})

test('only the person at a browser, on a page of ours, changes the picture', async () => {
  const { user, accountUser } = await server.build.member()
  const browser = await browserOf(user)
  const { token } = await server.build.token(accountUser)
  const url = await urlAfter(put(browser))
  const bearer = { authorization: `Bearer ${token}` }
  for (const [headers, refusal] of [
    [{}, [401, 'UNAUTHENTICATED']],
    [{ cookie: 'lanyard-4000=worthless' }, [401, 'UNAUTHENTICATED']],
    [bearer, [403, 'FORBIDDEN']],
    [{ authorization: 'Bearer x' }, [401, 'UNAUTHENTICATED']],
    [{ ...browser, ...bearer }, [400, 'BAD_REQUEST']],
    [{ ...browser, origin: 'https://evil.example.com' }, [403, 'FORBIDDEN']],
    [{ ...browser, origin: 'null' }, [403, 'FORBIDDEN']],
    [{ ...browser, 'sec-fetch-site': 'cross-site' }, [403, 'FORBIDDEN']],
  ] as const) {
    expect(await codeOf(put(headers))).toEqual(refusal)
    expect(await codeOf(remove(headers))).toEqual(refusal)
  }
  expect((await get(url, browser)).status).toBe(200)
  const ours = { ...browser, origin: 'http://localhost:4000', 'sec-fetch-site': 'same-origin' }
  await urlAfter(put(ours))
  expect((await remove(ours)).status).toBe(200)
  for (const method of ['POST', 'OPTIONS', 'GET']) {
    expect((await get('/me/avatar', browser, method)).status).toBe(404)
  }
})

test('the page of another site shows no picture of ours', async () => {
  const browser = await browserOf(await server.build.user())
  const url = await urlAfter(put(browser))
  expect(await codeOf(get(url, { ...browser, 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'FORBIDDEN'])
})

test('twenty pictures an hour are enough, refused ones among them; the hour is told and then is over', async () => {
  const browser = await browserOf(await server.build.user())
  const broken = Buffer.from('not a picture')
  for (let time = 0; time < 19; time++) {
    expect(await codeOf(put(browser, broken))).toEqual([415, 'PICTURE_UNREADABLE'])
  }
  await urlAfter(put(browser))
  server.clock.advanceSeconds(600)
  const refused = await put(browser)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3000'])
  expect(((await refused.json()) as Refusal).errors[0].extensions).toEqual({
    code: 'RATE_LIMITED',
    retryAfterSeconds: 3000,
  })
  // What somebody else does is not counted here, and removing is no picture.
  await urlAfter(put(await browserOf(await server.build.user())))
  expect((await remove(browser)).status).toBe(200)

  server.clock.advanceSeconds(3000)
  await urlAfter(put(browser))
})

test('of many tries at once none is had for nothing', async () => {
  const few = await createTestServer({
    databaseUrl: server.databaseUrl,
    limits: { avatar: { perHour: 3 } },
  })
  const browser = await browserOf(await server.build.user())
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      fetch(`${few.url}/me/avatar`, {
        method: 'PUT',
        headers: { 'content-type': 'image/png', ...browser },
        body: 'no picture at all',
      }),
    ),
  )
  expect(answers.filter(({ status }) => status === 415)).toHaveLength(3)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(5)
})

test('a person who is deleted takes their pictures along', async () => {
  const user = await server.build.user()
  await urlAfter(put(await browserOf(user)))
  const em = server.orm.em.fork()
  await em.execute('delete from "user" where id = ?', [user.id])
  expect(await em.execute('select from avatar where user_id = ?', [user.id])).toEqual([])
})
