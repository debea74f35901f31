import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { dumpDatabase } from '../../test/dump.ts'
import { newSubscription } from '../../test/push-subscriptions.ts'
import { type Caller, createTestServer, refusalOf, type TestServer } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const server = await createTestServer({
  environment: { ALLOWED_OUTBOUND_HOSTS: 'push.test, 127.0.0.1:4711' },
})
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(() => client.end())

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

/** As the browser does, which tells its name in a header. */
function register(browser: Caller, subscription: object, selection = 'pushDevice { id name }') {
  const query = `mutation ($input: RegisterPushDeviceInput!) { registerPushDevice(input: $input) { ${selection} } }`
  return browser.send({ query, variables: { input: subscription } }, { 'user-agent': chrome })
}

async function devicesOf(browser: Caller): Promise<{ id: string; name: string }[]> {
  const { data } = await browser.query('{ me { pushDevices { id name } } }')
  return data.me.pushDevices
}

async function historyOf(browser: Caller) {
  const { data } = await browser.query('{ me { activity { nodes { action subject actor { id } } } } }')
  return data.me.activity.nodes
}

async function mailsTo(user: User) {
  const { rows } = await client.query<{ message: string; address: string; content: object }>(
    'select message, address, content from delivery where user_id = $1 order by id',
    [user.id],
  )
  return rows
}

async function person(on: TestServer = server) {
  const user = await on.build.user()
  return { user, browser: await on.as(user) }
}

test('a browser registers under its own name, and its person is told by mail and in the history', async () => {
  const { user, browser } = await person()
  const answer = await register(
    browser,
    newSubscription(),
    'pushDevice { name } me { pushDevices { name } }',
  )
  const shown = { name: 'Chrome on Linux' }
  expect(answer.data.registerPushDevice).toEqual({ pushDevice: shown, me: { pushDevices: [shown] } })
  expect(await historyOf(browser)).toEqual([
    { action: 'PUSH_DEVICE_REGISTERED', subject: 'Chrome on Linux', actor: { id: user.id } },
  ])
  const [mail, ...others] = await mailsTo(user)
  expect(others).toEqual([])
  expect(mail).toMatchObject({
    message: 'DEVICE_REGISTERED',
    address: `${user.username}@example.com`,
    content: {
      name: 'Chrome on Linux',
      at: server.clock.now().toISOString(),
      from: '127.0.0.1',
      device: 'Chrome on Linux',
    },
  })
})

test('the subscription is nowhere to be read: not in an answer, not in the database', async () => {
  const { browser } = await person()
  const subscription = newSubscription()
  const answer = await register(browser, subscription)
  const list = await browser.query(
    '{ me { pushDevices { id name createdAt health { lastFailedDetail } } } }',
  )
  const dump = await dumpDatabase(client)
  for (const secret of [subscription.endpoint, subscription.p256dh, subscription.auth]) {
    for (const text of [answer.text, list.text, dump]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('hex'))
    }
  }
  const introspected = await browser.query('{ __type(name: "PushDevice") { fields { name } } }')
  const names = introspected.data.__type.fields.map(({ name }: { name: string }) => name)
  expect(names.toSorted()).toEqual(['createdAt', 'health', 'id', 'name'])
})

test('the same browser again stays one device and is told of once', async () => {
  const { user, browser } = await person()
  const subscription = newSubscription()
  const first = await register(browser, subscription)
  const again = await register(browser, { ...newSubscription(), endpoint: subscription.endpoint })
  expect(again.data).toEqual(first.data)
  expect(await devicesOf(browser)).toHaveLength(1)
  expect(await historyOf(browser)).toHaveLength(1)
  expect(await mailsTo(user)).toHaveLength(1)
})

test('a browser that somebody else registers changes hands, and its former person can read so', async () => {
  const [before, after] = [await person(), await person()]
  const subscription = newSubscription()
  await register(before.browser, subscription)
  await register(after.browser, subscription)
  expect(await devicesOf(before.browser)).toEqual([])
  expect(await devicesOf(after.browser)).toHaveLength(1)
  expect(await historyOf(before.browser)).toMatchObject([
    { action: 'PUSH_DEVICE_REMOVED', actor: null },
    { action: 'PUSH_DEVICE_REGISTERED' },
  ])
})

test('two tabs that register at once make one device, and two people at once leave it to one of them', async () => {
  const [one, other] = [await person(), await person()]
  const subscription = newSubscription()
  const tabs = await Promise.all(Array.from({ length: 4 }, () => register(one.browser, subscription)))
  const ids = tabs.map(({ data }) => data.registerPushDevice.pushDevice.id)
  expect(new Set(ids).size).toBe(1)

  const contested = newSubscription()
  const answers = await Promise.all(
    // Whose it is when an answer is read may have changed again, so none asks for the device.
    [one, other, one, other].map(({ browser }) => register(browser, contested, '__typename')),
  )
  expect(answers.flatMap(({ errors = [] }) => errors)).toEqual([])
  const counts = [await devicesOf(one.browser), await devicesOf(other.browser)].map(({ length }) => length)
  expect([
    [2, 0],
    [1, 1],
  ]).toContainEqual(counts)
})

