import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { inspect } from 'node:util'

import { SMTPServer } from 'smtp-server'
import { afterAll, beforeEach, expect, test } from 'vitest'

import { SiteStandIn } from '../../test/stand-ins/site-stand-in.ts'
import type { NameLookup } from './dns-lookup.ts'
import { OutboundHttp } from './outbound-http.ts'

/** Counts whoever reaches it, and says nothing. */
class Canary {
  connections = 0
  readonly #server: Server

  private constructor() {
    this.#server = createServer((socket) => {
      this.connections++
      socket.destroy()
    })
  }

  static async listen(port: number, host: string): Promise<Canary> {
    const canary = new Canary()
    canary.#server.listen(port, host)
    await once(canary.#server, 'listening')
    return canary
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  close(): void {
    this.#server.close()
  }
}

const site = await SiteStandIn.listen()
const canary = await Canary.listen(0, '127.0.0.1')
// Where there is no IPv6, nobody can be called over it.
const canary6 = await Canary.listen(canary.port, '::1').catch(() => undefined)
const canaries = [canary, ...(canary6 ? [canary6] : [])]

/** Names that a stranger's DNS server answers as it likes. */
const names: Record<string, LookupAddress[][]> = {
  'localhost.': [[{ address: '127.0.0.1', family: 4 }]],
  'local.example': [[{ address: '127.0.0.1', family: 4 }]],
  'local6.example': [[{ address: '::1', family: 6 }]],
  'mapped.example': [[{ address: '::ffff:127.0.0.1', family: 6 }]],
  'cloud.example': [[{ address: '169.254.169.254', family: 4 }]],
  '127-0-0-1.nip.example': [[{ address: '127.0.0.1', family: 4 }]],
  'both.example': [
    [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ],
  ],
  // First it is what it seems, then it is this machine.
  'turning.example': [[{ address: '127.0.0.1', family: 4 }], [{ address: '::1', family: 6 }]],
  'empty.example': [[]],
}
const askedFor: string[] = []

const options = {
  allowedHosts: [site.host, `turning.example:${site.host.split(':')[1]}`],
  // As if the canary were where the world's https is.
  ports: [443, canary.port],
  lookUp(hostname: string, _options: { all: true }, callback: Parameters<NameLookup>[2]) {
    askedFor.push(hostname)
    const addresses = names[hostname]?.shift()
    if (addresses) names[hostname]?.push(addresses)
    callback(addresses ? null : Object.assign(new Error(hostname), { code: 'ENOTFOUND' }), addresses ?? [])
  },
}
const http = new OutboundHttp(options)
/** For answers that never come. */
const patience = 500
const hasty = new OutboundHttp({ ...options, deadlineMilliseconds: patience })

beforeEach(() => {
  askedFor.length = 0
  site.requests.length = 0
  site.answerAsUsual()
})
afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await hasty[Symbol.asyncDispose]()
  await site[Symbol.asyncDispose]()
  for (const each of canaries) each.close()
})

const port = canary.port
const spellings = [
  `https://127.0.0.1:${port}/`,
  `https://127.0.0.2:${port}/`,
  `https://127.1:${port}/`,
  `https://127.0.1:${port}/`,
  `https://2130706433:${port}/`,
  `https://0x7f000001:${port}/`,
  `https://0x7f.0.0.1:${port}/`,
  `https://0x7f.1:${port}/`,
  `https://0177.0.0.1:${port}/`,
  `https://0177.1:${port}/`,
  `https://017700000001:${port}/`,
  `https://127.0.0.1.:${port}/`,
  `https://%31%32%37.0.0.1:${port}/`,
  `https://①②⑦.⓪.⓪.①:${port}/`,
  `https://127。0。0。1:${port}/`,
  `https://0.0.0.0:${port}/`,
  `https://0:${port}/`,
  `https://[::1]:${port}/`,
  `https://[0:0:0:0:0:0:0:1]:${port}/`,
  `https://[::]:${port}/`,
  `https://[::ffff:127.0.0.1]:${port}/`,
  `https://[::ffff:7f00:1]:${port}/`,
  `https://[::127.0.0.1]:${port}/`,
  `https://[64:ff9b::127.0.0.1]:${port}/`,
  `https://[64:ff9b:1::7f00:1]:${port}/`,
  `https://[2002:7f00:1::]:${port}/`,
  `https://[2001:0:7f00:1::]:${port}/`,
  `https://[fe80::1]:${port}/`,
  `https://[fd00:ec2::254]:${port}/`,
  `https://169.254.169.254/latest/meta-data/`,
  `https://localhost.:${port}/`,
  `https://LOCAL.example:${port}/`,
  `https://local6.example:${port}/`,
  `https://mapped.example:${port}/`,
  `https://cloud.example/`,
  `https://127-0-0-1.nip.example:${port}/`,
  `https://both.example:${port}/`,
  `https://push.example@127.0.0.1:${port}/`,
  `https://push.example:x@local.example:${port}/`,
  `https://push.example\\@127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}/`,
  `http://local.example:${port}/`,
  `ftp://127.0.0.1:${port}/`,
  `https://local.example:25/`,
  'file:///etc/passwd',
  'data:text/plain,x',
  '//127.0.0.1/',
  '',
]

test.each(spellings)('nobody is called by %s', async (url) => {
  const answer = await http.request({ method: 'POST', url, body: 'x' })
  // One of them is read as a name of the world that is not there.
  const what = answer.kind === 'unsent' ? `unsent, ${answer.detail}` : answer.kind
  expect(['refused', 'unsent, ENOTFOUND']).toContain(what)
  for (const { connections } of canaries) expect(connections).toBe(0)
})

