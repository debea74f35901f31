import type { User } from '../src/users/user.entity.ts'
import { codeAt } from './authenticator-app.ts'
import { Browser } from './browser.ts'
import type { Answer, TestServer } from './server.ts'

export interface Enrolled {
  browser: Browser
  secret: string
  recoveryCodes: string[]
  /** What the app shows now, or so many half minutes away. */
  code(stepsAway?: number): string
}

export function startSetup(browser: Browser): Promise<Answer> {
  return browser.query('mutation { startTwoFactorSetup { secret otpauthUrl recoveryCodes } }')
}

/** Switches two-factor authentication on in a browser of theirs, and lets the code that did it pass. */
export async function enrol(server: TestServer, user: User): Promise<Enrolled> {
  const { key } = await server.build.session(user)
  const browser = new Browser(server, key)
  const { secret, recoveryCodes } = (await startSetup(browser)).data.startTwoFactorSetup
  const code = (stepsAway = 0) => codeAt(secret, server.clock.now(), stepsAway)
  const answer = await browser.mutate('confirmTwoFactorSetup', { code: code() }, 'me { id }')
  if (answer.errors) throw new Error(answer.text)
  server.clock.advanceSeconds(60)
  return { browser, secret, recoveryCodes, code }
}
