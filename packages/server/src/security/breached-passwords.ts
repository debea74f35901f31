import { createHash } from 'node:crypto'

import type { OutboundHttp } from '../lib/outbound-http.ts'

/** Pwned Passwords, which needs no key. Source: haveibeenpwned.com/API/v3, "Searching by range". */
export const pwnedPasswords = new URL('https://api.pwnedpasswords.com')

const prefixLength = 5

/**
 * Whether a password stands in a collection of stolen ones. Only the first five digits of its SHA-1 leave the house, as
 * hundreds of others share them, and answers are padded so that their length says nothing.
 * @returns undefined when the service did not answer, or not as it should
 */
export async function isBreached(
  http: OutboundHttp,
  service: URL,
  password: string,
): Promise<boolean | undefined> {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
  const answer = await http.request({
    url: new URL(`/range/${hash.slice(0, prefixLength)}`, service),
    headers: { 'add-padding': 'true' },
  })
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined
  const rest = hash.slice(prefixLength)
  return answer.body.split('\n').some((line) => {
    const [suffix = '', count = ''] = line.trim().split(':')
    // Padding has the count 0.
    return suffix.toUpperCase() === rest && Number(count) > 0
  })
}
