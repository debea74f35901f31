import { expect, test } from 'vitest'
import { MailDomains, type MailResolver } from './mail-domains.ts'

type Zone = Partial<{ mx: string[] | string; a: string[] | string; aaaa: string[] | string }>

/** What DNS knows of one domain: records, or the code of an error; nothing = there are none. */
function resolverOf({ mx = 'ENODATA', a = 'ENODATA', aaaa = 'ENODATA' }: Zone): MailResolver {
  const answer = async (records: string[] | string) => {
    if (typeof records === 'string') throw Object.assign(new Error(`query ${records}`), { code: records })
    return records
  }
  return {
    resolveMx: async () => (await answer(mx)).map((exchange) => ({ exchange })),
    resolve4: () => answer(a),
    resolve6: () => answer(aaaa),
  }
}

test.each<[string, Zone, string]>([
  ['a mail server', { mx: ['mx.example.com'] }, 'YES'],
  ['an address of its own', { a: ['192.0.2.1'] }, 'YES'],
  ['an address of version 6', { aaaa: ['2001:db8::1'], a: 'ETIMEOUT' }, 'YES'],
  ['a null MX, whatever else there is', { mx: [''], a: ['192.0.2.1'] }, 'NO'],
  ['a null MX as it is written', { mx: ['.'] }, 'NO'],
  ['nothing', { mx: 'ENOTFOUND', a: 'ENOTFOUND', aaaa: 'ENOTFOUND' }, 'NO'],
  ['nothing for mail', {}, 'NO'],
  ['no answer in time', { mx: 'ETIMEOUT' }, 'NOT_ANSWERED'],
  ['a server that fails', { mx: 'ESERVFAIL', a: ['192.0.2.1'] }, 'NOT_ANSWERED'],
  ['an answer to half of the question', { a: 'ETIMEOUT' }, 'NOT_ANSWERED'],
])('of a domain with %s, DNS tells whether it takes mail', async (_what, zone, expected) => {
  expect(await new MailDomains(resolverOf(zone)).takesMail('example.com')).toBe(expected)
})

test('a server that sends no mail asks nobody', async () => {
  expect(await new MailDomains(null).takesMail('example.com')).toBe('NOT_ASKED')
})
