import { answerWith, read } from '../limit-server.ts'

/**
 * The limit of a page of the inbox: `GET /<user id>/<kind>/<first>` runs one prepared statement and hands its text
 * through. The catalogue of event types never changes and is a constant here.
 */
const pageStatement = `
  with page as materialized (
    select n.*, rtrim(translate(encode(uuid_send(n.id), 'base64'), '+/', '-_'), '=') as cursor
    from notification n where n.user_id = $1 and n.kind = $2 order by n.id desc limit $3::int + 1
  ), shown as (select * from page order by id desc limit $3)
  select row_to_json(me)::text as json from (
    select u.id, u.rows_per_page as "rowsPerPage",
      (select row_to_json(t) from (
        select
          array(select row_to_json(t) from (
            select cursor,
              (select row_to_json(t) from (
                select shown.id, shown.kind, shown.event_type as "eventType",
                  to_char(shown.read_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "readAt",
                  to_char(shown.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt",
                  (select row_to_json(t) from (
                    select a.id, a.name, 'Account' as "__typename" from account a where a.id = shown.account_id) t)
                    as account,
                  shown.title, shown.body, 'Notification' as "__typename",
                  (select row_to_json(t) from (
                    select shown.entity->>'type' as type, shown.entity->>'name' as name, shown.entity->>'url' as url,
                      'EntityLink' as "__typename" where shown.entity is not null) t) as entity) t) as node,
              'NotificationEdge' as "__typename"
            from shown order by shown.id desc) t) as edges,
          (select row_to_json(t) from (
            select (select count(*) from page) > $3 as "hasNextPage",
              (select cursor from shown order by id limit 1) as "endCursor", 'PageInfo' as "__typename") t)
            as "pageInfo",
          'NotificationConnection' as "__typename") t) as notifications,
      'User' as "__typename"
    from "user" u where u.id = $1) me`

const eventTypes = process.env['EVENT_TYPES']

answerWith(async (_request, [userId, kind, first]) => {
  const query = { name: 'inbox', text: pageStatement, values: [userId, kind, first] }
  const [row] = await read<{ json: string }>(query)
  return `{"data":{"me":${row?.json},"notificationEventTypes":${eventTypes}}}`
})
