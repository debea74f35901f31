import { Trans } from '@lingui/react/macro'
import { TextButton } from '../../ui/TextButton.tsx'
import { type RefusedChange } from './use-in-app-preferences.ts'
import classes from './NotSaved.module.css'

/** The refusal of a change of exactly these events, where it was made. */
export function NotSaved({
  refused,
  eventTypes,
}: {
  refused: readonly RefusedChange[]
  eventTypes: readonly string[]
}) {
  const refusal = refused.find((change) => change.eventTypes.join() === eventTypes.join())
  if (!refusal) return null
  const { sentence, retry } = refusal
  return (
    <span role="alert" className={classes.refused}>
      <Trans>Not saved: {sentence}</Trans>{' '}
      <TextButton onClick={retry}>
        <Trans>Try again</Trans>
      </TextButton>
    </span>
  )
}
