import { expect, test, vi } from 'vitest'
import { createTestServer } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'

// A worker would ask the database once a second, and so perhaps beside a request.
const server = await createTestServer({ environment: { ROLE: 'api' } })
const { user, account, accountUser } = await server.build.member({ roles: ['admin'] })
const browser = await server.as(user)

/** The statements that the request runs besides the one that finds out who asks. */
async function statementsOf(query: string, variables: Record<string, unknown> = {}) {
  const run = vi.spyOn(StatementPool.prototype, 'run')
  const answer = await browser.query(query, variables)
  expect(answer.errors).toBeUndefined()
  const statements = run.mock.calls.map(([{ name, text }]) => ({ name, text }))
  run.mockRestore()
  expect(statements[0]?.name).toBe('find_session')
  return statements.slice(1)
}

const screen = `query ($first: Int) { me { id name emails { address } phones { number } landingPath
  accountUsers { account { name notificationRules { name attachedTo { user { name } } } } roles { name } permissions
    notificationPreferences { channels } personalAccessTokens { name } }
  notifications(first: $first) { nodes { title account { name } } totalCount } activity(first: $first) { nodes { subject } }
  notificationBadge { unread accounts { unread } } } }`

test('a whole screen is one statement, with a name, and the same one the next time', async () => {
  const [first, ...others] = await statementsOf(screen, { first: 5 })
  expect(others).toEqual([])
  expect(first?.name).toMatch(/^me_[0-9a-f]{16}$/)
  expect(await statementsOf(screen, { first: 7 })).toEqual([first])
})

test('documents that select the same share a statement, however they are laid out', async () => {
  const [plain] = await statementsOf('{ me { name username } }')
  const [other] = await statementsOf('query Q { me { ...F } } fragment F on User { name  other: username }')
  expect(other).toEqual(plain)
})

test('what a mutation returns is one statement more', async () => {
  const statements = await statementsOf(
    'mutation ($input: SetNotificationPreferencesInput!) { setNotificationPreferences(input: $input) { accountUser { account { name } notificationPreferences { channels } } } }',
    { input: { accountUserId: accountUser.id, preferences: [] } },
  )
  expect(statements.map(({ name }) => name?.split('_')[0])).toEqual(['accountUser'])
})

test('names longer than those of PostgreSQL tell two fields apart', async () => {
  const long = 'x'.repeat(80)
  const { data, errors } = await browser.query(
    `{ me { ${long}1: name ${long}2: emails { address } ${long}3: accountUsers { ${long}4: account { name } } ${long}5: phones { number } } }`,
  )
  expect(errors).toBeUndefined()
  expect(data.me).toEqual({
    [`${long}1`]: user.name,
    [`${long}2`]: [{ address: `${user.username}@example.com` }],
    [`${long}3`]: [{ [`${long}4`]: { name: account.name } }],
    [`${long}5`]: [],
  })
})

test('what a caller writes is a parameter, never a part of the statement', async () => {
  const [statement] = await statementsOf('query ($id: ID!) { account(id: $id) { name } }', {
    id: account.id,
  })
  expect(statement?.text).not.toContain(account.id)
  const [inbox] = await statementsOf(
    '{ me { notifications(kind: ALERT, unread: true, first: 83) { totalCount } } }',
  )
  expect(inbox?.text).not.toContain('83')
  expect(inbox?.text).not.toContain('ALERT')
})

test('beyond five hundred selections a statement has no name, so that no program fills the connections', async () => {
  const fields = [
    'id',
    'name',
    'username',
    'publicName',
    'timeZone',
    'language',
    'emojiMode',
    'rowsPerPage',
    'landingPage',
    'superAdmin',
  ]
  const selections = Array.from({ length: 600 }, (_, index) =>
    fields.filter((_field, bit) => ((index + 1) >> bit) & 1).join(' '),
  )
  const names: (string | undefined)[] = []
  for (const selection of selections) names.push((await statementsOf(`{ me { ${selection} } }`))[0]?.name)
  expect(names.slice(0, 400)).not.toContain(undefined)
  expect(names.at(-1)).toBeUndefined()
  expect((await statementsOf(`{ me { ${selections[0]} } }`))[0]?.name).toBe(names[0])
}, 60_000)
