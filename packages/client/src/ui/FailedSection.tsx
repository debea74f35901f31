import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Card } from './Card.tsx'
import classes from './FailedSection.module.css'

interface FailedSectionProps {
  /** As "Activity could not be loaded". */
  title: string
  /** What went wrong, in a sentence. */
  reason: string
  /** The number under which the server's log knows the failure, when it gave one. */
  requestId?: string | undefined
  onRetry: () => void
}

/** In the place of a card that could not be loaded; the rest of the page works on. */
export function FailedSection({ title, reason, requestId, onRetry }: FailedSectionProps) {
  return (
    <Card>
      <div role="alert" className={classes.failed}>
        <p className={classes.title}>{title}</p>
        <p className={classes.reason}>
          {reason} {requestId && <Trans>Request {requestId}.</Trans>}
        </p>
        <Button
          variant="default"
          leftSection={<IconRefresh aria-hidden size={16} stroke={1.7} />}
          onClick={onRetry}
        >
          <Trans>Try again</Trans>
        </Button>
      </div>
    </Card>
  )
}
