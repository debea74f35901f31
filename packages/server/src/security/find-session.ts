import { type RawBuilder, sql } from 'kysely'

import type { Context } from '../context.ts'
import { WriteBehind, type WriteBehindOptions } from '../database/write-behind.ts'
import { rowAs, type StatementBuilder } from '../lib/read-model.ts'
import { type Identification, identificationStatement } from '../lib/selection-reader.ts'
import { runStatement } from '../lib/statement.ts'
import type { Language } from '../language.ts'
import type { Viewer } from '../viewer.ts'
import { closedAccountsOf, type FoundClosings, sortClosings } from './closed-accounts.ts'
import { hashOfSecret } from './secret-keys.ts'
import { type BypassScene, recordBypasses } from './sso/record-bypasses.ts'

export interface FoundSession {
  sessionId: string
  userId: string
  superAdmin: boolean
  language: Language
  rowsPerPage: number
  isSeenLongAgo: boolean
  provenAt: Date
  /** Null when the session reaches every account, and nothing has to be written down about it. */
  closings: FoundClosings | null
}

/** What is asked about a cookie. Times are ISO 8601 texts, which cost less on their way than dates. */
interface SessionQuestion extends Record<string, unknown> {
  hash: Buffer
  now: string
  idleSince: string
  seenBefore: string
}

const [session, person] = [rowAs('s'), rowAs('u')]

/** Who holds a cookie; nobody when it was never given, has ended, or lay idle too long. */
export const bySession: Identification<Viewer, FoundSession> = {
  name: 'session',
  person,
  session,
  columns: (builder) => ({
    sessionId: session.column('id'),
    isSeenLongAgo: sql`${session.column('last_seen_at')} < ${asked('seenBefore', builder)}`,
    userId: person.column('id'),
    superAdmin: person.column('super_admin'),
    language: person.column('language'),
    rowsPerPage: person.column('rows_per_page'),
    provenAt: sql`coalesce(${session.column('proven_at')}, ${session.column('created_at')})`,
    closings: closedAccountsOf(person, session),
    boundAccountId: sql`null::uuid`,
    closedAccountIds: sql`null::uuid[]`,
  }),
  from: (builder) => sql`from session_key k
      join session s on s.user_id = k.user_id and s.id = k.session_id
      join "user" u on u.id = k.user_id
    where k.hash = ${asked('hash', builder)} and u.disabled_at is null and s.expires_at > ${asked('now', builder)}
      and s.last_seen_at > ${asked('idleSince', builder)}`,
  // The columns above.
  found: (row) => row as FoundSession,
}

function asked(name: keyof SessionQuestion, builder: StatementBuilder<Viewer>): RawBuilder<unknown> {
  return builder.value(({ root }) => root[name])
}

const findSessionStatement = identificationStatement(bySession)

/** How old the written time of last use may be. */
const touchIntervalMilliseconds = 60_000

const keyPattern = /^[A-Za-z0-9_-]{43}$/

/** Undefined for what no cookie of ours can be. */
export function sessionQuestion(
  { clock, limits }: Pick<Context, 'clock' | 'limits'>,
  key: string,
): SessionQuestion | undefined {
  if (!keyPattern.test(key)) return undefined
  const now = clock.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds).toISOString()
  return {
    hash: hashOfSecret(key),
    now: now.toISOString(),
    idleSince: before(limits.session.idleSeconds * 1000),
    seenBefore: before(touchIntervalMilliseconds),
  }
}

export function viewerOfSession(
  { sessionUses }: { sessionUses?: SessionUses },
  { sessionId, isSeenLongAgo, provenAt, closings, ...person }: FoundSession,
  { now }: SessionQuestion,
): Viewer {
  const { userId, superAdmin, language, rowsPerPage } = person
  if (isSeenLongAgo) sessionUses?.put(`${userId} ${sessionId}`, [userId, sessionId, now])
  const { closedAccounts } = sortClosings(closings)
  const credential = { kind: 'session', sessionId, provenAt, closedAccounts } as const
  return { userId, superAdmin, language, rowsPerPage, credential }
}

/**
 * Who holds a cookie. What they reach as administrators only is written down before they are told of anything.
 * @param sceneOf where it is, asked for only when something is to be written down
 */
export async function findSession(
  ctx: Pick<Context, 'statements' | 'clock' | 'limits'> & { sessionUses?: SessionUses },
  key: string,
  sceneOf: () => BypassScene,
): Promise<Viewer | null> {
  const question = sessionQuestion(ctx, key)
  if (!question) return null
  const values = { viewer: null, root: question, args: [] }
  const [row] = await runStatement(ctx.statements, findSessionStatement, values)
  if (!row) return null
  const found = bySession.found(row)
  const viewer = viewerOfSession(ctx, found, question)
  const { unrecordedBypasses } = sortClosings(found.closings)
  if (unrecordedBypasses.length > 0) await recordBypasses(sceneOf(), viewer, unrecordedBypasses)
  return viewer
}

/** When sessions were last used: of the person, the session, the time. */
export type SessionUses = WriteBehind<readonly [userId: string, sessionId: string, at: string]>

export function createSessionUses(options: WriteBehindOptions): SessionUses {
  const text = `update session s set last_seen_at = used.at
      from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as used (user_id, id, at)
      where s.user_id = used.user_id and s.id = used.id and s.last_seen_at < used.at`
  return new WriteBehind({ name: 'touch_sessions', text }, options)
}
