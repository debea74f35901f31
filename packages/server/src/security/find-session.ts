import type { Context } from '../context.ts'
import type { Language } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { hashOfSecret } from './secret-keys.ts'

interface SessionRow {
  sessionId: string
  userId: string
  superAdmin: boolean
  language: Language
  rowsPerPage: number
  isSeenLongAgo: boolean
}

const findSessionStatement = {
  name: 'find_session',
  text: `select s.id as "sessionId", s.last_seen_at < $4 as "isSeenLongAgo", u.id as "userId",
      u.super_admin as "superAdmin", u.language, u.rows_per_page as "rowsPerPage"
    from session_key k
      join session s on s.user_id = k.user_id and s.id = k.session_id
      join "user" u on u.id = k.user_id
    where k.hash = $1 and s.expires_at > $2 and s.last_seen_at > $3`,
}

const touchSessionStatement = {
  name: 'touch_session',
  text: 'update session set last_seen_at = $3 where user_id = $1 and id = $2 and last_seen_at < $3',
}

/** How old the written time of last use may be. */
const touchIntervalMilliseconds = 60_000

const keyPattern = /^[A-Za-z0-9_-]{43}$/

/** Who holds this cookie; null when it was never given, has ended, or lay idle too long. */
export async function findSession(
  { statements, clock, limits }: Pick<Context, 'statements' | 'clock' | 'limits'>,
  key: string,
): Promise<Viewer | null> {
  if (!keyPattern.test(key)) return null
  const now = clock.now()
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  const [row] = await statements.run<SessionRow>(findSessionStatement, [
    hashOfSecret(key),
    now,
    before(limits.session.idleSeconds * 1000),
    before(touchIntervalMilliseconds),
  ])
  if (!row) return null

  const { sessionId, userId, superAdmin, language, rowsPerPage, isSeenLongAgo } = row
  if (isSeenLongAgo) await statements.run(touchSessionStatement, [userId, sessionId, now])
  return { userId, superAdmin, language, rowsPerPage, credential: { kind: 'session', sessionId } }
}
