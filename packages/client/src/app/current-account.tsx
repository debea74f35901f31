import { type ReactNode, createContext, use } from 'react'
import { inAccount } from './paths.ts'

/** One of the accounts the person belongs to. */
export interface Membership {
  accountUserId: string
  account: { id: string; name: string }
  /** Why this session does not reach the account; null when it does. */
  closed: Closing | null
  /** What the person's roles allow there. */
  permissions: readonly string[]
}

export interface Closing {
  reason: 'SSO_REQUIRED' | 'TWO_FACTOR_REQUIRED' | 'STEP_UP_REQUIRED'
  /** Where a browser comes through the account's own sign-in; null where that opens nothing. */
  ssoUrl: string | null
}

export interface CurrentAccount extends Membership {
  /** All of them, by name; the current one is among them. */
  memberships: Membership[]
}

const CurrentAccountContext = createContext<CurrentAccount | undefined>(undefined)

export function CurrentAccountProvider(props: {
  current: CurrentAccount | undefined
  children: ReactNode
}) {
  return <CurrentAccountContext value={props.current}>{props.children}</CurrentAccountContext>
}

/** Undefined for a person who belongs to no account (yet). */
export function useCurrentAccountIfAny(): CurrentAccount | undefined {
  return use(CurrentAccountContext)
}

/** The account a page "in this account" is about. Such a page is not shown without one. */
export function useCurrentAccount(): CurrentAccount {
  const current = useCurrentAccountIfAny()
  if (!current) throw new Error('This page needs an account.')
  return current
}

/** Adds the current account to a path, so that a link, copied, leads to the same settings. */
export function useAccountLink(): (path: string) => string {
  const current = useCurrentAccountIfAny()
  return (path) => (current ? inAccount(path, current.account.id) : path)
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
