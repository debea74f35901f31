import { json } from 'node:stream/consumers'

import pg from 'pg'

import { answerWith } from '../limit-server.ts'

/**
 * The limit of publishing: `POST /<account id>/<user id>` with a title and a body stores an item and counts it, by one
 * INSERT and one UPDATE in one statement, which is a transaction by itself: no sign-in, no permission, no check of what
 * comes, nobody is told.
 */
const storeItem = `
  with item as (
    insert into notification (user_id, id, account_id, kind, event_type, title, body, created_at)
    values ($1, uuidv7(), $2, 'NOTIFICATION', 'TICKET_ASSIGNED', $3, $4, now())
  )
  update badge set unread = unread + 1 where user_id = $1 and account_id = $2`

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c timezone=UTC',
})

interface Item {
  title: string
  body: string
}

answerWith(async (request, [accountId, userId]) => {
  const { title, body } = (await json(request)) as Item
  await pool.query({ name: 'store', text: storeItem, values: [userId, accountId, title, body] })
  return '{"data":{"publishEvent":{"accepted":true,"notified":1}}}'
})
