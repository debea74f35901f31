import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useRouteError } from 'react-router'
import { Logo } from '../ui/Logo.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { useRefusal } from './error-messages.ts'
import { PageNotLoaded } from './page-not-loaded.ts'
import classes from './ErrorPage.module.css'

/** When a whole page could not be shown: its data did not come, or the page itself failed. */
export function ErrorPage() {
  const { t } = useLingui()
  const error = useRouteError()
  const refusal = useRefusal(error instanceof PageNotLoaded ? error.cause : undefined)
  const requestId = refusal?.requestId
  usePageTitle(t`Not available`)

  return (
    <main className={classes.page}>
      <Logo size={40} />
      <h1>
        <Trans>This page could not be shown</Trans>
      </h1>
      <p>
        {refusal?.sentence ?? <Trans>The page failed. Load it again.</Trans>}{' '}
        {requestId && <Trans>Request {requestId}.</Trans>}
      </p>
      <Button onClick={() => location.reload()}>
        <Trans>Try again</Trans>
      </Button>
    </main>
  )
}
