import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Config } from './config.ts'
import { newSealingKey, SealingKeys } from './sealing-keys.ts'

const fileName = 'secret-keys'

/** The operator's keys when there are some, else one that is generated once and kept in the data folder. */
export async function openSealingKeys({
  secretKeys,
  dataDir,
}: Pick<Config, 'secretKeys' | 'dataDir'>): Promise<SealingKeys> {
  if (secretKeys) {
    const [first, ...others] = secretKeys
    return new SealingKeys([first.reveal(), ...others.map((key) => key.reveal())])
  }
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, fileName)
  // Written aside and put into its place whole: of two that start at once, both read what the first wrote.
  const aside = `${path}.${randomUUID()}`
  await writeFile(aside, newSealingKey(), { mode: 0o600 })
  await link(aside, path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  await unlink(aside)
  return new SealingKeys([(await readFile(path, 'utf8')).trim()])
}
