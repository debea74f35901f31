import { createHash } from 'node:crypto'

import type { ClientBase } from 'pg'

import { maintainNotificationPartitions } from '../src/database/notification-partitions.ts'
import { tokenOfRandom } from '../src/tokens/token-format.ts'

export interface CrowdOptions {
  people: number
  /** Told how many people are there, now and then. */
  onProgress?: (people: number) => void
}

/** The value of the session cookie of a person's one browser; people are numbered from 1. */
export function sessionKeyOf(number: number): string {
  return createHash('sha256').update(`crowd-session-${number}`).digest('base64url')
}

/** A token of the person's that may write, in the first of their two accounts. */
export function tokenOf(number: number): string {
  return tokenOfRandom(hexOf(`crowd-token-${number}-1`).slice(0, 30))
}

export function usernameOf(number: number): string {
  return `person-${String(number).padStart(7, '0')}`
}

/**
 * Fills a migrated, empty database with people who all look alike: 2 emails, 2 phones, 2 account users, 3 tokens,
 * 20 notifications and 10 entries of history each, and one browser that is signed in. An account has 100 people
 * however many there are, and every person with an even number is an administrator of their first account. All
 * instants are relative to now, so nothing has run out.
 *
 * PostgreSQL makes the rows itself and checks no foreign key meanwhile, which only a superuser may ask for; all or
 * nothing is made.
 */
export async function seedCrowd(
  client: ClientBase,
  { people, onProgress = () => {} }: CrowdOptions,
): Promise<void> {
  await client.query('begin')
  try {
    await client.query('set local session_replication_role = replica')
    await maintainNotificationPartitions(client, new Date())
    for (const statement of makeFirms(people)) await client.query(statement)
    for (let first = 1; first <= people; first += batch) {
      const last = Math.min(people, first + batch - 1)
      for (const statement of makePeople) await client.query(statement(first, last))
      // The digests of a history are made by a trigger.
      await client.query('set local session_replication_role = origin')
      await client.query(makeHistories(first, last))
      await client.query('set local session_replication_role = replica')
      onProgress(last)
    }
    await client.query('commit')
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query('rollback').catch(() => {})
    throw error
  }
  // So that nothing is planned on guesses, and no vacuum comes in between.
  await client.query('vacuum (freeze, analyze)')
  await client.query('checkpoint')
}

/** Rows of so many people fit in memory; the statement that makes them is planned once more for each batch. */
const batch = 10_000
const peopleOfAccount = 100
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const administrator = '00000000-0000-7000-8000-000000000002'
const technician = '00000000-0000-7000-8000-000000000006'

/** Ids are made in the order of numbers, so that rows are stored, and indexes grow, in the order of people. */
function makeFirms(people: number): string[] {
  // Everybody is in two accounts.
  const firms = Math.max(2, Math.ceil((people * 2) / peopleOfAccount))
  return [
    `create temp table crowd_person on commit drop as
      select number, uuidv7() as id, now() - interval '1 year' as since from generate_series(1, ${people}) as number`,
    `alter table crowd_person add primary key (number)`,
    `create temp table crowd_firm on commit drop as
      select number, uuidv7() as id, uuidv7() as rule_id from generate_series(1, ${firms}) as number`,
    `create temp table crowd_membership (number int, position int, user_id uuid, id uuid, account_id uuid, rule_id uuid)
      on commit drop`,
    `analyze crowd_person`,
    `analyze crowd_firm`,
    `insert into account (id, name, owner_id, created_at)
      select firm.id, 'Firm ' || lpad(number::text, 6, '0'), person.id, since
      from crowd_firm firm join crowd_person person using (number)`,
    `insert into notification_rule (account_id, id, name, rules, created_at)
      select id, rule_id, 'Wake gently', E'- match: always\\n  actions:\\n    - push\\n', now() from crowd_firm`,
  ]
}

const sha256 = (text: string) => `sha256(convert_to(${text}, 'UTF8'))`
const isAlert = '((number + which) % 5 = 0)'
const isUnread = '((number + which) % 3 = 0)'
/** What of the CRC32 `crc` ends a token: six digits to the base 62. */
const checksum = [5, 4, 3, 2, 1, 0]
  .map((place) => `substr('${digits}', 1 + (crc / ${62 ** place} % 62)::int, 1)`)
  .join(' || ')
const some = (first: number, last: number) => `number between ${first} and ${last}`

