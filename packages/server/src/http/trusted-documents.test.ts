import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'graphql'
import { afterAll, expect, test } from 'vitest'
import { testSealing } from '../../test/secret-keys.ts'
import { createTestDatabase } from '../../test/database.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import { defaultLimits } from '../limits.ts'
import { createSchema } from '../schema.ts'
import { demonstration, seedDemonstration } from '../seed/demo.ts'
import { Admission } from './admission.ts'
import { TrustedDocuments } from './trusted-documents.ts'

const directory = await mkdtemp(join(tmpdir(), 'lanyard-manifest-'))
afterAll(() => rm(directory, { recursive: true }))

const whoAmI = 'query WhoAmI { me { id } }'
const badge = 'subscription Badge { notificationBadge { unread } }'
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const idOf = (text: string) => `sha256:${hashOf(text)}`
await writeFile(
  join(directory, 'trusted-documents.json'),
  JSON.stringify({ [hashOf(whoAmI)]: whoAmI, [hashOf(badge)]: badge }),
)

const server = await createTestServer({ clientDirectory: directory })
const { user, accountUser } = await server.build.member()
const browser = await server.as(user)

test('a document of our client is run by its hash, by who is signed in and by who is not', async () => {
  expect((await browser.send({ documentId: idOf(whoAmI) })).data).toEqual({ me: { id: user.id } })
  expect((await server.anonymous.send({ documentId: idOf(whoAmI) })).data).toEqual({ me: null })
})

test.each([
  ['a hash that no build knows', idOf('query { me { name } }')],
  ['a hash without its kind', hashOf(whoAmI)],
  ['a hash in capitals', idOf(whoAmI).toUpperCase()],
  ['the name of something every object has', 'constructor'],
  ['no text', 7],
  ['nothing', null],
])('%s is told as such, so that the page can offer to reload', async (_what, documentId) => {
  for (const body of [{ documentId }, { documentId, query: whoAmI }]) {
    const answer = await browser.send(body)
    expect(answer.status).toBe(400)
    expect(refusalOf(answer)).toEqual({ code: 'DOCUMENT_NOT_FOUND' })
  }
})

test('a document may come by its hash on a socket too', async () => {
  const client = await server.socketAs(user)
  const results = client.iterate({ query: '', extensions: { documentId: idOf(badge) } })
  expect(await results.next()).toMatchObject({ value: { data: { notificationBadge: { unread: 0 } } } })
  const unknown = client.iterate({ query: badge, extensions: { documentId: idOf('other') } })
  await expect(unknown.next()).rejects.toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }])
})

test('where only trusted documents are wanted, browsers may send no other; programs may', async () => {
  const strict = await createTestServer({
    databaseUrl: server.databaseUrl,
    clientDirectory: directory,
    environment: { TRUSTED_DOCUMENTS_ONLY: 'on' },
  })
  const ownBrowser = await strict.as(user)
  expect((await ownBrowser.send({ documentId: idOf(whoAmI) })).data).toEqual({ me: { id: user.id } })
  for (const caller of [ownBrowser, strict.anonymous]) {
    for (const query of [whoAmI, '{ me { id } }', '{ __schema { types { name } } }']) {
      expect(refusalOf(await caller.query(query))).toEqual({ code: 'DOCUMENT_NOT_FOUND' })
    }
  }
  const { token } = await server.build.token(accountUser)
  expect((await strict.withToken(token).query('{ me { name } }')).data).toEqual({ me: { name: user.name } })

  const texts = (await strict.socketAs(user)).iterate({ query: badge })
  await expect(texts.next()).rejects.toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_FOUND' } }])
  const tokens = strict.socketWithToken(token).iterate({ query: badge })
  expect(await tokens.next()).toMatchObject({ value: { data: { notificationBadge: { unread: 0 } } } })
})

test('the documents of the last five builds are kept, one that was gone back to among them', async () => {
  const database = await createTestDatabase()
  const pool = new StatementPool({ databaseUrl: database.url, named: true })
  const manifest = join(directory, 'builds.json')
  let day = 0
  const build = async (version: number) => {
    await writeFile(manifest, JSON.stringify({ [`hash${version}`]: `query V${version} { me { id } }` }))
    return TrustedDocuments.load(pool, manifest, new Date(2026, 0, ++day))
  }
  try {
    for (const version of [1, 2, 3, 4, 5]) await build(version)
    await build(1)
    const newest = await build(6)
    const found = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((version) => newest.find(`sha256:hash${version}`)),
    )
    expect(found.map((text) => text !== undefined)).toEqual([true, false, true, true, true, true])
  } finally {
    await pool[Symbol.asyncDispose]()
    await database.drop()
  }
})

const clientManifest = join(import.meta.dirname, '../../../client/src/graphql/trusted-documents.json')
// Hashes with their documents: the client's build writes it so.
const documents = JSON.parse(await readFile(clientManifest, 'utf8')) as Record<string, string>
const operations = Object.values(documents).map((text) => ({
  name: /\b(?:query|mutation|subscription) (\w+)/.exec(text)?.[1] ?? '',
  text,
}))
const demo = await createTestServer()
await seedDemonstration(demo.databaseUrl, demo.clock, testSealing)

test.each(operations)(
  '$name of the client is within the limits, with as many rows as a person may choose',
  async ({ text }) => {
    const admission = new Admission(await createSchema(), defaultLimits)
    const viewer = { userId: user.id, superAdmin: false, language: user.language, rowsPerPage: 100 }
    const request = { document: parse(text), operationName: null, variables: { first: 100 } }
    const credential = {
      kind: 'session',
      sessionId: user.id,
      provenAt: server.clock.now(),
      closedAccounts: null,
    } as const
    expect(() => admission.admit(request, { ...viewer, credential })).not.toThrow()
  },
)

const queries = operations.filter(({ text }) => /\bquery \w+/.test(text))

/** Of an account, for its administrators. */
const forAdministrators = new Set(['AccountTokens', 'Members', 'SignInSettings'])

test.each(queries)(
  '$name of the client answers the demonstration people without an error',
  async ({ name, text }) => {
    const { admin, member } = demonstration
    for (const login of forAdministrators.has(name) ? [admin] : [admin, member]) {
      const signedIn = await demo.anonymous.mutate(
        'signIn',
        { login, password: demonstration.password },
        'me { notifications(first: 1) { nodes { id } } accountUsers { account { id } } }',
      )
      const key = /lanyard-4000=([\w-]+)/.exec(signedIn.headers.getSetCookie().join())?.[1] ?? ''
      const { notifications, accountUsers } = signedIn.data.signIn.me
      const [{ id }] = notifications.nodes
      const accountId = accountUsers[0].account.id
      const { data, errors } = await demo
        .withCookie(key)
        .query(text, { id, accountId, kind: 'NOTIFICATION', first: 25 })
      expect(errors).toBeUndefined()
      // Nobody who is signed in has a sign-in to finish, or was refused one.
      const { pendingSignIn: _, ssoRefusal: __, ...rest } = data
      expect(Object.values(rest)).not.toContain(null)
    }
  },
)
