import Fastify from 'fastify'
import mercurius, { type IResolvers, type MercuriusLoaders } from 'mercurius'
import pg from 'pg'

/**
 * The profile page as somebody who knows Mercurius would serve it: the operation is known by its hash
 * (`persistedQueries`) and compiled by graphql-jit when it first comes, each field has SQL written for it, named so that
 * it is planned once, and what is asked of a list is asked for all of it at once (a loader). Who asks is taken from two
 * headers: no sign-in, no limits, no history.
 */
const schema = `
  type Query { me: User }
  type User {
    id: ID!
    name: String!
    username: String!
    publicName: String!
    superAdmin: Boolean!
    language: String!
    timeZone: String!
    emojiMode: Boolean!
    rowsPerPage: Int!
    landingPage: String!
    landingPageOptions: [String!]!
    accountUsers: [AccountUser!]!
    currentSession: Session
    emails: [Email!]!
    phones: [Phone!]!
  }
  type AccountUser { id: ID!, roles: [Role!]! }
  type Role { id: ID!, name: String! }
  type Session { id: ID!, device: String!, expiresAt: String! }
  type Email { id: ID!, address: String!, primary: Boolean!, verifiedAt: String }
  type Phone { id: ID!, number: String!, country: String!, primary: Boolean!, verifiedAt: String }
`

declare module 'mercurius' {
  interface MercuriusContext {
    userId: string
    sessionId: string
  }
}

interface Parent {
  id: string
}

interface AccountUserRow extends Parent {
  userId: string
  isOwner: boolean
}

interface RoleRow {
  accountUserId: string
  id: string
  name: string
}

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c timezone=UTC',
})

async function rowsOf<Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  const { rows } = await pool.query<Row>({ name, text, values })
  return rows
}

const instant = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const resolvers: IResolvers = {
  Query: {
    async me(_root: unknown, _arguments: unknown, { userId }: { userId: string }) {
      const [user] = await rowsOf(
        'me',
        `select id, name, username, public_name as "publicName", super_admin as "superAdmin", language,
          time_zone as "timeZone", emoji_mode as "emojiMode", rows_per_page as "rowsPerPage",
          landing_page as "landingPage" from "user" where id = $1`,
        [userId],
      )
      return user
    },
  },
  User: {
    landingPageOptions: () => ['USER_PROFILE', 'LAST_VISITED'],
    accountUsers: ({ id }: Parent) =>
      rowsOf(
        'account_users',
        `select m.id, m.user_id as "userId", account.owner_id = m.user_id as "isOwner"
          from account_user m join account on account.id = m.account_id
          where m.user_id = $1 order by account.name, account.id`,
        [id],
      ),
    async currentSession({ id }: Parent, _arguments: unknown, { sessionId }: { sessionId: string }) {
      const [session] = await rowsOf(
        'session',
        `select id, device, ${instant('expires_at')} as "expiresAt" from session where user_id = $1 and id = $2`,
        [id, sessionId],
      )
      return session
    },
    emails: ({ id }: Parent) =>
      rowsOf(
        'emails',
        `select id, address, "primary", ${instant('verified_at')} as "verifiedAt" from email
          where user_id = $1 order by "primary" desc, created_at, id`,
        [id],
      ),
    phones: ({ id }: Parent) =>
      rowsOf(
        'phones',
        `select id, number, country, "primary", ${instant('verified_at')} as "verifiedAt" from phone
          where user_id = $1 order by "primary" desc, created_at, id`,
        [id],
      ),
  },
}

const owner = { id: '00000000-0000-7000-8000-000000000001', name: 'Owner' }

const loaders: MercuriusLoaders = {
  AccountUser: {
    roles: {
      async loader(queries: { obj: AccountUserRow }[]) {
        const rows = await rowsOf<RoleRow>(
          'roles',
          `select given.account_user_id as "accountUserId", role.id, role.name
            from account_user_role given join role on role.id = given.role_id
            where given.user_id = $1 and given.account_user_id = any($2) order by role.name`,
          [queries[0]?.obj.userId, queries.map(({ obj }) => obj.id)],
        )
        return queries.map(({ obj }) => {
          const given = rows.filter(({ accountUserId }) => accountUserId === obj.id)
          return obj.isOwner ? [owner, ...given] : given
        })
      },
      // Nobody asks for the same roles twice in one operation, and finding that out costs more than it saves.
      opts: { cache: false },
    },
  },
}

const app = Fastify()
await app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  persistedQueries: { profile: process.env['DOCUMENT'] ?? '' },
  context: ({ headers }) => ({
    userId: String(headers['x-user-id']),
    sessionId: String(headers['x-session-id']),
  }),
})
app.get('/healthz', () => 'ok')
await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' })
