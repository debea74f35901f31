/** Every link of the page. A path is built here or nowhere. */
export const paths = {
  home: '/',
  signIn: '/sign-in',
  inbox: '/inbox',
  notification: (id: string) => `/inbox/${id}`,
  settings: '/settings',
  profile: '/settings/profile',
  activity: '/settings/activity',
  notifications: '/settings/notifications',
  tokens: '/settings/tokens',
} as const

/** The inbox lies over the page it was opened from, and is not one itself. */
export function isInbox(path: string): boolean {
  return path === paths.inbox || path.startsWith(`${paths.inbox}/`)
}

/** The same path with the account it is about. */
export function inAccount(path: string, accountId: string): string {
  return `${path}?account=${encodeURIComponent(accountId)}`
}

/** Sign-in that leads back to `path` afterwards. */
export function signInReturningTo(path: string): string {
  return path === paths.home ? paths.signIn : `${paths.signIn}?next=${encodeURIComponent(path)}`
}

/** Where sign-in may lead: a path of this server only, never another site. */
export function returnPath(next: string | null): string | undefined {
  if (!next?.startsWith('/') || /^\/[/\\]/.test(next)) return undefined
  const { host, pathname } = new URL(next, 'https://lanyard.invalid')
  // What is left of dots and slashes may begin with two of the latter, and would be a host to the next who reads it.
  const isOurs = host === 'lanyard.invalid' && !pathname.startsWith('//')
  return isOurs && pathname !== paths.signIn ? next : undefined
}
