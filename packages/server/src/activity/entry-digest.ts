import { createHash } from 'node:crypto'

/** What the digest of an entry is made of; append_activity in the database makes the same. */
export interface DigestedEntry {
  userId: string
  id: string
  actorId: string | null
  action: string
  accountId: string | null
  at: Date
  detailDigest: Buffer
}

/** What erasure may empty, with 32 bytes without which nobody can find out by trying what was here. */
export interface DigestedDetail {
  salt: Buffer
  tokenName: string | null
  subject: string
  /** JSON as PostgreSQL writes a `jsonb` out. */
  changes: string
  address: string | null
  device: string | null
}

/** Before the first entry. */
export const noDigest = Buffer.alloc(0)

export function digestOfDetail(detail: DigestedDetail): Buffer {
  const { salt, tokenName, subject, changes, address, device } = detail
  return sha256(arrayOf([salt, ...[tokenName, subject, changes, address, device].map(bytesOfText)]))
}

/** @param position 1 for the first entry of a person. @param previous the digest of the entry before */
export function digestOfEntry(entry: DigestedEntry, position: number, previous: Buffer): Buffer {
  const { userId, id, actorId, action, accountId, at, detailDigest } = entry
  const [user, itself, actor, account] = [userId, id, actorId, accountId].map(bytesOfId)
  const values = [user, itself, actor, bytesOfText(action), account, int64(at.getTime()), detailDigest]
  return sha256(Buffer.concat([previous, int64(position), arrayOf(values)]))
}

const byteaType = 17

/** As PostgreSQL sends an array of bytea: the length stands before each value, or two could be read as one. */
function arrayOf(values: readonly (Buffer | null | undefined)[]): Buffer {
  const hasNull = values.some((value) => !value)
  const head = [1, Number(hasNull), byteaType, values.length, 1].map(int32)
  const elements = values.flatMap((value) => (value ? [int32(value.length), value] : [int32(-1)]))
  return Buffer.concat([...head, ...elements])
}

function bytesOfText(text: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text)
}

function bytesOfId(id: string | null): Buffer | null {
  return id === null ? null : Buffer.from(id.replaceAll('-', ''), 'hex')
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
