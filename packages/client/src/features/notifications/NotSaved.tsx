import { Trans } from '@lingui/react/macro'
import { TextButton } from '../../ui/TextButton.tsx'
import { type RefusedChange } from './use-event-preferences.ts'
import classes from './NotSaved.module.css'

/** The refusals of changes of exactly these events, where they were made: at most one for each channel. */
export function NotSaved({
  refused,
  eventTypes,
}: {
  refused: readonly RefusedChange[]
  eventTypes: readonly string[]
}) {
  return refused
    .filter((change) => change.eventTypes.join() === eventTypes.join())
    .map(({ channel, sentence, retry }) => (
      <span key={channel} role="alert" className={classes.refused}>
        <Trans>Not saved: {sentence}</Trans>{' '}
        <TextButton onClick={retry}>
          <Trans>Try again</Trans>
        </TextButton>
      </span>
    ))
}
