import { json } from 'node:stream/consumers'

import pg from 'pg'

import { answerWith } from '../limit-server.ts'

/**
 * The limit of publishing: `POST /<account id>/<user id>` with a title and a body stores an item and counts it, by one
 * INSERT and one UPDATE in a transaction: no sign-in, no permission, no check of what comes, nobody is told. With
 * `/at-once` behind it both are one statement, to show what a transaction of several round trips costs.
 */
const insertItem = `
  insert into notification (user_id, id, account_id, kind, event_type, title, body, created_at)
  values ($1, uuidv7(), $2, 'NOTIFICATION', 'TICKET_ASSIGNED', $3, $4, now())`
const countItem = 'update badge set unread = unread + 1 where user_id = $1 and account_id = $2'

const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c timezone=UTC',
})

interface Item {
  accountId: string | undefined
  userId: string | undefined
  title: string
  body: string
}

answerWith(async (request, [accountId, userId, atOnce]) => {
  const { title, body } = (await json(request)) as Pick<Item, 'title' | 'body'>
  await (atOnce ? storeAtOnce : store)({ accountId, userId, title, body })
  return '{"data":{"publishEvent":{"accepted":true,"notified":1}}}'
})

async function store({ accountId, userId, title, body }: Item): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query({ name: 'insert', text: insertItem, values: [userId, accountId, title, body] })
    await client.query({ name: 'count', text: countItem, values: [userId, accountId] })
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function storeAtOnce({ accountId, userId, title, body }: Item): Promise<void> {
  const text = `with item as (${insertItem}) ${countItem}`
  await pool.query({ name: 'at once', text, values: [userId, accountId, title, body] })
}
