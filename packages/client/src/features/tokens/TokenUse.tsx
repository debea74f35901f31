import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { TextButton } from '../../ui/TextButton.tsx'
import { publishEventExample } from './publish-event-example.ts'
import { useCopy } from '../../ui/use-copy.ts'
import classes from './TokenUse.module.css'

/** How a program sends a token, with a command to copy. */
export function TokenUse({ accountId, username }: { accountId: string; username: string }) {
  const [shown, setShown] = useState(false)
  const exampleId = useId()

  return (
    <div className={classes.use}>
      <p>
        <Trans>
          Send a token as <code className={classes.code}>Authorization: Bearer …</code> to{' '}
          <code>/graphql</code>.
        </Trans>{' '}
        <TextButton expanded={shown} controls={exampleId} onClick={() => setShown(!shown)}>
          <Trans>Example to copy</Trans>
        </TextButton>
      </p>
      <div id={exampleId}>{shown && <Example accountId={accountId} username={username} />}</div>
    </div>
  )
}

function Example({ accountId, username }: { accountId: string; username: string }) {
  const { state, copy } = useCopy()
  const command = publishEventExample({ origin: location.origin, accountId, recipient: username })

  return (
    <>
      <p className={classes.help}>
        <Trans>Puts a notification into your own inbox. The token must be one that may write.</Trans>
      </p>
      <div className={classes.example}>
        <pre className={classes.command}>
          <code>{command}</code>
        </pre>
        <Button
          variant="default"
          size="xs"
          className={classes.copy}
          leftSection={
            state === 'copied' ? (
              <IconCheck aria-hidden size={15} stroke={1.7} />
            ) : (
              <IconCopy aria-hidden size={15} stroke={1.7} />
            )
          }
          onClick={() => copy(command)}
        >
          {state === 'copied' ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
      </div>
      {state === 'failed' && (
        <p role="alert" className={classes.failed}>
          <Trans>The browser did not copy it. Select the text and copy it yourself.</Trans>
        </p>
      )}
    </>
  )
}
