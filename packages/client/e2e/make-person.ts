import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { APIRequestContext } from '@playwright/test'
import { type Caller, signIn, withSession } from './server-calls.ts'

export const password = 'lanyard-demo-2026'

/** The people that are there from the start. Journeys look at them and leave them as they are. */
export const demoPeople = {
  admin: { username: 'admin', name: 'Mara Lindqvist' },
  member: { username: 'member', name: 'Imre Valdano' },
} as const

/** Somebody whom one journey has to itself, the owner of an account in which nobody else is. */
export interface Person {
  username: string
  name: string
  account: { id: string; name: string }
  accountUserId: string
  /** Their session in a program, beside that of the browser. */
  call: Caller
}

const execute = promisify(execFile)
const commandLine = fileURLToPath(new URL('../../server/dist/cli.js', import.meta.url))

/** Made by the operator's own command, in the running server's database; in an account of this name, if one is given. */
export async function makePerson(request: APIRequestContext, accountName?: string): Promise<Person> {
  const unique = randomUUID().slice(0, 8)
  const username = `robin.${unique}`
  const name = 'Robin Aldersey'
  const options = {
    username,
    name,
    email: `${username}@example.com`,
    account: accountName ?? `Aldersey Networks ${unique}`,
  }
  const command = execute(
    process.execPath,
    [
      commandLine,
      'create-admin',
      ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]),
    ],
    { env: { ...process.env, DATA_DIR: process.env['LANYARD_E2E_DATA_DIR'], DATABASE_URL: '' } },
  )
  command.child.stdin?.end(password)
  await command

  const call = withSession(request)
  await signIn(call, username, password)
  return { username, name, call, ...(await onlyMembership(call)) }
}

async function onlyMembership(call: Caller): Promise<Pick<Person, 'account' | 'accountUserId'>> {
  const data = await call('{ me { accountUsers { id account { id name } } } }')
  // The document above asks for exactly this.
  const { me } = data as { me: { accountUsers: { id: string; account: Person['account'] }[] } }
  const [membership] = me.accountUsers
  if (!membership) throw new Error('a person made by create-admin is in an account')
  return { accountUserId: membership.id, account: membership.account }
}
