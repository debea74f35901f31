import { afterAll, expect, test } from 'vitest'

import { createTestDatabase } from '../test/database.ts'
import { rekey } from './commands/rekey.ts'
import { StatementPool } from './database/statements.ts'
import { systemClock } from './lib/clock.ts'
import { openLinkSigning } from './link-signing.ts'
import { newSealingKey, SealingKeys } from './sealing-keys.ts'

const database = await createTestDatabase()
const statements = new StatementPool({ databaseUrl: database.appUrl, named: true })
afterAll(async () => {
  await statements[Symbol.asyncDispose]()
  await database.drop()
})

const [older, newer] = [newSealingKey(), newSealingKey()]
const open = (...keys: [string, ...string[]]) =>
  openLinkSigning(statements, new SealingKeys(keys), systemClock)

test('a link that was signed before a key was changed and removed is known after it', async () => {
  const [signing, another] = await Promise.all([open(older), open(older)])
  const signature = signing.sign('unsubscribe', 'x')
  expect(another.sign('unsubscribe', 'x')).toEqual(signature)
  await rekey(database.appUrl, new SealingKeys([newer, older]))

  expect((await open(newer)).signatures('unsubscribe', 'x')).toContainEqual(signature)
  expect((await open(newer)).signatures('unsubscribe', 'y')).not.toContainEqual(signature)
})

test('a link that SECRET_KEYS signed is known as long as the key stands there', async () => {
  const signature = new SealingKeys([older]).sign('unsubscribe', 'x')
  expect((await open(newer, older)).signatures('unsubscribe', 'x')).toContainEqual(signature)
  expect((await open(newer)).signatures('unsubscribe', 'x')).not.toContainEqual(signature)
})

test('when the key that sealed it is lost, links are signed with another', async () => {
  const signature = (await open(newer)).sign('unsubscribe', 'x')
  const lost = await open(newSealingKey())
  expect(lost.signatures('unsubscribe', 'x')).not.toContainEqual(signature)
})
