import type { EntityManager } from '@mikro-orm/postgresql'

/** The NOTIFY channel that tells every process of an ended session or token, by its id. */
export const revokedTopic = 'revoked'

/** Once this transaction commits, every process closes the sockets that came with this session or token. */
export async function announceRevocation(tx: EntityManager, credentialId: string): Promise<void> {
  await tx.execute('select pg_notify(?, ?)', [revokedTopic, credentialId])
}
