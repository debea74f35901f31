import type { EntityManager } from '@mikro-orm/postgresql'

/** The NOTIFY channel that tells every process of an ended session or token, by its id. */
export const revokedTopic = 'revoked'

/** Once this transaction commits, every process closes the sockets that came with this session or token. */
export function announceRevocation(tx: EntityManager, credentialId: string): Promise<void> {
  return announceRevocations(tx, [credentialId])
}

export async function announceRevocations(
  tx: EntityManager,
  credentialIds: readonly string[],
): Promise<void> {
  if (credentialIds.length === 0) return
  await tx.execute("select pg_notify(?, id) from string_to_table(?, ',') as id", [
    revokedTopic,
    credentialIds.join(),
  ])
}
