import { type ReactNode, lazy, useState } from 'react'
import { type To, useLocation, useOutlet } from 'react-router'
import { useAccountLink } from './current-account.tsx'
import { isInbox, paths } from './paths.ts'

const ProfilePage = lazy(async () => ({ default: (await import('./ProfilePage.tsx')).ProfilePage }))

interface PageUnderInbox {
  page: ReactNode
  /** Where the page is, and closing the inbox leads. */
  pathname: string
  to: To
}

/**
 * The page of the address; while the inbox is open, the page that was there before it, untouched, so
 * that what was typed is still there. A link straight into the inbox has the profile under it.
 */
export function usePageUnderInbox(): PageUnderInbox {
  const outlet = useOutlet()
  const location = useLocation()
  const accountLink = useAccountLink()
  const [before, setBefore] = useState<PageUnderInbox>()

  if (isInbox(location.pathname)) {
    return before ?? { page: <ProfilePage />, pathname: paths.profile, to: accountLink(paths.profile) }
  }
  const { pathname, search } = location
  const here = { page: outlet, pathname, to: { pathname, search } }
  if (before?.page !== outlet || before?.pathname !== pathname) setBefore(here)
  return here
}
