import { randomBytes } from 'node:crypto'

/** What nobody may read anywhere but where it belongs; a new kind of secret is a line here. */
const secretNames = [
  'password',
  'wrong password',
  'session cookie',
  'made-up cookie',
  'personal access token',
  'made-up token',
  'token in an address',
  'token of a socket',
  'push endpoint',
  'Slack code',
  'Slack state',
  'sealing key',
  'database password',
  'Twilio token',
  'Postmark credentials',
  'Mailgun key',
  'relay password',
  'code from a text message',
  'authenticator secret',
  'code of an app',
  'recovery code',
  'made-up recovery code',
  'cookie of half a sign-in',
  'token of a reset link',
  'new password',
  'client secret of single sign-on',
] as const

/** What the database knows in clear, as it is used there, and no log, metric or error answer repeats. */
const personalNames = ['login', 'name of a person', 'email', 'phone', 'name of a token'] as const

export type CanaryName = (typeof secretNames)[number] | (typeof personalNames)[number]

/** Values that can be told from all others, to look for where they must not be. */
export class Canaries {
  readonly #values = new Map<CanaryName, string>()

  /** A new value that stands for the secret. */
  plant(name: CanaryName): string {
    const value = `canary${randomBytes(12).toString('hex')}`
    this.watch(name, value)
    return value
  }

  /** A value that the server made, or that has a form of its own. */
  watch(name: CanaryName, value: string): void {
    this.#values.set(name, value)
  }

  /** Those of the list that no test has planted: a line too many, or a flow too few. */
  get missing(): CanaryName[] {
    return [...secretNames, ...personalNames].filter((name) => !this.#values.has(name))
  }

  /** Secrets that stand in the text, in any writing. */
  secretsIn(text: string): CanaryName[] {
    return secretNames.filter((name) => this.#stands(name, text))
  }

  /** Secrets, and what tells of a person. */
  anyIn(text: string): CanaryName[] {
    return [...secretNames, ...personalNames].filter((name) => this.#stands(name, text))
  }

  #stands(name: CanaryName, text: string): boolean {
    const value = this.#values.get(name)
    if (value === undefined) return false
    const bytes = Buffer.from(value)
    // A short number is found by chance inside longer ones, and in base64 of anything.
    if (/^\d{1,9}$/.test(value)) return new RegExp(`(?<![\\w.-])${value}(?![\\w.-])`).test(text)
    return [
      value,
      encodeURIComponent(value),
      bytes.toString('hex'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    ].some((writing) => text.includes(writing))
  }
}
