import { Trans } from '@lingui/react/macro'
import { Loader } from '@mantine/core'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { StatusText } from '../../ui/StatusText.tsx'
import classes from './SavedAt.module.css'

/** The one status of a page whose parts save by themselves: "Saved 03:12". It keeps its room. */
export function SavedAt({ saving, savedAt }: { saving: boolean; savedAt: Date | undefined }) {
  return (
    <span className={classes.status}>
      {saving ? (
        <>
          <Loader size={11} aria-hidden /> <Trans>Saving…</Trans>
        </>
      ) : (
        savedAt && (
          <StatusText tone="ok">
            <Trans>
              Saved <AbsoluteTime at={savedAt.toISOString()} only="time" />
            </Trans>
          </StatusText>
        )
      )}
    </span>
  )
}
