import { PgBoss } from 'pg-boss'

/** Brings the tables of pg-boss to its version, as the role that owns them: servers then run it without that right. */
export async function migrateJobTables(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 1, supervise: false, schedule: false })
  let failure: unknown
  boss.on('error', (error) => (failure = error))
  await boss.start()
  await boss.stop({ graceful: false })
  if (failure) throw failure
}
