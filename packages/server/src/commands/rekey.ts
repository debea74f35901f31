import { Client, escapeIdentifier } from 'pg'

import { type SealedColumn, sealedColumns } from '../sealed-columns.ts'
import type { SealingKeys } from '../sealing-keys.ts'

export interface Rekeyed {
  /** Values that the first key seals now. */
  resealed: number
  /** What none of the keys opens, as `table.column`, with how many there are. */
  lost: { place: string; values: number }[]
}

/** So many in a transaction: a row is locked for no longer than it takes to write them. */
const rowsAtOnce = 200

/**
 * Seals with the first key what another one sealed. A value is replaced only where it is still the one that was opened,
 * so that it may run beside servers, or twice; what was done stays done when it is stopped.
 * @param onProgress told after each batch how many values of a column are done
 */
export async function rekey(
  databaseUrl: string,
  sealing: SealingKeys,
  onProgress: (place: string, resealed: number) => void = () => {},
): Promise<Rekeyed> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const result: Rekeyed = { resealed: 0, lost: [] }
    for (const column of sealedColumns) {
      const place = `${column.table}.${column.column}`
      let done = 0
      // What a server wrote with the old key meanwhile is found by the next round.
      for (;;) {
        const { resealed, lost } = await resealColumn(client, sealing, column, (count) =>
          onProgress(place, done + count),
        )
        done += resealed
        if (resealed > 0) continue
        if (lost > 0) result.lost.push({ place, values: lost })
        break
      }
      result.resealed += done
    }
    return result
  } finally {
    await client.end()
  }
}

/** How many values another key than the first has sealed. */
export async function countOldSeals(client: Client, sealing: SealingKeys): Promise<number> {
  let count = 0
  for (const { table, column } of sealedColumns) {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int from ${escapeIdentifier(table)} where ${isOld(column)}`,
      [sealing.prefix],
    )
    count += rows[0]?.count ?? 0
  }
  return count
}

/** A condition whose first parameter is the prefix of the first key. */
function isOld(column: string): string {
  return `substr(${escapeIdentifier(column)}, 1, length($1::bytea)) <> $1`
}

interface SealedRow {
  key: string[]
  sealed: Buffer
}

async function resealColumn(
  client: Client,
  sealing: SealingKeys,
  sealedColumn: SealedColumn,
  onBatch: (resealed: number) => void,
): Promise<{ resealed: number; lost: number }> {
  let resealed = 0
  let lost = 0
  let after: string[] | null = null
  for (;;) {
    const rows: SealedRow[] = await readOldSeals(client, sealing, sealedColumn, after)
    const opened = rows.flatMap(({ key, sealed }) => {
      const binding = sealedColumn.bindingOf(...key)
      const plain = openedOrLost(sealing, sealed, binding)
      return plain === undefined ? [] : [{ key, sealed, anew: sealing.seal(plain, binding) }]
    })
    lost += rows.length - opened.length
    if (opened.length > 0) {
      resealed += await replaceSeals(client, sealedColumn, opened)
      onBatch(resealed)
    }
    after = rows.at(-1)?.key ?? null
    if (rows.length < rowsAtOnce) return { resealed, lost }
  }
}

function openedOrLost(sealing: SealingKeys, sealed: Buffer, binding: string): string | undefined {
  try {
    return sealing.open(sealed, binding)
  } catch {
    return undefined
  }
}

async function readOldSeals(
  client: Client,
  sealing: SealingKeys,
  { table, key, column }: SealedColumn,
  after: string[] | null,
): Promise<SealedRow[]> {
  const keyColumns = key.map(escapeIdentifier)
  const bounds = key.map((_, index) => `$${index + 2}`)
  const { rows } = await client.query<SealedRow>(
    `select array[${keyColumns.map((name) => `${name}::text`).join()}] as key, ${escapeIdentifier(column)} as sealed
      from ${escapeIdentifier(table)} where ${isOld(column)}
      ${after ? `and (${keyColumns.join()}) > (${bounds.join()})` : ''}
      order by ${keyColumns.join()} limit ${rowsAtOnce}`,
    [sealing.prefix, ...(after ?? [])],
  )
  return rows
}

async function replaceSeals(
  client: Client,
  { table, key, keyType, column }: SealedColumn,
  rows: (SealedRow & { anew: Buffer })[],
): Promise<number> {
  const sameKey = key.map(
    (name, index) => `t.${escapeIdentifier(name)} = (seal.keys ->> ${index})::${keyType}`,
  )
  const { rowCount } = await client.query(
    `update ${escapeIdentifier(table)} as t set ${escapeIdentifier(column)} = seal.anew
      from unnest($1::jsonb[], $2::bytea[], $3::bytea[]) as seal (keys, sealed, anew)
      where ${sameKey.join(' and ')} and t.${escapeIdentifier(column)} = seal.sealed`,
    [
      rows.map((row) => JSON.stringify(row.key)),
      rows.map((row) => row.sealed),
      rows.map((row) => row.anew),
    ],
  )
  return rowCount ?? 0
}
