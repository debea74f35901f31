import { tokenWarningDays } from '@lanyard/contract/limits'
import { sql } from 'kysely'

import type { Context } from '../context.ts'
import type { Statements } from '../database/statements.ts'
import { say, sayWhen } from '../delivery/texts/words.ts'
import { type Language, languageOf } from '../language.ts'
import { compileStatement, runStatement, slot, type Statement } from '../lib/statement.ts'
import { kindOfEvent } from './event-catalogue.ts'
import {
  chosenChannels,
  effectColumns,
  type EventEffects,
  effects,
  type ToldEvent,
} from './event-effects.statement.ts'

const eventType = 'TOKEN_EXPIRING'

type Scene = Pick<Context, 'statements' | 'clock' | 'announcements' | 'deliveries' | 'config'>

/**
 * Tells people of their tokens that have come within 30, 7 or 1 days of their end since they were last told, in the
 * inbox and by mail as they have chosen. A token that was made for less than such a time has never come to it. Of two
 * processes that do this at once, one tells. Source: decision 11, zitadel#6131.
 * @param onError told of a token that failed; the others are told of all the same
 */
export async function warnOfExpiringTokens(scene: Scene, onError: (error: unknown) => void): Promise<void> {
  const now = scene.clock.now()
  let last: ExpiringToken | undefined
  do {
    const page = await findExpiring(scene.statements, now, last)
    for (const token of page) await warn(scene, token, now).catch(onError)
    last = page.at(-1)
  } while (last)
}

interface ExpiringToken {
  userId: string
  id: string
  name: string
  expiresAt: Date
  accountId: string
  accountName: string
  language: string
  timeZone: string
  /** How close to its end it has come: one of `tokenWarningDays`. */
  days: number
}

const longestWarning = Math.max(...tokenWarningDays)
const tokensAtOnce = 200

/** A token that is being replaced ends because somebody said so. */
const findStatement = {
  name: 'find_expiring_tokens',
  text: `select t.user_id as "userId", t.id, t.name, t.expires_at as "expiresAt", a.id as "accountId",
      a.name as "accountName", u.language, u.time_zone as "timeZone", crossed.days
    from personal_access_token t
      join account_user m on m.user_id = t.user_id and m.id = t.account_user_id
      join account a on a.id = m.account_id
      join "user" u on u.id = t.user_id
      cross join lateral (select min(days) as days from unnest($2::int[]) as days
        where t.expires_at <= $1::timestamptz + make_interval(days => days)) as crossed
    where t.expires_at > $1 and t.expires_at <= $1::timestamptz + make_interval(days => $3::int)
      and (t.expires_at, t.user_id, t.id) > ($4::timestamptz, $5::uuid, $6::uuid)
      and t.replaced_at is null and (t.warned_days is null or t.warned_days > crossed.days)
      and t.expires_at > t.created_at + make_interval(days => crossed.days)
    order by t.expires_at, t.user_id, t.id limit $7`,
}

const noId = '00000000-0000-0000-0000-000000000000'

function findExpiring(
  statements: Statements,
  now: Date,
  { expiresAt, userId, id }: Pick<ExpiringToken, 'expiresAt' | 'userId' | 'id'> = {
    expiresAt: now,
    userId: noId,
    id: noId,
  },
): Promise<ExpiringToken[]> {
  const days = [...tokenWarningDays]
  return statements.run(findStatement, [now, days, longestWarning, expiresAt, userId, id, tokensAtOnce])
}

interface Warning extends ToldEvent {
  token: ExpiringToken
}

/** The mark on the token and all that is told of it in one statement: whoever comes second finds the mark. */
const warnStatement: Statement<Warning> = {
  name: 'warn_of_expiring_token',
  ...compileStatement(sql`with accepted as (
      update personal_access_token set warned_days = ${slot(({ token }: Warning) => token.days)}::smallint
      where user_id = ${slot(({ token }: Warning) => token.userId)} and id = ${slot(({ token }: Warning) => token.id)}
        and replaced_at is null and expires_at > ${slot(({ now }: Warning) => now)}
        and (warned_days is null or warned_days > ${slot(({ token }: Warning) => token.days)}::smallint)
      returning user_id as owner_id, account_user_id as membership_id
    ), recipient as (
      select m.user_id, m.id as account_user_id, ${chosenChannels} as channels
      from accepted join account_user m on m.user_id = owner_id and m.id = membership_id
        left join notification_preference p on p.user_id = m.user_id and p.account_user_id = m.id
          and p.event_type = ${slot(({ type }: Warning) => type)}
    ), ${effects}
    select ${effectColumns}`),
}

async function warn(
  { statements, announcements, deliveries, config: { publicUrl } }: Scene,
  token: ExpiringToken,
  now: Date,
): Promise<void> {
  const { accountId } = token
  const told = {
    accountId,
    type: eventType,
    kind: String(kindOfEvent(eventType)),
    recipients: [token.userId],
    ...inWords(token, languageOf(token.language)),
    now,
  }
  const entity = {
    type: say({ language: languageOf(token.language) }, tokenWord),
    id: token.id,
    name: token.name,
    url: new URL(`/settings/tokens?account=${accountId}`, publicUrl).href,
  }
  const runner = { run: (...statement: Parameters<Statements['run']>) => statements.write(...statement) }
  const [made] = await runStatement(runner, warnStatement, { ...told, entity, token })
  // The columns of the statement's one row.
  const { items, deliveries: queued } = made as EventEffects
  announcements.add(items.map(({ userId, id }) => ({ userId, added: { id, accountId } })))
  if (queued > 0) deliveries.wake()
}

const tokenWord = /*i18n*/ { id: 'event.TOKEN_EXPIRING.entity', message: 'Access token' }

/** By the date, and not by the days that are left: it is read later than it is written. */
function inWords(
  { name, accountName, expiresAt, timeZone }: ExpiringToken,
  language: Language,
): Pick<ToldEvent, 'title' | 'body'> {
  const values = {
    token: name,
    account: accountName,
    when: sayWhen({ language, timeZone }, expiresAt.toISOString()),
  }
  return {
    title: say(
      { language },
      /*i18n*/ { id: 'event.TOKEN_EXPIRING.title', message: 'The access token “{token}” expires soon' },
      values,
    ),
    body: say(
      { language },
      /*i18n*/ {
        id: 'event.TOKEN_EXPIRING.body',
        message:
          'It ends on {when}. Programs that use it in {account} are refused from then on. Replace it before: the old one goes on working while you change over.',
      },
      values,
    ),
  }
}
