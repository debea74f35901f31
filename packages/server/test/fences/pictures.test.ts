import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, test, vi } from 'vitest'
import { canary, harmless, hostilePictures } from '../hostile-pictures.ts'
import { testNeeding } from '../needs.ts'
import { RawConnection } from '../raw-http.ts'
import { startServerProcess } from '../server-process.ts'
import { createTestServer } from '../server.ts'

// A server of its own starts in here, and on a busy machine that alone takes a while.
vi.setConfig({ testTimeout: 60_000 })

const server = await createTestServer({ limits: { avatar: { perHour: 10_000 } } })
const { user } = await server.build.member()
const { key } = await server.build.session(user)
const cookie = `lanyard-4000=${key}`
const caller = server.withCookie(key)

function put(
  bytes: Buffer,
  type = 'image/png',
  headers: Record<string, string> = {},
  url = server.url,
): Promise<Response> {
  const init = { method: 'PUT', headers: { cookie, 'content-type': type, ...headers } }
  return fetch(`${url}/me/avatar`, { ...init, body: new Uint8Array(bytes) })
}

async function expectRefused(answer: Response, status: number, code: string): Promise<void> {
  const text = await answer.text()
  expect(answer.status).toBe(status)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code } }] })
  expect(text).not.toMatch(/sharp|vips|node_modules|CANARY/i)
}

async function expectClean(answer: Response): Promise<void> {
  const { avatarUrl } = (await answer.json()) as { avatarUrl: string }
  for (const size of [64, 128, 256]) {
    const picture = await fetch(`${server.url}${avatarUrl.replace('128.webp', `${size}.webp`)}`, {
      headers: { cookie },
    })
    expect(picture.headers.get('content-type')).toBe('image/webp')
    const bytes = Buffer.from(await picture.arrayBuffer())
    const { format, width, height, exif, xmp, icc, iptc, pages } = await sharp(bytes).metadata()
    expect({ format, width, height }).toEqual({ format: 'webp', width: size, height: size })
    expect([exif, xmp, icc, iptc, pages]).toEqual([undefined, undefined, undefined, undefined, undefined])
    // The length that the file says it has is all there is of it.
    expect(bytes.readUInt32LE(4) + 8).toBe(bytes.length)
    expect([canary, '<script', 'PK\x03\x04', 'GPS'].filter((trace) => bytes.includes(trace))).toEqual([])
  }
}

async function currentUrl(): Promise<string | null> {
  return (await caller.query('{ me { avatarUrl } }')).data.me.avatarUrl
}

const statusByCode = { PICTURE_UNREADABLE: 415, PICTURE_TOO_MANY_PIXELS: 422, PICTURE_ANIMATED: 422 }

const refused = hostilePictures.flatMap(({ code, ...picture }) => (code ? [{ ...picture, code }] : []))
const cleaned = hostilePictures.filter(({ code }) => code === undefined)

test.each(refused)('$what is refused', async ({ bytes, type, headers, code }) => {
  const before = await currentUrl()
  await expectRefused(await put(bytes, type, headers), statusByCode[code], code)
  expect(await currentUrl()).toBe(before)
})

test.each(cleaned)('$what comes out clean', async ({ bytes, type, headers }) => {
  const before = await currentUrl()
  const answer = await put(bytes, type, headers)
  expect(answer.status).toBe(200)
  await expectClean(answer)
  expect(await currentUrl()).not.toBe(before)
})

test('there are at least twenty-five of them', () => {
  expect(hostilePictures.length).toBeGreaterThanOrEqual(25)
})

const head = (rest: string) =>
  `PUT /me/avatar HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nContent-Type: image/png\r\n${rest}\r\n\r\n`

test('a picture that says it is too large is not read at all, and one that does not say so is not read on', async () => {
  const said = await RawConnection.open(server.url)
  said.write(head('Content-Length: 2000001'))
  await said.closed()
  expect(said.statuses).toEqual([413])
  expect(said.received).toContain('PICTURE_TOO_LARGE')

  const endless = await RawConnection.open(server.url)
  endless.write(head('Transfer-Encoding: chunked'))
  const chunk = `${(100_000).toString(16)}\r\n${'\0'.repeat(100_000)}\r\n`
  endless.write(
    `${harmless.png.length.toString(16)}\r\n${harmless.png.toString('latin1')}\r\n${chunk.repeat(20)}`,
  )
  await endless.closed()
  expect(endless.statuses).toEqual([413])
})

test('a picture of as many bytes as there may be is taken', async () => {
  const filled = Buffer.concat([harmless.jpeg, Buffer.alloc(2_000_000 - harmless.jpeg.length)])
  expect((await put(filled, 'image/jpeg')).status).toBe(200)
})

