import { Caller, type TestServer } from './server.ts'

/** A browser that keeps the cookies it is given, and goes where it is told. */
export class CookieBrowser {
  readonly #url: string
  readonly #cookies = new Map<string, string>()

  /** @param key of a session that it holds already */
  constructor({ url }: Pick<TestServer, 'url'>, key?: string) {
    this.#url = url
    if (key !== undefined) this.#cookies.set('lanyard-4000', key)
  }

  /** The cookie of the session; undefined when nobody is signed in. */
  get sessionKey(): string | undefined {
    return this.#cookies.get('lanyard-4000')
  }

  /** Its GraphQL requests, with the cookies of this moment. */
  get caller(): Caller {
    return new Caller(this.#url, { cookie: this.#cookieHeader() })
  }

  /** A page of Lanyard by its path, or by a URL under whichever name Lanyard is known. */
  async get(address: string | URL): Promise<Response> {
    const { pathname, search } = new URL(address, this.#url)
    const response = await fetch(`${this.#url}${pathname}${search}`, {
      redirect: 'manual',
      headers: { cookie: this.#cookieHeader() },
    })
    this.keep(response.headers)
    return response
  }

  /** Where a page leads. */
  async follow(address: string | URL): Promise<string> {
    const response = await this.get(address)
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${response.status}: ${await response.text()}`)
    return location
  }

  /** Runs a mutation and keeps the cookies that it gives. */
  async mutate(...mutation: Parameters<Caller['mutate']>): Promise<Awaited<ReturnType<Caller['mutate']>>> {
    const answer = await this.caller.mutate(...mutation)
    this.keep(answer.headers)
    return answer
  }

  keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}
