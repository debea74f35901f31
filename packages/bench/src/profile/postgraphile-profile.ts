import type { Person } from '../people.ts'
import { dataOf } from '../requests.ts'

/**
 * What the page shows, as PostGraphile names it, put so that it makes one statement of it. Who owns an account is a role in Lanyard; here the owner's id says so.
 * What the page may choose from as landing page is in no table.
 */
export const postgraphileDocument = `query Profile($userId: UUID!, $sessionId: UUID!) {
  me: userByRowId(rowId: $userId) {
    rowId
    name
    username
    publicName
    superAdmin
    language
    timeZone
    emojiMode
    rowsPerPage
    landingPage
    accountUsers: accountUsersByUserIdList {
      rowId
      account: accountByAccountId { ownerId }
      roles: accountUserRolesByUserIdAndAccountUserIdList { role: roleByRoleId { rowId name } }
    }
    emails: emailsByUserIdList { rowId address primary verifiedAt }
    phones: phonesByUserIdList { rowId number country primary verifiedAt }
    currentSession: sessionsByUserIdList(condition: { rowId: $sessionId }) { rowId device expiresAt }
  }
}`

export function postgraphileBody({ userId, sessionId }: Person): object {
  return { documentId: 'profile', variables: { userId, sessionId } }
}

interface Named {
  id: string
  name: string
}

interface Proof {
  verifiedAt: string | null
}

/** The data of the profile page, of which every candidate has to answer with the same. */
interface Profile {
  [field: string]: unknown
  id: string
  accountUsers: { id: string; roles: Named[] }[]
  emails: (Proof & { address: string })[]
  phones: (Proof & { number: string })[]
  currentSession: { id: string; expiresAt: string } | null
}

interface PostgraphileProfile {
  me: {
    [field: string]: unknown
    rowId: string
    accountUsers: {
      rowId: string
      account: { ownerId: string }
      roles: { role: { rowId: string; name: string } }[]
    }[]
    emails: (Proof & { rowId: string; address: string })[]
    phones: (Proof & { rowId: string; number: string })[]
    currentSession: { rowId: string; expiresAt: string }[]
  }
}

/**
 * Its answer has other names and no order of its own, so it is the rows and columns that are compared, not the bytes.
 * @throws Error when there is one value more, less or other than in Lanyard's answer
 */
export function requireSameRows(lanyard: Buffer, postgraphile: Buffer): void {
  const expected = JSON.stringify(inOrder(profileOfLanyard(lanyard)))
  const given = JSON.stringify(inOrder(profileOfPostgraphile(postgraphile)))
  if (given !== expected) throw new Error(`what is not the same cannot be compared:\n${expected}\n${given}`)
}

function profileOfLanyard(body: Buffer): Profile {
  const { me } = JSON.parse(dataOf(body), (key, value: unknown) =>
    key === '__typename' || key === 'landingPageOptions' ? undefined : value,
  ) as { me: Profile }
  return me
}

const owner: Named = { id: '00000000-0000-7000-8000-000000000001', name: 'Owner' }

function profileOfPostgraphile(body: Buffer): Profile {
  const { data } = JSON.parse(body.toString()) as { data: PostgraphileProfile }
  const { rowId, accountUsers, emails, phones, currentSession, ...user } = data.me
  const [session] = currentSession
  return {
    ...user,
    id: rowId,
    accountUsers: accountUsers.map((accountUser) => {
      const roles = accountUser.roles.map(({ role }) => ({ id: role.rowId, name: role.name }))
      const isOwner = accountUser.account.ownerId === rowId
      return { id: accountUser.rowId, roles: isOwner ? [owner, ...roles] : roles }
    }),
    emails: emails.map(withId),
    phones: phones.map(withId),
    currentSession: session ? withId(session) : null,
  }
}

function withId<Row extends { rowId: string }>({
  rowId,
  ...row
}: Row): Omit<Row, 'rowId'> & { id: string } {
  return { ...row, id: rowId }
}

/** Rows by id, columns by name, instants as numbers, as they are written in two ways. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(inOrder)
      .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => [
      key,
      key.endsWith('At') && typeof part === 'string' ? Date.parse(part) : inOrder(part),
    ])
    return Object.fromEntries(entries.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)))
  }
  return value
}