test('what is no picture is not read on', async () => {
  const connection = await RawConnection.open(server.url)
  connection.write(`${head('Content-Length: 1000000')}<svg xmlns="http://www.w3.org/2000/svg">`)
  await connection.closed()
  expect(connection.statuses).toEqual([415])
})

test('a picture that drips is given up in time', async () => {
  const impatient = await createTestServer({
    databaseUrl: server.databaseUrl,
    limits: { request: { headSeconds: 1, seconds: 2 }, avatar: { perHour: 10_000 } },
  })
  const before = await currentUrl()
  const connection = await RawConnection.open(impatient.url)
  connection.write(head(`Content-Length: ${harmless.png.length}`))
  let sent = 0
  const dripping = setInterval(() => connection.write(harmless.png.toString('latin1', sent, ++sent)), 100)
  await connection.closed()
  clearInterval(dripping)
  expect(connection.statuses).toEqual([408])
  expect(await currentUrl()).toBe(before)
  await impatient.stop()
})

/** Files, sockets and pipes of this process, those to a decoder among them; only Linux tells. */
function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

function openProcesses(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length
}

test('five hundred that go away half-way, or while they are decoded, leave nothing behind', async () => {
  expect((await put(harmless.png)).status).toBe(200)
  const descriptors = openDescriptors()
  const whole = harmless.png.toString('latin1')
  for (let batch = 0; batch < 20; batch++) {
    const connections = await Promise.all(Array.from({ length: 25 }, () => RawConnection.open(server.url)))
    for (const [index, connection] of connections.entries()) {
      // The last of each batch has sent everything, and a decoder may be at work.
      const sent = index === 24 ? whole : whole.slice(0, whole.length / 2)
      connection.write(`${head(`Content-Length: ${whole.length}`)}${sent}`)
    }
    await wait(20)
    for (const connection of connections) connection.destroy()
  }

  await expect.poll(openProcesses, { timeout: 10_000 }).toBe(0)
  // The pools of connections to the database may have grown a little meanwhile.
  await expect.poll(openDescriptors, { timeout: 10_000 }).toBeLessThanOrEqual(descriptors + 20)
  // One picture in three sizes: the first, or that of somebody who left once they were served.
  const rows = await server.orm.em.fork().execute('select count(*)::int as pictures from avatar')
  expect(rows).toEqual([{ pictures: 3 }])
  expect((await put(harmless.png)).status).toBe(200)
})

/** In bytes, the most that a process ever held in memory. Linux alone tells it of another process. */
function peakOf(pid: number | undefined): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

testNeeding(
  'Linux',
  process.platform === 'linux',
  'thirty pictures that arrive at once take little memory of a server, and the next is told to wait',
  async () => {
    await using lonely = startServerProcess({
      DATABASE_URL: server.databaseUrl,
      PUBLIC_URL: 'http://localhost:4000',
      LIMITS: JSON.stringify({ avatar: { perHour: 10_000 } }),
    })
    await lonely.until('Ctrl-C')
    const url = /http:\/\/\S+/.exec(lonely.output())?.[0] ?? ''
    const bytes = 2_000_001
    const tooLarge = harmless.jpeg.toString('latin1').padEnd(bytes, '\0')
    const one = await fetch(`${url}/me/avatar`, {
      method: 'PUT',
      headers: { cookie, 'content-type': 'image/jpeg' },
      body: new Uint8Array(harmless.jpeg),
    })
    expect(one.status).toBe(200)

    const before = peakOf(lonely.child.pid)
    const connections = await Promise.all(Array.from({ length: 30 }, () => RawConnection.open(url)))
    for (const connection of connections) {
      const begun = `${head('Transfer-Encoding: chunked')}${bytes.toString(16)}\r\n`
      connection.write(`${begun}${tooLarge.slice(0, -1)}`)
    }
    const statusOfNext = async () => (await put(Buffer.from('x'), 'image/png', {}, url)).status
    // Sixty megabytes take a while on a busy machine; what is longer on its way than thirty seconds is cut off.
    await expect.poll(statusOfNext, { timeout: 25_000 }).toBe(429)
    // With the last byte each is too large, so that all of them have been read by the time they are refused.
    for (const connection of connections) connection.write(tooLarge.slice(-1))
    for (const connection of connections) await connection.closed()
    expect(connections.map(({ statuses }) => statuses)).toEqual(connections.map(() => [413]))
    expect(peakOf(lonely.child.pid) - before).toBeLessThan(150_000_000)
  },
  60_000,
)
