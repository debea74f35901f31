import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useCopy } from './use-copy.ts'
import classes from './CopyLine.module.css'

/** Something that is entered elsewhere: what it is, the text itself, and a button that copies it. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const { t } = useLingui()
  const { state, copy } = useCopy()
  return (
    <div className={classes.line}>
      <div className={classes.about}>
        <span className={classes.label}>{label}</span>
        <code className={classes.text}>{text}</code>
        {state === 'failed' && (
          <span role="alert" className={classes.failed}>
            <Trans>The browser did not copy it. Select the text and copy it yourself.</Trans>
          </span>
        )}
      </div>
      <Button
        variant="default"
        size="xs"
        aria-label={state === 'copied' ? t`${label}: copied` : t`Copy: ${label}`}
        leftSection={
          state === 'copied' ? (
            <IconCheck aria-hidden size={15} stroke={1.7} />
          ) : (
            <IconCopy aria-hidden size={15} stroke={1.7} />
          )
        }
        onClick={() => copy(text)}
      >
        {state === 'copied' ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
      </Button>
    </div>
  )
}
