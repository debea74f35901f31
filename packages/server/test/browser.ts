import type { Answer, TestServer } from './server.ts'

type Site = Pick<TestServer, 'anonymous'>

/** One browser: it keeps the cookies that it is given and sends them along, to whichever server of the site it asks. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #site: Site

  constructor(site: Site, sessionKey?: string) {
    this.#site = site
    if (sessionKey !== undefined) this.cookies.set('lanyard-4000', sessionKey)
  }

  /** Of the session; undefined when there is none. */
  get sessionKey(): string | undefined {
    return this.cookies.get('lanyard-4000')
  }

  /** Of the sign-in that waits for more. */
  get pendingKey(): string | undefined {
    return this.cookies.get('lanyard-4000-pending')
  }

  /** Another window on the same cookies, as they are now. */
  copy(site: Site = this.#site): Browser {
    const copy = new Browser(site)
    for (const [name, value] of this.cookies) copy.cookies.set(name, value)
    return copy
  }

  async query(query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const answer = await this.#site.anonymous.send({ query, variables }, cookie ? { cookie } : {})
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  mutate(mutation: string, input: Record<string, unknown>, selection: string): Promise<Answer> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`
    return this.query(query, { input })
  }

  signIn(login: string, password: string, more: object = {}): Promise<Answer> {
    return this.mutate('signIn', { login, password, ...more }, 'status secondFactors ssoUrl me { id }')
  }

  submit(input: { code?: string; passkey?: object }): Promise<Answer> {
    return this.mutate('submitSecondFactor', input, 'status ssoUrl me { id }')
  }
}
