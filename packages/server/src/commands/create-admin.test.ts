import { verify } from '@node-rs/argon2'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { systemClock } from '../lib/clock.ts'
import { defaultLimits } from '../limits.ts'
import type { NewAdministrator } from '../setup/administrator.ts'
import { createAdministrator } from './create-admin.ts'

const database = await createTestDatabase()
const client = new Client({ connectionString: database.url })
await client.connect()
afterAll(async () => {
  await client.end()
  await database.drop()
})

const settings = { limits: defaultLimits, breachedPasswords: false }

function create(changes: Partial<NewAdministrator>): Promise<void> {
  const wanted = {
    username: 'ada',
    email: 'ada@example.com',
    name: 'Ada Example',
    account: 'Example Fibre',
    password: 'correct horse battery',
    ...changes,
  }
  return createAdministrator(database.url, settings, systemClock, wanted)
}

async function countPeople(): Promise<unknown> {
  return (await client.query<{ count: string }>('select count(*) from "user"')).rows[0]?.count
}

test('the first administrator can sign in by name or email and owns the account', async () => {
  await create({ username: 'Grace', email: 'Grace@example.com' })

  const { rows } = await client.query<{ hash: string }>(
    `select super_admin, account.name as account, owner_id = "user".id as owns, address_key as email, hash
     from "user" join login_name on login_name.user_id = "user".id and login_name.name = 'grace'
     join account_user on account_user.user_id = "user".id join account on account.id = account_id
     join proven_email on proven_email.user_id = "user".id join password on password.user_id = "user".id`,
  )
  expect(rows).toMatchObject([
    { super_admin: true, account: 'Example Fibre', owns: true, email: 'grace@example.com' },
  ])
  expect(await verify(rows[0]?.hash ?? '', 'correct horse battery')).toBe(true)
})

test('the next one joins an account of that name as its administrator', async () => {
  await create({ username: 'second', email: 'second@example.com', account: 'Second Account' })
  await create({ username: 'third', email: 'third@example.com', account: 'Second Account' })

  const { rows } = await client.query(
    `select username, array_remove(array_agg(role.key::text), null) as roles from account_user
     join account on account.id = account_id and account.name = 'Second Account'
     join "user" on "user".id = user_id left join account_user_role given on given.account_user_id = account_user.id
     left join role on role.id = role_id group by username order by username`,
  )
  expect(rows).toEqual([
    { username: 'second', roles: [] },
    { username: 'third', roles: ['admin'] },
  ])
})

test.each<[string, Partial<NewAdministrator>, string]>([
  ['a taken username in another case', { username: 'GRACE' }, 'username GRACE is somebody'],
  [
    'a taken email in another case',
    { username: 'new', email: 'grace@EXAMPLE.com' },
    'email grace@EXAMPLE.com is somebody',
  ],
  ['a short password', { password: 'fourteen chars' }, '15 to 1024 characters'],
  ['a password that anybody tries', { password: 'password1234567' }, 'The password is soon guessed'],
  ["the account's name as password", { password: 'Example Fibre 1' }, 'The password is soon guessed'],
  ['a username with a blank', { username: 'ada lovelace' }, '--username has a character'],
  ['a username of two letters', { username: 'ad' }, '--username is too short'],
  ['something that is no address', { email: 'ada' }, '--email has to be an address'],
  ['an empty account', { account: ' ' }, '--account is empty'],
])('%s is refused and leaves nothing behind', async (_case, changes, sentence) => {
  const before = await countPeople()

  await expect(create(changes)).rejects.toThrow(sentence)
  expect(await countPeople()).toBe(before)
})
