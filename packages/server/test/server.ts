import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import type { MailResolver } from '../src/contacts/mail-domains.ts'
import { createOrm, type Orm } from '../src/database/orm.ts'
import type { User } from '../src/users/user.entity.ts'
import { afterWhatRuns } from './after-what-runs.ts'
import { Builders } from './builders.ts'
import { asApp, createTestDatabase } from './database.ts'
import { testSecretKeys } from './secret-keys.ts'
import { TestClock } from './test-clock.ts'

interface TestServerOptions {
  /** As the JSON of LIMITS. */
  limits?: object
  environment?: Record<string, string>
  clock?: TestClock
  /** An existing database, for a second process on it. */
  databaseUrl?: string
  /** Where the built client lies; a server of the tests has none. */
  clientDirectory?: string
  mailResolver?: MailResolver
}

/** What a GraphQL request answers; `data` is read by path, as tests look at few fields of many operations. */
export interface Answer {
  // A test names the fields it asked for; a wrong one is undefined and fails its expectation.
  // oxlint-disable-next-line typescript/no-explicit-any
  data: any
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[]
  status: number
  headers: Headers
  /** The body as it came. */
  text: string
}

/** What the first error tells a program: `code`, and `field` and `reason` where a field is at fault. */
export function refusalOf({ errors }: Pick<Answer, 'errors'>): Record<string, unknown> | undefined {
  return errors?.[0]?.extensions
}

/** One caller: a browser with its cookies, or a program with a token. */
export class Caller {
  readonly #url: string
  #headers: Record<string, string>

  constructor(url: string, headers: Record<string, string>) {
    this.#url = url
    this.#headers = headers
  }

  async send(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#headers, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const answer = JSON.parse(text) as Pick<Answer, 'data' | 'errors'>
    return { ...answer, status: response.status, headers: response.headers, text }
  }

  /** One of the paths beside GraphQL; a redirect is answered as it is. */
  get(path: string): Promise<Response> {
    return fetch(`${this.#url}${path}`, { headers: this.#headers, redirect: 'manual' })
  }

  query(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    return this.send({ query, variables })
  }

  /** `createPersonalAccessToken` with `{ name }` and `token personalAccessToken { id }` runs just that. */
  mutate(mutation: string, input: Record<string, unknown>, selection: string): Promise<Answer> {
    const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
    const query = `mutation ($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} } }`
    return this.query(query, { input })
  }
}

export interface TestServer {
  url: string
  /** As the owner of the tables, who may do what the app may not. */
  databaseUrl: string
  /** As the app runs. */
  appUrl: string
  clock: TestClock
  orm: Orm
  build: Builders
  anonymous: Caller
  /** A browser in which the person is signed in. */
  as(user: User): Promise<Caller>
  withToken(token: string): Caller
  /** A browser with this session cookie. */
  withCookie(key: string): Caller
  socketWithCookie(key: string): Client
  /** A socket of a browser in which the person is signed in. */
  socketAs(user: User): Promise<Client>
  socketWithToken(token: string): Client
  stop(): Promise<void>
}

const publicOrigin = 'http://localhost:4000'
const sessionCookie = 'lanyard-4000'

/**
 * The whole server on a database of its own (or on the one given); everything ends with the test that asked for it, or
 * with the test file.
 */
export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const endings: (() => Promise<void>)[] = []
  afterWhatRuns(async () => {
    for (const end of endings.toReversed()) await end()
  })
  const database = options.databaseUrl ? undefined : await createTestDatabase()
  if (database) endings.push(() => database.drop())
  const databaseUrl = options.databaseUrl ?? database?.url ?? ''
  const clock = options.clock ?? new TestClock()
  const config = {
    ...loadConfig({
      PUBLIC_URL: publicOrigin,
      LIMITS: JSON.stringify(options.limits ?? {}),
      SECRET_KEYS: testSecretKeys,
      ...options.environment,
    }),
    port: 0,
  }
  const { clientDirectory = '/nowhere' } = options
  const appUrl = asApp(databaseUrl)
  const app = await createApp(config, appUrl, {
    ownerUrl: databaseUrl,
    clock,
    quiet: true,
    clientDirectory,
    gatherMilliseconds: 0,
    ...(options.mailResolver ? { mailResolver: options.mailResolver } : {}),
  })
  const url = await app.listen()
  const orm = await createOrm(databaseUrl)
  const build = new Builders(orm.em, clock)
  const clients: Client[] = []

  async function cookieOf(user: User): Promise<string> {
    const { key } = await build.session(user)
    return `${sessionCookie}=${key}`
  }
  function socket(headers: Record<string, string>, connectionParams?: Record<string, unknown>): Client {
    class Socket extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols, { headers })
      }
    }
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      ...(connectionParams ? { connectionParams } : {}),
      retryAttempts: 0,
      lazy: true,
    })
    clients.push(client)
    return client
  }
  let stopped = false
  async function stop(): Promise<void> {
    if (stopped) return
    stopped = true
    for (const client of clients) await client.dispose()
    await app[Symbol.asyncDispose]()
    await orm.close(true)
  }
  endings.push(stop)

  return {
    url,
    databaseUrl,
    appUrl,
    clock,
    orm,
    build,
    anonymous: new Caller(url, {}),
    as: async (user) => new Caller(url, { cookie: await cookieOf(user) }),
    withCookie: (key) => new Caller(url, { cookie: `${sessionCookie}=${key}` }),
    socketWithCookie: (key) => socket({ cookie: `${sessionCookie}=${key}`, origin: publicOrigin }),
    withToken: (token) => new Caller(url, { authorization: `Bearer ${token}` }),
    socketAs: async (user) => socket({ cookie: await cookieOf(user), origin: publicOrigin }),
    socketWithToken: (token) => socket({}, { authorization: `Bearer ${token}` }),
    stop,
  }
}
