import type { StatementPool } from './database/statements.ts'
import type { Clock } from './lib/clock.ts'
import { newSealingKey, SealingKeys } from './sealing-keys.ts'
import { findServerKey, insertServerKey } from './server-key.ts'

export type Signing = Pick<SealingKeys, 'sign' | 'signatures'>

const keyName = 'links'
const forgetStatement = {
  name: 'forget_links_key',
  text: `delete from server_key where name = '${keyName}'`,
}

/**
 * Signs links that outlive a key of SECRET_KEYS, as those in mail that is kept: with a key of its own, which is sealed
 * in the database. Links that SECRET_KEYS signed are known as long as their key stands there.
 */
export async function openLinkSigning(
  statements: StatementPool,
  sealing: SealingKeys,
  clock: Clock,
): Promise<Signing> {
  let known = await findServerKey(statements, sealing, keyName)
  // Sealed with a key that is lost: so are the links, and new ones need a key.
  if (known && known.opened === undefined) await statements.write(forgetStatement, [])
  if (known?.opened === undefined) {
    await insertServerKey(statements, sealing, clock, { name: keyName, text: newSealingKey() })
    known = await findServerKey(statements, sealing, keyName)
  }
  if (known?.opened === undefined) throw new Error('the key of links was changed while it was made')
  const own = new SealingKeys([known.opened])
  return {
    sign: (purpose, text) => own.sign(purpose, text),
    signatures: (purpose, text) => [...own.signatures(purpose, text), ...sealing.signatures(purpose, text)],
  }
}
