import type { ClientBase } from 'pg'

import { digestOfDetail, digestOfEntry, noDigest } from './entry-digest.ts'

export interface BrokenHistory {
  userId: string
  /** Of the first entry that is not as it was written. */
  position: number
  fault: string
}

export interface VerifiedHistories {
  people: number
  entries: number
  /** Entries whose details were erased; what is left of them is as it was written. */
  emptied: number
  /** At most one for each person. */
  broken: BrokenHistory[]
}

interface StoredEntry {
  userId: string
  id: string
  position: string
  actorId: string | null
  action: string
  accountId: string | null
  at: Date
  detailDigest: Buffer
  digest: Buffer
  /** Null when the details were erased. */
  salt: Buffer | null
  tokenName: string | null
  subject: string
  changes: string
  address: string | null
  device: string | null
  /** Of the person's head; null when there is none. */
  headEntries: string | null
  headDigest: Buffer | null
}

const rowsAtOnce = 1000

const entriesInOrder = `select entry.user_id as "userId", entry.id, entry.position, entry.actor_id as "actorId",
    entry.action, entry.account_id as "accountId", entry.at, entry.detail_digest as "detailDigest", entry.digest,
    detail.salt, detail.token_name as "tokenName", detail.subject, detail.changes::text as changes, detail.address,
    detail.device, head.entries as "headEntries", head.digest as "headDigest"
  from activity_entry entry
    left join activity_detail detail on detail.user_id = entry.user_id and detail.id = entry.id
    left join activity_head head on head.user_id = entry.user_id
  where $1::uuid is null or entry.user_id = $1
  order by entry.user_id, entry.position`

const headsAlone = `select user_id as "userId" from activity_head head
  where ($1::uuid is null or user_id = $1) and entries > 0
    and not exists (select from activity_entry entry where entry.user_id = head.user_id)
  order by user_id`

/**
 * Makes every digest of the histories anew, in one view of the database and with a bounded share of it in memory.
 * @param userId one person's history only
 */
export async function verifyHistories(client: ClientBase, userId?: string): Promise<VerifiedHistories> {
  const result: VerifiedHistories = { people: 0, entries: 0, emptied: 0, broken: [] }
  let history: HistoryCheck | undefined
  const finish = () => {
    const broken = history?.end()
    if (broken) result.broken.push(broken)
  }
  await client.query('begin isolation level repeatable read read only')
  try {
    await client.query(`declare entries no scroll cursor for ${entriesInOrder}`, [userId ?? null])
    for (;;) {
      const { rows } = await client.query<StoredEntry>(`fetch ${rowsAtOnce} from entries`)
      for (const row of rows) {
        if (history?.userId !== row.userId) {
          finish()
          history = new HistoryCheck(row.userId)
          result.people++
        }
        result.entries++
        if (row.salt === null) result.emptied++
        history.take(row)
      }
      if (rows.length < rowsAtOnce) break
    }
    finish()
    const heads = await client.query<{ userId: string }>(headsAlone, [userId ?? null])
    for (const head of heads.rows) {
      result.people++
      result.broken.push({ userId: head.userId, position: 1, fault: 'every entry is missing' })
    }
    return result
  } finally {
    await client.query('rollback')
  }
}

/** Follows the entries of one person up to the first that is broken. */
class HistoryCheck {
  readonly userId: string
  #position = 0
  #digest: Buffer = noDigest
  #broken: BrokenHistory | undefined
  #head: { entries: number; digest: Buffer } | undefined

  constructor(userId: string) {
    this.userId = userId
  }

  take(row: StoredEntry): void {
    if (this.#broken) return
    if (row.headEntries !== null && row.headDigest !== null) {
      this.#head = { entries: Number(row.headEntries), digest: row.headDigest }
    }
    this.#position++
    const fault = this.#faultOf(row)
    if (fault) this.#break(fault)
    this.#digest = row.digest
  }

  end(): BrokenHistory | undefined {
    if (this.#broken) return this.#broken
    if (!this.#head) return this.#break('the head of the history is missing')
    if (this.#head.entries > this.#position) {
      this.#position++
      return this.#break(`the last entries are missing: there were ${this.#head.entries}`)
    }
    if (this.#head.entries < this.#position || !this.#head.digest.equals(this.#digest)) {
      return this.#break('the head of the history does not know this entry')
    }
    return undefined
  }

  #faultOf(row: StoredEntry): string | undefined {
    if (Number(row.position) !== this.#position) return 'the entry is missing'
    if (!digestOfEntry(row, this.#position, this.#digest).equals(row.digest)) {
      return 'the entry is not as it was written'
    }
    if (row.salt === null) return undefined
    const { salt, ...detail } = row
    if (!digestOfDetail({ ...detail, salt }).equals(row.detailDigest)) {
      return 'the details of the entry are not as they were written'
    }
    return undefined
  }

  #break(fault: string): BrokenHistory {
    return (this.#broken = { userId: this.userId, position: this.#position, fault })
  }
}
