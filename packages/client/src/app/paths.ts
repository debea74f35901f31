/** Why somebody is led to sign in, to be said where they arrive: what ended their session, or their attempt. */
export type LedBy = 'password' | 'lock' | 'reset' | 'expired'

/** Every link of the page. A path is built here or nowhere. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  /** Sign-in, which says what led there. */
  signInAfter: (done: LedBy) => `/sign-in?done=${done}`,
  secondFactor: '/sign-in/second-factor',
  organisation: '/sign-in/organisation',
  /** The organisation's own sign-in begins there: no page, but a route of the server. */
  ssoUnder: (signInName: string) => `/sso/${encodeURIComponent(signInName)}`,
  forgotPassword: '/forgot-password',
  resetPassword: '/reset-password',
  inbox: '/inbox',
  notification: (id: string) => `/inbox/${id}`,
  settings: '/settings',
  profile: '/settings/profile',
  contacts: '/settings/contacts',
  /** What was sent to one of the person's addresses, or to all. */
  deliveries: (addressId?: string) =>
    `/settings/contacts/deliveries${addressId ? `?address=${encodeURIComponent(addressId)}` : ''}`,
  security: '/settings/security',
  activity: '/settings/activity',
  notifications: '/settings/notifications',
  tokens: '/settings/tokens',
  /** Who belongs to an account, and the way out of it. */
  members: '/settings/members',
  /** How the people of an account sign in to it; for those who manage it. */
  signInSettings: '/settings/sign-in',
} as const

/** The inbox lies over the page it was opened from, and is not one itself. */
export function isInbox(path: string): boolean {
  return path === paths.inbox || path.startsWith(`${paths.inbox}/`)
}

/** The same path with the account it is about. */
export function inAccount(path: string, accountId: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}account=${encodeURIComponent(accountId)}`
}

/** Contacts, to add or prove an address and come back to `path`. */
export function contactsReturningTo(path: string): string {
  return `${paths.contacts}?return=${encodeURIComponent(path)}`
}

/** The security page, to set up what an account asks for and come back to `path` in it. */
export function securityReturningTo(path: string): string {
  return `${paths.security}?return=${encodeURIComponent(path)}`
}

/** Proof through an organisation, from `ssoUrl` of the server, that leads back to `path`. */
export function proofThroughSso(ssoUrl: string, path: string): string {
  const { pathname, searchParams } = new URL(ssoUrl, 'https://lanyard.invalid')
  searchParams.set('purpose', 'STEP_UP')
  searchParams.set('next', path)
  return `${pathname}?${searchParams.toString()}`
}

/**
 * Sign-in that leads back to `path` and `hash` afterwards. The hash stays one: it may be the code of a mail, which no
 * server and no log is to see.
 */
export function signInReturningTo(path: string, hash = ''): string {
  return path === paths.home ? paths.signIn : `${paths.signIn}?next=${encodeURIComponent(path)}${hash}`
}

/** Another page of signing in, which leads to the same place in the end as the one at `search` and `hash`. */
export function continuingSignIn(path: string, { search, hash }: { search: string; hash: string }): string {
  const next = new URLSearchParams(search).get('next')
  if (next === null) return path
  return `${path}${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}${hash}`
}

/**
 * Signing in through an organisation that leads to `next` in the end. What follows "#" is left out: another site comes
 * in between, and servers on the way.
 * @param ssoUrl as the server gives it
 */
export function signInThroughSso(ssoUrl: string, next: string | null): string {
  const path = returnPath(next)?.split('#')[0]
  return path ? `${ssoUrl}?next=${encodeURIComponent(path)}` : ssoUrl
}

/**
 * Where sign-in may lead: a path of this server only, never another site. A browser reads `//host`, `/\host` and tabs
 * inside as ways to another one, and so does the URL parser; `/..//host` becomes one once it is cleaned up.
 * @param hash that of the sign-in page, for a path that has none
 */
export function returnPath(next: string | null, hash = ''): string | undefined {
  const origin = 'https://lanyard.invalid'
  if (!next?.startsWith('/') || !URL.canParse(next, origin)) return undefined
  const url = new URL(next, origin)
  if (url.origin !== origin || url.username || url.pathname.startsWith('//')) return undefined
  const isSignIn = url.pathname === paths.signIn || url.pathname.startsWith(`${paths.signIn}/`)
  return isSignIn ? undefined : url.pathname + url.search + (url.hash || hash)
}
