import { createHash } from 'node:crypto'

import { Client } from 'pg'

export const peopleCount = 10_000

/** Whom a request is made for. */
export interface Person {
  userId: string
  sessionId: string
  /** The value of their session cookie; the database knows its hash. */
  sessionKey: string
}

/** Every person of the made-up accounts has one browser that is signed in, with a cookie that anybody can compute. */
export function sessionKeyOf(number: number): string {
  return createHash('sha256').update(`bench-${number}`).digest('base64url')
}

/**
 * Fills an empty, migrated database: people with 2 emails, 1 or 2 phones, 2 account users, 1 to 3 tokens,
 * 20 notifications and 10 activity entries each. PostgreSQL makes the rows itself, the same number each time.
 */
export async function makePeople(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('begin')
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
    // So that nothing is planned on guesses, and no vacuum comes in between.
    await client.query('vacuum (analyze)')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

/** `count` people, spread over all of them. */
export async function somePeople(databaseUrl: string, count: number): Promise<Person[]> {
  const keys = Array.from({ length: count }, (_, index) =>
    sessionKeyOf(1 + Math.floor((index * peopleCount) / count)),
  )
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Person>(
      `select user_id as "userId", session_id as "sessionId", key as "sessionKey"
        from unnest($1::text[]) with ordinality as wanted (key, position)
          join session_key on hash = sha256(convert_to(key, 'UTF8'))
        order by position`,
      [keys],
    )
    if (rows.length !== count) throw new Error(`${count - rows.length} of ${count} people have no session`)
    return rows
  } finally {
    await client.end()
  }
}

const accountCount = 100
const technician = '00000000-0000-7000-8000-000000000006'
const administrator = '00000000-0000-7000-8000-000000000002'

const statements = [
  `create temp table person on commit drop as
    select number, uuidv7() as id, now() - interval '1 year' as since
    from generate_series(1, ${peopleCount}) as number`,
  `insert into "user" (id, username, name, public_name, super_admin, time_zone, created_at)
    select id, 'person-' || lpad(number::text, 5, '0'), 'Person ' || number, 'Person ' || number || ' at work',
      number % 1000 = 0, (array['UTC', 'America/New_York', 'Europe/Amsterdam'])[1 + number % 3], since
    from person`,
  `insert into login_name (name, user_id) select username, id from "user"`,

  `create temp table firm on commit drop as
    select number, uuidv7() as id, uuidv7() as rule_id, (select id from person where person.number = firm) as owner_id
    from generate_series(1, ${accountCount}) as number, lateral (select number as firm)`,
  `insert into account (id, name, owner_id, created_at)
    select id, 'Firm ' || lpad(number::text, 3, '0'), owner_id, now() - interval '1 year' from firm`,
  `insert into notification_rule (account_id, id, name, rules, created_at)
    select id, rule_id, 'Wake gently', E'- match: always\\n  actions:\\n    - push\\n', now() from firm`,
  `create temp table membership on commit drop as
    select person.number, person.id as user_id, uuidv7() as id, firm.id as account_id, firm.rule_id, position
    from person, lateral (values (0), (37)) as offsets (places), lateral (select (places > 0)::int as position) p
      join firm on true
    where firm.number = 1 + (person.number - 1 + places) % ${accountCount}`,
  `insert into account_user (user_id, id, account_id, notification_rule_id, created_at)
    select user_id, id, account_id, case position when 0 then rule_id end, now() - interval '1 year' from membership`,
  `insert into account_user_role (user_id, account_user_id, role_id)
    select user_id, id, '${technician}'::uuid from membership
    union all select user_id, id, '${administrator}'::uuid from membership where number % 10 = 0`,

  `insert into email (user_id, id, address, address_key, "primary", verified_at, created_at)
    select person.id, uuidv7(), address, address, which = 1, since, since + which * interval '1 minute'
    from person, generate_series(1, 2) as which,
      lateral (select 'person-' || number || '.' || which || '@example.com' as address) made`,
  `insert into proven_email (address_key, user_id, email_id) select address_key, user_id, id from email`,
  `insert into phone (user_id, id, number, country, "primary", verified_at, created_at)
    select id, uuidv7(), '+1' || 201 + (number * 7 + which) % 700 || '55501' || lpad((number % 100)::text, 2, '0'),
      'US', which = 1, since, since + which * interval '1 minute'
    from person, generate_series(1, 1 + number % 2) as which`,

  `create temp table browser on commit drop as
    select id as user_id, uuidv7() as session_id,
      rtrim(translate(encode(sha256(convert_to('bench-' || number, 'UTF8')), 'base64'), '+/', '-_'), '=') as key
    from person`,
  `insert into session (user_id, id, device, address, created_at, last_seen_at, expires_at)
    select user_id, session_id, 'Firefox on Linux', '192.0.2.1', now(), now(), now() + interval '1 day' from browser`,
  `insert into session_key (hash, user_id, session_id)
    select sha256(convert_to(key, 'UTF8')), user_id, session_id from browser`,
  `insert into personal_access_token (user_id, id, account_user_id, name, last_four, created_at, expires_at, read_only)
    select user_id, uuidv7(), id, 'Script ' || which, lpad(which::text, 4, '0'), now(), now() + interval '90 days',
      which = 2
    from membership, generate_series(1, 1 + number % 3) as which where position = 0`,

  `create temp table item on commit drop as
    select user_id, account_id, uuidv7(-age) as id, now() - age as created_at, number + which as variety
    from membership, generate_series(1, 10) as which,
      lateral (select which * interval '2 days 7 hours' + position * interval '11 minutes' as age) aged`,
  `insert into notification (user_id, id, account_id, kind, event_type, title, body, read_at, created_at)
    select user_id, id, account_id, case variety % 5 when 0 then 'ALERT' else 'NOTIFICATION' end,
      case variety % 5 when 0 then 'NETWORK_ALERT' else 'TICKET_ASSIGNED' end, 'Ticket ' || 20000 + variety,
      'Packet loss on the uplink of cabinet ' || variety % 100, case when variety % 3 > 0 then created_at end,
      created_at
    from item`,
  `insert into badge (user_id, account_id, unread, alerts)
    select user_id, account_id, count(*), count(*) filter (where kind = 'ALERT') from notification
    where read_at is null group by user_id, account_id`,
  `insert into badge_user (user_id, version) select user_id, sum(unread) from badge group by user_id`,
  `insert into activity (user_id, id, actor_id, action, subject, changes, at, address, device)
    select id, uuidv7(-age), id, 'PREFERENCES_UPDATED', 'Person ' || number,
      '[{"field": "rowsPerPage", "before": "25", "after": "50"}]', now() - age, '192.0.2.1', 'Firefox on Linux'
    from person, generate_series(1, 10) as which, lateral (select which * interval '5 days' as age) aged`,
]
