import { Client } from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { dumpDatabase } from '../../test/dump.ts'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import { jsonAnswer } from '../../test/stand-ins/http-stand-in.ts'
import { type SlackMember, SlackStandIn } from '../../test/stand-ins/slack-stand-in.ts'
import type { User } from '../users/user.entity.ts'

const slack = await SlackStandIn.listen()
const server = await createTestServer({ environment: slack.environment() })
const client = new Client({ connectionString: server.databaseUrl })
await client.connect()
afterAll(async () => {
  await client.end()
  await slack[Symbol.asyncDispose]()
})
beforeEach(() => {
  slack.answerAsUsual()
  slack.requests.length = 0
})

const member: SlackMember = {
  teamId: 'T0ACME',
  workspace: 'Acme Networks',
  slackUserId: 'U0MARA',
  handle: 'mara',
}

interface Person {
  user: User
  key: string
  browser: Caller
}

async function person(user?: User): Promise<Person> {
  const signedIn = user ?? (await server.build.user())
  const { key } = await server.build.session(signedIn)
  return { user: signedIn, key, browser: server.withCookie(key) }
}

/** Asks to link, and takes note of the state that Slack is given. */
async function begin({ browser }: Person): Promise<URL> {
  const { data } = await browser.query('mutation { linkSlack { authorizeUrl } }')
  return new URL(data.linkSlack.authorizeUrl)
}

const stateOf = (url: URL) => url.searchParams.get('state') ?? ''

/** The browser as Slack leads it back. */
async function comeBack(query: Record<string, string>, key?: string): Promise<string | null> {
  const response = await fetch(`${server.url}/slack/callback?${new URLSearchParams(query).toString()}`, {
    redirect: 'manual',
    headers: key ? { cookie: `lanyard-4000=${key}` } : {},
  })
  expect([response.status, await response.text()]).toEqual([303, ''])
  return response.headers.get('location')
}

async function link(who: Person, as: SlackMember = member): Promise<string | null> {
  return comeBack({ state: stateOf(await begin(who)), code: slack.agree(as) }, who.key)
}

async function linksOf({ browser }: Person) {
  const { data } = await browser.query('{ me { slackLinks { id handle workspace linkedAt } } }')
  return data.me.slackLinks
}

const linked = '/settings/contacts?slack=linked'
const failed = '/settings/contacts?slack=failed'

test('a person goes to Slack, agrees there, comes back, and is linked as who Slack says they are', async () => {
  const mara = await person()
  const url = await begin(mara)
  expect(url.origin + url.pathname).toBe(`${slack.url}/oauth/v2/authorize`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: slack.clientId,
    scope: 'chat:write,im:write,users:read',
    redirect_uri: 'http://localhost:4000/slack/callback',
    state: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(await comeBack({ state: stateOf(url), code: slack.agree(member) }, mara.key)).toBe(linked)
  expect(await linksOf(mara)).toEqual([
    {
      id: expect.any(String),
      handle: 'mara',
      workspace: 'Acme Networks',
      linkedAt: server.clock.now().toISOString(),
    },
  ])
  const { data } = await mara.browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes).toEqual([{ action: 'SLACK_LINKED', subject: '@mara' }])
  const { rows } = await client.query('select message, content from delivery where user_id = $1', [
    mara.user.id,
  ])
  expect(rows).toMatchObject([
    { message: 'SLACK_LINKED', content: { handle: 'mara', workspace: 'Acme Networks' } },
  ])
})

test('neither the state nor the token of the workspace stands in the database in clear', async () => {
  const mara = await person()
  const state = stateOf(await begin(mara))
  const waiting = await dumpDatabase(client)
  expect(waiting).not.toContain(state)
  expect(waiting).not.toContain(Buffer.from(state).toString('hex'))
  await comeBack({ state, code: slack.agree(member) }, mara.key)
  const asked = slack.requests.find(({ path }) => path === '/api/users.info')
  const token = (asked?.headers.authorization ?? '').replace('Bearer ', '')
  expect(token).toMatch(/^xoxb-/)
  const dump = await dumpDatabase(client)
  expect(dump).not.toContain(token)
  expect(dump).not.toContain(Buffer.from(token).toString('hex'))
})

test('linked again one stays linked once, under the newer name, and is told of once', async () => {
  const mara = await person()
  expect(await link(mara)).toBe(linked)
  expect(await link(mara, { ...member, handle: 'mara.l' })).toBe(linked)
  expect(await linksOf(mara)).toMatchObject([{ handle: 'mara.l' }])
  expect(await link(mara, { ...member, teamId: 'T0NORTH', workspace: 'Northwind Fibre' })).toBe(linked)
  expect(await linksOf(mara)).toMatchObject([
    { workspace: 'Northwind Fibre' },
    { workspace: 'Acme Networks' },
  ])
  const { rows } = await client.query('select 1 from delivery where user_id = $1', [mara.user.id])
  expect(rows).toHaveLength(2)
})

