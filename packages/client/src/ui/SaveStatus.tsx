import { Trans } from '@lingui/react/macro'
import { Loader } from '@mantine/core'
import { StatusText } from './StatusText.tsx'
import { TextButton } from './TextButton.tsx'
import type { SaveState } from './use-save.ts'
import classes from './SaveStatus.module.css'

/** What became of a change, in the place of the help line; nothing while there is nothing to say. */
export function SaveStatus({ state }: { state: SaveState }) {
  if (state.status === 'idle') return null
  if (state.status === 'saving') {
    return (
      <span className={classes.saving}>
        <Loader size={11} aria-hidden /> <Trans>Saving…</Trans>
      </span>
    )
  }
  if (state.status === 'saved') {
    return (
      <StatusText tone="ok">
        <Trans>Saved</Trans>
      </StatusText>
    )
  }
  const { reason, retry } = state
  return (
    <span className={classes.refused}>
      <Trans>Not saved. {reason}</Trans>{' '}
      <TextButton onClick={retry}>
        <Trans>Try again</Trans>
      </TextButton>
    </span>
  )
}
