import { Account } from '../../accounts/account.entity.ts'
import type { Context } from '../../context.ts'
import type { SealingKeys } from '../../sealing-keys.ts'

/** How long the page may still say through which account somebody is not signed in. */
const refusalSeconds = 600

const binding = 'cookie:sso_refusal'

/**
 * Remembers, in the browser it happened in, through which account nobody was signed in. The page does not take it from
 * its address, where anybody could write any name; sealed, it is not a way to ask for the names of accounts either.
 */
export function rememberRefusal(
  { cookies, sealing }: Pick<Context, 'cookies' | 'sealing'>,
  accountId: string | null,
): void {
  const sealed = accountId === null ? null : sealing.seal(accountId, binding).toString('base64url')
  cookies?.refuseSso(sealed, refusalSeconds)
}

/** The account through which this browser was refused last; null when there is none. */
export async function findRefusingAccount({
  em,
  cookies,
  sealing,
}: Pick<Context, 'em' | 'cookies' | 'sealing'>): Promise<Account | null> {
  const id = cookies?.ssoRefusal === undefined ? null : opened(sealing, cookies.ssoRefusal)
  return id === null ? null : em.findOne(Account, { id })
}

function opened(sealing: SealingKeys, text: string): string | null {
  try {
    return sealing.open(Buffer.from(text, 'base64url'), binding)
  } catch {
    return null
  }
}
