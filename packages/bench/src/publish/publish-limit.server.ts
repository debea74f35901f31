import { json } from 'node:stream/consumers'

import { answerWith, pool } from '../limit-server.ts'

/**
 * The limit of publishing: `POST /<account id>/<user id>` with a title and a body stores an item and counts it, in one
 * transaction: no sign-in, no permission, no check of what comes, nobody is told.
 */
const insertItem = `
  insert into notification (user_id, id, account_id, kind, event_type, title, body, created_at)
  values ($1, uuidv7(), $2, 'NOTIFICATION', 'TICKET_ASSIGNED', $3, $4, now())`

const countItem = 'update badge set unread = unread + 1 where user_id = $1 and account_id = $2'

interface Item {
  title: string
  body: string
}

answerWith(async (request, [accountId, userId]) => {
  const { title, body } = (await json(request)) as Item
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query({ name: 'insert', text: insertItem, values: [userId, accountId, title, body] })
    await client.query({ name: 'count', text: countItem, values: [userId, accountId] })
    await client.query('commit')
    return '{"data":{"publishEvent":{"accepted":true,"notified":1}}}'
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
})