/** What the people of one range have, in the order in which it is made. */
const makePeople: ((first: number, last: number) => string)[] = [
  (first, last) => `insert into "user" (id, username, name, public_name, super_admin, time_zone, created_at)
    select id, 'person-' || lpad(number::text, 7, '0'), 'Person ' || number, 'Person ' || number || ' at work',
      number % 1000 = 0, (array['UTC', 'America/New_York', 'Europe/Amsterdam'])[1 + number % 3], since
    from crowd_person where ${some(first, last)}`,
  (first, last) => `insert into login_name (name, user_id)
    select 'person-' || lpad(number::text, 7, '0'), id from crowd_person where ${some(first, last)}`,

  () => `truncate crowd_membership`,
  (first, last) => `with firms as (select count(*)::int as count from crowd_firm)
    insert into crowd_membership
    select person.number, position, person.id, uuidv7(), firm.id, firm.rule_id
    from crowd_person person, generate_series(0, 1) as position, firms,
      lateral (select 1 + (person.number - 1 + position) % firms.count as firm_number) as its
      join crowd_firm firm on firm.number = firm_number
    where person.${some(first, last)} order by person.number, position`,
  () => `analyze crowd_membership`,
  () => `insert into account_user (user_id, id, account_id, notification_rule_id, created_at)
    select user_id, id, account_id, case position when 0 then rule_id end, now() - interval '1 year'
    from crowd_membership`,
  () => `insert into account_user_role (user_id, account_user_id, role_id)
    select user_id, id, case when position = 0 and number % 2 = 0 then '${administrator}'::uuid
      else '${technician}'::uuid end from crowd_membership`,

  (first, last) => `with email_of as (
      insert into email (user_id, id, address, address_key, "primary", verified_at, created_at)
      select id, uuidv7(), address, address, which = 1, since, since + which * interval '1 minute'
      from crowd_person, generate_series(1, 2) as which,
        lateral (select 'person-' || lpad(number::text, 7, '0') || '.' || which || '@example.com' as address) as its
      where ${some(first, last)} returning address_key, user_id, id
    ) insert into proven_email (address_key, user_id, email_id) select address_key, user_id, id from email_of`,
  (first, last) => `insert into phone (user_id, id, number, country, "primary", verified_at, created_at)
    select id, uuidv7(), '+1' || 201 + (number * 7 + which) % 700 || '55501' || lpad((number % 100)::text, 2, '0'),
      'US', which = 1, since, since + which * interval '1 minute'
    from crowd_person, generate_series(1, 2) as which where ${some(first, last)}`,

  (first, last) => `with browser as materialized (
      select id as user_id, uuidv7() as session_id,
        rtrim(translate(encode(${sha256(`'crowd-session-' || number`)}, 'base64'), '+/', '-_'), '=') as key
      from crowd_person where ${some(first, last)}
    ), signed_in as (
      insert into session (user_id, id, device, address, created_at, last_seen_at, expires_at)
      select user_id, session_id, 'Firefox on Linux', '192.0.2.1', now(), now(), now() + interval '1 day' from browser
    ) insert into session_key (hash, user_id, session_id) select ${sha256('key')}, user_id, session_id from browser`,
  // `offset 0` keeps a value from being worked out wherever it is used.
  () => `with token as materialized (
      select user_id, uuidv7() as token_id, id as account_user_id, account_id, which, body || ${checksum} as secret
      from crowd_membership, generate_series(1, 3) as which,
        lateral (select left(encode(${sha256(`'crowd-token-' || number || '-' || which`)}, 'hex'), 30) as body
          offset 0) as its,
        lateral (select crc32(convert_to(body, 'UTF8')) as crc offset 0) as sum
      where position = 0
    ), kept as (
      insert into personal_access_token
        (user_id, id, account_user_id, account_id, name, last_four, created_at, expires_at, read_only)
      select user_id, token_id, account_user_id, account_id, 'Script ' || which, right(secret, 4), now(),
        now() + interval '90 days', which = 2 from token
    ) insert into token_key (hash, user_id, token_id)
      select ${sha256(`'lanyard_' || secret`)}, user_id, token_id from token`,

  () => `insert into notification (user_id, id, account_id, kind, event_type, title, body, read_at, created_at)
    select user_id, uuidv7(-age), account_id, case when ${isAlert} then 'ALERT' else 'NOTIFICATION' end,
      case when ${isAlert} then 'NETWORK_ALERT' else 'TICKET_ASSIGNED' end, 'Ticket ' || 20000 + number + which,
      'Packet loss on the uplink of cabinet ' || (number + which) % 100, case when not ${isUnread} then now() - age end,
      now() - age
    from crowd_membership, generate_series(1, 10) as which,
      lateral (select which * interval '2 days 7 hours' + position * interval '11 minutes' as age) as its`,
  () => `insert into badge (user_id, account_id, unread, alerts)
    select user_id, account_id, count(*), count(*) filter (where ${isAlert})
    from crowd_membership, generate_series(1, 10) as which where ${isUnread} group by user_id, account_id`,
  (first, last) => `insert into badge_user (user_id, version)
    select id, 20 from crowd_person where ${some(first, last)}`,
]

function makeHistories(first: number, last: number): string {
  return `insert into activity (user_id, id, actor_id, action, subject, changes, at, address, device)
    select id, uuidv7(-age), id, 'PREFERENCES_UPDATED', 'Person ' || number,
      '[{"field": "rowsPerPage", "before": "25", "after": "50"}]', now() - age, '192.0.2.1', 'Firefox on Linux'
    from crowd_person, generate_series(1, 10) as which, lateral (select which * interval '5 days' as age) as its
    where ${some(first, last)} order by number, which desc`
}

function hexOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
