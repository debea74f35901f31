import { answerWith, read } from '../limit-server.ts'

/**
 * The limit of the profile page: what Node and PostgreSQL need at least to answer with this JSON. `GET
 * /<user id>/<session id>` runs one prepared statement and hands its text through: no sign-in, no GraphQL, no framework.
 */
const profileStatement = `
  select row_to_json(me)::text as json from (
    select u.id, u.name, u.username, u.public_name as "publicName", u.super_admin as "superAdmin",
      array(select row_to_json(t) from (
        select au.id,
          array(select row_to_json(t) from (
            select role.id, role.name, 'Role' as "__typename" from role
              where id in (
                select role_id from account_user_role where user_id = au.user_id and account_user_id = au.id
                union all select '00000000-0000-7000-8000-000000000001' where account.owner_id = au.user_id)
              order by id <> '00000000-0000-7000-8000-000000000001', name) t) as roles,
          'AccountUser' as "__typename"
        from account_user au join account on account.id = au.account_id
        where au.user_id = u.id order by account.name, account.id) t) as "accountUsers",
      (select row_to_json(t) from (
        select s.id, s.device, to_char(s.expires_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "expiresAt",
          'Session' as "__typename"
        from session s where s.user_id = u.id and s.id = $2) t) as "currentSession",
      u.language, u.rows_per_page as "rowsPerPage",
      array(select row_to_json(t) from (
        select id, address, "primary", 'Email' as "__typename",
          to_char(verified_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "verifiedAt"
        from email where user_id = u.id order by "primary" desc, created_at, id) t) as emails,
      array(select row_to_json(t) from (
        select id, number, country, "primary", 'Phone' as "__typename",
          to_char(verified_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "verifiedAt"
        from phone where user_id = u.id order by "primary" desc, created_at, id) t) as phones,
      'User' as "__typename", u.time_zone as "timeZone", u.emoji_mode as "emojiMode", u.landing_page as "landingPage",
      array['USER_PROFILE', 'LAST_VISITED'] as "landingPageOptions"
    from "user" u where u.id = $1) me`

answerWith(async (_request, [userId, sessionId]) => {
  const query = { name: 'profile', text: profileStatement, values: [userId, sessionId] }
  const [row] = await read<{ json: string }>(query)
  return `{"data":{"me":${row?.json}}}`
})