test('twelve browsers at once make ten devices, and one goes when another comes', async () => {
  const { browser } = await person()
  const answers = await Promise.all(Array.from({ length: 12 }, () => register(browser, newSubscription())))
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? [])
  expect(refusals).toEqual([{ code: 'ADDRESS_LIMIT_REACHED' }, { code: 'ADDRESS_LIMIT_REACHED' }])

  const [device] = await devicesOf(browser)
  const removed = await browser.mutate(
    'removePushDevice',
    { pushDeviceId: device?.id },
    'removedId me { pushDevices { id } }',
  )
  expect(removed.data.removePushDevice.removedId).toBe(device?.id)
  expect(removed.data.removePushDevice.me.pushDevices).toHaveLength(9)
  expect((await register(browser, newSubscription())).errors).toBeUndefined()
})

test('a device is removed once, by its person, with what was known of its health', async () => {
  const { user, browser } = await person()
  const { id } = await server.build.pushDevice(user, 'Safari on macOS')
  await client.query('insert into address_health (user_id, address_id) values ($1, $2)', [user.id, id])
  const remove = (caller: Caller) => caller.mutate('removePushDevice', { pushDeviceId: id }, 'removedId')
  const stranger = await person()
  const notFound = { code: 'NOT_FOUND', field: 'pushDeviceId' }
  expect(refusalOf(await remove(stranger.browser))).toEqual(notFound)
  const answers = await Promise.all([remove(browser), remove(browser)])
  expect(answers.flatMap((answer) => refusalOf(answer) ?? [])).toEqual([notFound])
  expect(await historyOf(browser)).toMatchObject([
    { action: 'PUSH_DEVICE_REMOVED', subject: 'Safari on macOS' },
  ])
  const { rows } = await client.query('select 1 from address_health where address_id = $1', [id])
  expect(rows).toEqual([])
})

test.each([
  ['no URL', 'endpoint', 'push', 'FORMAT'],
  ['without https', 'endpoint', 'http://push.example.com/send', 'FORMAT'],
  ['of another scheme', 'endpoint', 'ftp://push.example.com/send', 'FORMAT'],
  ['on another port', 'endpoint', 'https://push.example.com:8443/send', 'FORMAT'],
  ['with credentials', 'endpoint', 'https://user:word@push.example.com/send', 'FORMAT'],
  ['with a fragment', 'endpoint', 'https://push.example.com/send#a', 'FORMAT'],
  ['of this machine', 'endpoint', 'https://localhost/send', 'FORMAT'],
  ['of this machine with a dot', 'endpoint', 'https://localhost./send', 'FORMAT'],
  ['of an address', 'endpoint', 'https://127.0.0.1/send', 'FORMAT'],
  ['of an address in another spelling', 'endpoint', 'https://0x7f.1/send', 'FORMAT'],
  ['of an address of IPv6', 'endpoint', 'https://[::1]/send', 'FORMAT'],
  ['of a metadata service', 'endpoint', 'https://169.254.169.254/latest', 'FORMAT'],
  ['that is too long', 'endpoint', `https://push.example.com/${'a'.repeat(976)}`, 'TOO_LONG'],
  ['that grows too long', 'endpoint', `https://push.example.com/${'é'.repeat(300)}`, 'TOO_LONG'],
  ['cut short', 'p256dh', 'BNcRd', 'FORMAT'],
  ['of a point that is on no curve', 'p256dh', Buffer.alloc(65, 4).toString('base64url'), 'FORMAT'],
  ['with what is no base64url', 'auth', 'ä'.repeat(22), 'FORMAT'],
  ['of fifteen bytes', 'auth', Buffer.alloc(15).toString('base64url'), 'FORMAT'],
])('a subscription %s in %s is refused, and nothing is kept', async (_what, field, value, reason) => {
  const { user, browser } = await person()
  const answer = await register(browser, { ...newSubscription(), [field]: value })
  expect(refusalOf(answer)).toEqual({ code: 'BAD_USER_INPUT', field, reason })
  expect(answer.text).not.toContain(`"${value}"`)
  expect(await devicesOf(browser)).toEqual([])
  expect(await mailsTo(user)).toEqual([])
})

test.each(['http://push.test/a', 'https://push.test:8443/a', 'http://127.0.0.1:4711/a'])(
  'the operator may allow a push service of their own: %s',
  async (endpoint) => {
    const { browser } = await person()
    expect((await register(browser, newSubscription(endpoint))).errors).toBeUndefined()
  },
)

test('where the operator lists push services, others are refused', async () => {
  const strict = await createTestServer({
    databaseUrl: server.databaseUrl,
    clock: server.clock,
    environment: { PUSH_HOSTS: 'push.example.com, notify.example.net' },
  })
  const { browser } = await person(strict)
  const registerAt = (endpoint: string) => register(browser, newSubscription(endpoint))
  expect((await registerAt('https://push.example.com/a')).errors).toBeUndefined()
  expect((await registerAt('https://db5.notify.example.net/a')).errors).toBeUndefined()
  const unknown = { code: 'BAD_USER_INPUT', field: 'endpoint', reason: 'UNKNOWN' }
  expect(refusalOf(await registerAt('https://evilpush.example.com/a'))).toEqual(unknown)
  expect(refusalOf(await registerAt('https://push.example.com.example.org/a'))).toEqual(unknown)
})

test('browsers subscribe with one public key, the same on every server', async () => {
  const beside = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock })
  const keyOn = async (one: TestServer) => {
    const { data } = await (await person(one)).browser.query('{ pushPublicKey }')
    return data.pushPublicKey
  }
  const key = await keyOn(server)
  expect(Buffer.from(key, 'base64url')).toHaveLength(65)
  expect(await keyOn(beside)).toBe(key)
})
