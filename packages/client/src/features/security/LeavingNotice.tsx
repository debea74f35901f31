import { Trans } from '@lingui/react/macro'
import { Callout } from '../../ui/Callout.tsx'

/** While the browser is on its way to the sign-in of an organisation. */
export function LeavingNotice() {
  return (
    <div aria-live="polite">
      <Callout tone="neutral">
        <Trans>You sign in through your organisation. Its own page follows.</Trans>
      </Callout>
    </div>
  )
}