test('a way back counts once, for ten minutes, and in the session that began it', async () => {
  const [mara, imre] = [await person(), await person()]
  const elsewhere = await person(mara.user)
  const state = stateOf(await begin(mara))
  for (const key of [undefined, 'worthless', imre.key, elsewhere.key]) {
    expect(await comeBack({ state, code: slack.agree(member) }, key)).toBe(failed)
  }
  expect(slack.requests).toEqual([])
  const back = () => comeBack({ state, code: slack.agree(member) }, mara.key)
  expect((await Promise.all([back(), back(), back()])).toSorted()).toEqual([failed, failed, linked])
  expect(await linksOf(mara)).toHaveLength(1)

  const late = stateOf(await begin(imre))
  server.clock.advanceSeconds(600)
  expect(await comeBack({ state: late, code: slack.agree(member) }, imre.key)).toBe(failed)
  expect(await linksOf(imre)).toEqual([])
})

test('who does not agree at Slack is not linked, and starts anew', async () => {
  const mara = await person()
  const state = stateOf(await begin(mara))
  expect(await comeBack({ state, error: 'access_denied' }, mara.key)).toBe(failed)
  expect(await comeBack({ state, code: slack.agree(member) }, mara.key)).toBe(failed)
  expect(await linksOf(mara)).toEqual([])
})

test.each([
  ['refuses the code', () => slack.refuseNext('invalid_code')],
  [
    'answers without a member',
    () => slack.answerNext(jsonAnswer(200, { ok: true, access_token: 'xoxb-1' })),
  ],
  [
    'gives a token of the member and not of the app',
    () =>
      slack.answerNext(
        jsonAnswer(200, {
          ok: true,
          token_type: 'user',
          access_token: 'xoxp-1',
          team: { id: 'T1', name: 'A' },
          authed_user: { id: 'U1' },
        }),
      ),
  ],
  ['answers half', () => slack.answerNext('gibberish')],
  ['hangs up', () => slack.answerNext('reset')],
  ['is not itself', () => slack.answerNext({ status: 500, body: 'oops' })],
  [
    'leads elsewhere',
    () => slack.answerNext({ status: 302, headers: { location: 'https://example.com/' } }),
  ],
])('nobody is linked when Slack %s', async (_what, misbehave) => {
  const mara = await person()
  const state = stateOf(await begin(mara))
  misbehave()
  expect(await comeBack({ state, code: slack.agree(member) }, mara.key)).toBe(failed)
  expect(await linksOf(mara)).toEqual([])
})

test.each([
  ['no state', { code: 'c' }],
  ['a state that is none', { state: 'x', code: 'c' }],
  ['a state that is too long', { state: 'x'.repeat(101), code: 'c' }],
])('a way back with %s asks Slack nothing', async (_what, query) => {
  const mara = await person()
  expect(await comeBack(query, mara.key)).toBe(failed)
  expect(slack.requests).toEqual([])
})

test('a name in Slack cannot turn a line around or break it', async () => {
  const mara = await person()
  expect(await link(mara, { ...member, handle: '@ma\u202era\n', workspace: 'A\u0000cme' })).toBe(linked)
  expect(await linksOf(mara)).toMatchObject([{ handle: 'ma ra', workspace: 'A cme' }])
})

test('five links are the most, however many ways back there are', async () => {
  const mara = await person()
  const states = await Promise.all(Array.from({ length: 7 }, () => begin(mara)))
  const outcomes = await Promise.all(
    states.map((url, index) =>
      comeBack(
        { state: stateOf(url), code: slack.agree({ ...member, slackUserId: `U${index}` }) },
        mara.key,
      ),
    ),
  )
  expect(outcomes.filter((outcome) => outcome === linked)).toHaveLength(5)
  expect(await linksOf(mara)).toHaveLength(5)
  const more = await mara.browser.query('mutation { linkSlack { authorizeUrl } }')
  expect(refusalOf(more)).toEqual({ code: 'ADDRESS_LIMIT_REACHED' })
})

test('a link ends once, by its person alone', async () => {
  const [mara, imre] = [await person(), await person()]
  await link(mara)
  const [{ id }] = await linksOf(mara)
  const unlink = ({ browser }: Person) =>
    browser.mutate('unlinkSlack', { slackLinkId: id }, 'removedId me { slackLinks { id } }')
  const notFound = { code: 'NOT_FOUND', field: 'slackLinkId' }
  expect(refusalOf(await unlink(imre))).toEqual(notFound)
  const answers = await Promise.all([unlink(mara), unlink(mara)])
  expect(answers.flatMap((answer) => refusalOf(answer) ?? [])).toEqual([notFound])
  const done = answers.find(({ errors }) => !errors)
  expect(done?.data.unlinkSlack).toEqual({ removedId: id, me: { slackLinks: [] } })
  const { data } = await mara.browser.query('{ me { activity(first: 5) { nodes { action subject } } } }')
  expect(data.me.activity.nodes).toEqual([
    { action: 'SLACK_UNLINKED', subject: '@mara' },
    { action: 'SLACK_LINKED', subject: '@mara' },
  ])
})

test('without an app at Slack nothing is begun, in the demonstration as well', async () => {
  const bare = await createTestServer({ databaseUrl: server.databaseUrl, clock: server.clock })
  const mara = await person()
  const answer = await bare.withCookie(mara.key).query('mutation { linkSlack { authorizeUrl } }')
  expect(refusalOf(answer)).toEqual({ code: 'CHANNEL_NOT_CONFIGURED' })
})
