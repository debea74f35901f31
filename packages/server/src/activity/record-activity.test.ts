import { expect, test } from 'vitest'

import { newId } from '../lib/ids.ts'
import { createTestServer } from '../../test/server.ts'
import { recordOwnActivity } from './record-activity.ts'
import { verifyHistories } from './verify-histories.ts'
import pg from 'pg'

const server = await createTestServer()
const scene = {
  clock: server.clock,
  origin: { requestId: '', address: '192.0.2.1', device: 'Firefox on Linux' },
}

test('transactions that write into the histories of the same people in any order all come through', async () => {
  const people = [newId(), newId(), newId()]
  const write = (order: string[]) =>
    server.orm.em.fork().transactional((tx) => {
      for (const userId of order) {
        recordOwnActivity(tx, scene, { action: 'USER_CREATED', userId, subject: 'Sample' })
      }
      return Promise.resolve()
    })
  await Promise.all(Array.from({ length: 30 }, (_, n) => write(n % 2 === 0 ? people : people.toReversed())))

  const client = new pg.Client({ connectionString: server.databaseUrl })
  await client.connect()
  for (const userId of people) {
    expect(await verifyHistories(client, userId)).toEqual({
      people: 1,
      entries: 30,
      emptied: 0,
      broken: [],
    })
  }
  await client.end()
})

test('what is rolled back leaves no entry, and a transaction inside another one leaves its own', async () => {
  const userId = newId()
  const happening = (subject: string) => ({ action: 'USER_CREATED' as const, userId, subject })
  await server.orm.em.fork().transactional(async (tx) => {
    recordOwnActivity(tx, scene, happening('Outside'))
    await tx.transactional(async (inner) => {
      recordOwnActivity(inner, scene, happening('Inside'))
      await Promise.resolve()
    })
    const failing = tx.transactional((inner) => {
      recordOwnActivity(inner, scene, happening('Undone'))
      return Promise.reject(new Error('undone'))
    })
    await expect(failing).rejects.toThrow('undone')
  })
  const rows = await server.orm.em
    .fork()
    .execute('select subject from activity where user_id = ? order by subject', [userId])
  expect(rows).toEqual([{ subject: 'Inside' }, { subject: 'Outside' }])
})

test('history outside a transaction is a mistake of ours', () => {
  const em = server.orm.em.fork()
  const happening = { action: 'USER_CREATED' as const, userId: newId(), subject: 'Sample' }
  expect(() => recordOwnActivity(em, scene, happening)).toThrow('in the transaction that makes it')
})
