import { Trans } from '@lingui/react/macro'
import { Link, useSearchParams } from 'react-router'
import { Callout } from '../ui/Callout.tsx'
import { useCurrentAccountIfAny } from './current-account.tsx'
import { returnPath } from './paths.ts'
import classes from './SecurityPage.module.css'

/** For whoever an account led to the security page to set up what it asks for: the way back. */
export function WayBackToAccount() {
  const [searchParams] = useSearchParams()
  const accountName = useCurrentAccountIfAny()?.account.name
  const back = returnPath(searchParams.get('return'))
  if (!back || !accountName) return null
  return (
    <div className={classes.notice}>
      <Callout tone="neutral">
        <Trans>
          {accountName} asks for two-factor authentication. Once it is on,{' '}
          <Link to={back}>go back to {accountName}</Link>.
        </Trans>
      </Callout>
    </div>
  )
}
