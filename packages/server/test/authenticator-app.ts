import { createHmac } from 'node:crypto'
import { decodeBase32 } from '../src/lib/base32.ts'

/** What an authenticator app shows at a time, by RFC 4226 and RFC 6238 alone: nothing of the server's is used. */
export function codeAt(secret: string, at: Date, stepsAway = 0): string {
  return codeOf(decodeBase32(secret), Math.floor(at.getTime() / 30_000) + stepsAway, 6)
}

export function codeOf(key: Buffer, step: number, digits: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** Six digits that are the code of none of the steps that count. */
export function wrongCode(secret: string, at: Date): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, at, steps))
  let code = 0
  while (right.includes(String(code).padStart(6, '0'))) code++
  return String(code).padStart(6, '0')
}
