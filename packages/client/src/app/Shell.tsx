import { useQuery } from '@apollo/client/react'
import { permissions } from '@lanyard/contract/permissions'
import { Trans } from '@lingui/react/macro'
import { Suspense, lazy, useEffect, useState } from 'react'
import { ScrollRestoration, useLocation, useNavigate, useParams, useSearchParams } from 'react-router'
import { ShellDocument } from '../graphql/generated.ts'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { TimeFormatProvider } from '../ui/TimeFormat.tsx'
import { BackToSettings } from './BackToSettings.tsx'
import { ConnectionLine } from './ConnectionLine.tsx'
import { CurrentAccountProvider, chooseAccount } from './current-account.tsx'
import { localeForTimes, showLanguage } from './languages.ts'
import { leaveForSignIn } from './leave-for-sign-in.ts'
import { LogOutProvider } from './log-out.tsx'
import { Navigation } from './Navigation.tsx'
import { OutdatedBar } from './OutdatedBar.tsx'
import { isInbox, paths } from './paths.ts'
import { ProvenNotice } from './ProvenNotice.tsx'
import { StepUp } from './StepUp.tsx'
import { TopBar } from './TopBar.tsx'
import { useFocusOnNavigation } from './use-focus-on-navigation.ts'
import { usePageUnderInbox } from './use-page-under-inbox.tsx'
import { useRecordLastVisited } from './use-record-last-visited.ts'
import { useWorkerRequests } from './use-worker-requests.ts'
import { ViewerProvider } from './viewer.tsx'
import classes from './Shell.module.css'

const InboxDrawer = lazy(async () => ({
  default: (await import('../features/notifications/InboxDrawer.tsx')).InboxDrawer,
}))

/** The frame of every page for somebody who is signed in. The route's loader has read its data. */
export function Shell() {
  const { data } = useQuery(ShellDocument)
  const [searchParams] = useSearchParams()
  const viewer = data?.me
  const language = viewer?.language

  useEffect(() => {
    if (language) void showLanguage(language)
  }, [language])

  // Another answer may have told the cache that nobody is signed in any more.
  useEffect(() => {
    if (viewer === null) leaveForSignIn()
  }, [viewer])

  if (!viewer) return null
  const memberships = viewer.accountUsers.map(({ id, account, closed, roles }) => ({
    accountUserId: id,
    account,
    closed,
    // `AccountUser.permissions` is refused where the account is closed, and would take the whole answer with it.
    permissions: viewer.superAdmin ? permissions : roles.flatMap((role) => role.permissions),
  }))
  const current = chooseAccount(memberships, searchParams.get('account'), viewer.lastAccountId)

  return (
    <ViewerProvider viewer={viewer}>
      <CurrentAccountProvider current={current}>
        <TimeFormatProvider timeZone={viewer.timeZone} locale={localeForTimes(viewer.language)}>
          <LogOutProvider>
            <Frame accountId={(!current?.closed && current?.account.id) || null} />
          </LogOutProvider>
        </TimeFormatProvider>
      </CurrentAccountProvider>
    </ViewerProvider>
  )
}

/** @param accountId of the current account; null without one that can be reached */
function Frame({ accountId }: { accountId: string | null }) {
  const { pathname } = useLocation()
  const { id: itemId } = useParams()
  const navigate = useNavigate()
  const under = usePageUnderInbox()
  const inboxOpen = isInbox(pathname)
  // Fetched when it is first opened; kept afterwards, so that it can close as calmly as it opened.
  const [inboxWanted, setInboxWanted] = useState(inboxOpen)
  if (inboxOpen && !inboxWanted) setInboxWanted(true)
  useFocusOnNavigation()
  useRecordLastVisited(accountId)
  useWorkerRequests()

  return (
    <>
      <a className={classes.skip} href="#content">
        <Trans>Skip to the content</Trans>
      </a>
      <TopBar />
      <div className={classes.frame}>
        <Navigation />
        <main id="content" tabIndex={-1} className={classes.content}>
          <OutdatedBar />
          <ConnectionLine />
          <ProvenNotice />
          {under.pathname !== paths.settings && <BackToSettings />}
          <Suspense fallback={<SkeletonRows />}>{under.page}</Suspense>
        </main>
      </div>
      {inboxWanted && (
        <Suspense>
          <InboxDrawer opened={inboxOpen} itemId={itemId} onClose={() => void navigate(under.to)} />
        </Suspense>
      )}
      <StepUp />
      <ScrollRestoration />
    </>
  )
}
