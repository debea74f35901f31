import { Resolver } from 'node:dns/promises'

/** The questions to DNS; the network edge, which a test stands in for. */
export interface MailResolver {
  resolveMx(domain: string): Promise<{ exchange: string }[]>
  resolve4(domain: string): Promise<string[]>
  resolve6(domain: string): Promise<string[]>
}

/** NOT_ANSWERED: not in time, or not to the point. NOT_ASKED: this server sends no mail. */
export type MailAcceptance = 'YES' | 'NO' | 'NOT_ANSWERED' | 'NOT_ASKED'

/** Answers that say that there is none; everything else says nothing. */
const absent = new Set(['ENOTFOUND', 'ENODATA'])

const timeoutMilliseconds = 2000

export function systemResolver(): MailResolver {
  return new Resolver({ timeout: timeoutMilliseconds, tries: 1 })
}

/** Whether the domains of addresses take mail at all. */
export class MailDomains {
  readonly #resolver: MailResolver | null

  /** @param resolver null where no mail leaves the house: then nobody is asked, and no domain is refused */
  constructor(resolver: MailResolver | null) {
    this.#resolver = resolver
  }

  /** By its MX, else by an address of its own (RFC 5321, 5.1); a null MX says that it takes none (RFC 7505). */
  async takesMail(domain: string): Promise<MailAcceptance> {
    if (!this.#resolver) return 'NOT_ASKED'
    const exchanges = await answerOf(this.#resolver.resolveMx(domain))
    if (exchanges === 'NOT_ANSWERED') return 'NOT_ANSWERED'
    if (exchanges.length > 0) {
      return exchanges.every(({ exchange }) => exchange === '' || exchange === '.') ? 'NO' : 'YES'
    }

    const [four, six] = await Promise.all([
      answerOf(this.#resolver.resolve4(domain)),
      answerOf(this.#resolver.resolve6(domain)),
    ])
    if (four.length > 0 && four !== 'NOT_ANSWERED') return 'YES'
    if (six.length > 0 && six !== 'NOT_ANSWERED') return 'YES'
    return four === 'NOT_ANSWERED' || six === 'NOT_ANSWERED' ? 'NOT_ANSWERED' : 'NO'
  }
}

/** What was found; empty when there is none. */
async function answerOf<Found>(question: Promise<Found[]>): Promise<Found[] | 'NOT_ANSWERED'> {
  try {
    return await question
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return absent.has(code) ? [] : 'NOT_ANSWERED'
  }
}