test('a canary would have told of a call', async () => {
  const careless = new OutboundHttp({ allowedHosts: [`127.0.0.1:${port}`] })
  await careless.request({ url: `http://127.0.0.1:${port}/` })
  expect(canary.connections).toBe(1)
  canary.connections = 0
  await careless[Symbol.asyncDispose]()
})

test('a host that the operator named is called, and what it says comes back', async () => {
  const answer = await http.request({
    method: 'POST',
    url: `${site.url}/there?a=b`,
    headers: { 'X-Asked': 'yes' },
    body: 'four',
  })
  expect(answer).toMatchObject({
    kind: 'answered',
    status: 200,
    headers: { 'x-path': '/there' },
    body: 'read 4',
  })
  expect(site.requests).toMatchObject([
    { method: 'POST', headers: { 'x-asked': 'yes', 'user-agent': 'Lanyard' } },
  ])
})

test('no redirect is followed', async () => {
  site.answerNext({ status: 302, headers: { location: `http://127.0.0.1:${port}/` } })
  expect(await http.request({ url: site.url })).toMatchObject({ kind: 'answered', status: 302 })
  expect(canary.connections).toBe(0)
})

test('a name is looked up once, and the connection goes to that answer', async () => {
  const [, port] = site.host.split(':')
  const answer = await http.request({ url: `http://turning.example:${port}/` })
  expect(answer).toMatchObject({ kind: 'answered', status: 200 })
  expect(askedFor).toEqual(['turning.example'])
})

test('a name that is refused is looked up once as well', async () => {
  expect(await http.request({ url: `https://both.example:${port}/` })).toEqual({
    kind: 'refused',
    detail: 'its address is not public',
  })
  expect(askedFor).toEqual(['both.example'])
})

test('where nobody listens nothing was sent', async () => {
  const closed = await SiteStandIn.listen()
  const { host, url } = closed
  await closed[Symbol.asyncDispose]()
  const careless = new OutboundHttp({ allowedHosts: [host] })
  expect(await careless.request({ url })).toEqual({ kind: 'unsent', detail: 'ECONNREFUSED' })
  await careless[Symbol.asyncDispose]()
})

test('a server that cannot prove its name is told nothing', async () => {
  // Its certificate is one that nobody signed.
  const impostor = new SMTPServer({ secure: true, logger: false })
  impostor.on('error', () => {})
  impostor.listen(0, '127.0.0.1')
  await once(impostor.server, 'listening')
  const { port } = impostor.server.address() as AddressInfo
  const careless = new OutboundHttp({ allowedHosts: [`127.0.0.1:${port}`] })
  expect(await careless.request({ url: `https://127.0.0.1:${port}/` })).toEqual({
    kind: 'unsent',
    detail: expect.stringMatching(/CERT|SIGNED/),
  })
  await careless[Symbol.asyncDispose]()
  impostor.close()
})

test('a name without an address was sent nothing', async () => {
  expect(await http.request({ url: 'https://empty.example/' })).toMatchObject({ kind: 'unsent' })
  expect(await http.request({ url: 'https://nobody.example/' })).toEqual({
    kind: 'unsent',
    detail: 'ENOTFOUND',
  })
})

test.each(['silence', 'reset'] as const)('after %s nobody knows what the other side did', async (fault) => {
  site.answerNext(fault)
  const started = performance.now()
  expect(await hasty.request({ method: 'POST', url: site.url, body: 'x' })).toMatchObject({
    kind: 'unanswered',
    head: null,
  })
  expect(performance.now() - started).toBeLessThan(patience + 1500)
  expect(site.requests).toHaveLength(1)
})

test('an answer that drips is given up in time, and its status is told', async () => {
  site.answerNext('drip')
  const started = performance.now()
  expect(await hasty.request({ url: site.url })).toMatchObject({
    kind: 'unanswered',
    head: { status: 200 },
  })
  expect(performance.now() - started).toBeLessThan(patience + 1500)
})

test('an answer of more than 256 KB is not read to its end', async () => {
  site.answerNext({ status: 200, body: 'x'.repeat(262_144) }, { status: 200, body: 'x'.repeat(262_145) })
  expect(await http.request({ url: site.url })).toMatchObject({ kind: 'answered' })
  expect(await http.request({ url: site.url })).toMatchObject({ kind: 'unanswered', head: { status: 200 } })
})

test('whoever asked can give up earlier', async () => {
  site.answerNext('silence')
  const signal = AbortSignal.timeout(400)
  expect(await http.request({ url: site.url, signal })).toMatchObject({ kind: 'unanswered' })
  expect(await http.request({ url: site.url, signal })).toMatchObject({ kind: 'unsent' })
  expect(site.requests).toHaveLength(1)
})

test('no detail tells the path of a URL', async () => {
  const secret = 'subscription-1f2e'
  site.answerAlways('reset')
  const answers = await Promise.all(
    [`${site.url}/${secret}`, `https://nobody.example/${secret}`, `https://127.0.0.1/${secret}`].map(
      (url) => http.request({ url }),
    ),
  )
  expect(inspect(answers, { depth: 5 })).not.toContain(secret)
})

test('a connection serves several requests', async () => {
  const before = site.connections
  for (let count = 0; count < 5; count++) await http.request({ url: site.url })
  expect(site.connections - before).toBeLessThanOrEqual(1)
})
