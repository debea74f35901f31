import { Trans } from '@lingui/react/macro'
import { useLocation } from 'react-router'
import { Callout } from '../ui/Callout.tsx'
import classes from './ProvenNotice.module.css'

/** On the page somebody left to prove an address, once they are back: that it is done. */
export function ProvenNotice() {
  // Whatever led here may have put anything there, and an older build of the page too.
  const { state }: { state: unknown } = useLocation()
  const proven = typeof state === 'object' && state !== null && 'proven' in state ? state.proven : undefined
  if (proven !== 'EMAIL' && proven !== 'PHONE') return null
  return (
    <div className={classes.notice}>
      <Callout tone="ok">
        {proven === 'PHONE' ? <Trans>Phone verified successfully</Trans> : <Trans>Email proven</Trans>}
      </Callout>
    </div>
  )
}
