import { type ReactNode, createContext, use } from 'react'

/** One of the accounts the person belongs to. */
export interface Membership {
  accountUserId: string
  account: { id: string; name: string }
}

export interface CurrentAccount extends Membership {
  /** All of them, by name; the current one is among them. */
  memberships: Membership[]
}

const CurrentAccountContext = createContext<CurrentAccount | undefined>(undefined)

export function CurrentAccountProvider({
  current,
  children,
}: {
  current: CurrentAccount
  children: ReactNode
}) {
  return <CurrentAccountContext value={current}>{children}</CurrentAccountContext>
}

/** The account the settings "in this account" are about. The shell shows no page without one. */
export function useCurrentAccount(): CurrentAccount {
  const current = use(CurrentAccountContext)
  if (!current) throw new Error('No account is chosen outside the shell.')
  return current
}

/** The account of the address, else the one used last, else the first; undefined for a person in none. */
export function chooseAccount(
  memberships: Membership[],
  requestedId: string | null,
  lastAccountId: string | null,
): CurrentAccount | undefined {
  const byId = (id: string | null) => memberships.find(({ account }) => account.id === id)
  const chosen = byId(requestedId) ?? byId(lastAccountId) ?? memberships[0]
  return chosen && { ...chosen, memberships }
}
