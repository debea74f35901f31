import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useRouteError } from 'react-router'
import { Logo } from '../ui/Logo.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { useRefusal } from './error-messages.ts'
import classes from './ErrorPage.module.css'

/** When a whole page could not be shown: the server did not answer, or the page itself failed. */
export function ErrorPage() {
  const { t } = useLingui()
  const { sentence, requestId } = useRefusal(useRouteError()) ?? {}
  usePageTitle(t`Not available`)

  return (
    <main className={classes.page}>
      <Logo size={40} />
      <h1>
        <Trans>This page could not be shown</Trans>
      </h1>
      <p>
        {sentence} {requestId && <Trans>Request {requestId}.</Trans>}
      </p>
      <Button onClick={() => location.reload()}>
        <Trans>Try again</Trans>
      </Button>
    </main>
  )
}
