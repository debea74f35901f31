import { Trans } from '@lingui/react/macro'
import { Link, useSearchParams } from 'react-router'
import { paths, signInReturningTo } from '../../app/paths.ts'
import { Callout } from '../../ui/Callout.tsx'

/** On the sign-in page, why one is there after something that ended every session. */
export function SignedOutNotice() {
  const [searchParams] = useSearchParams()
  const done = searchParams.get('done')
  if (done === 'password') {
    return (
      <Callout tone="ok">
        <Trans>
          Your password is changed, and you are signed out everywhere. Sign in with the new one. Access
          tokens go on working:{' '}
          <Link to={signInReturningTo(paths.tokens)}>sign in to look through them</Link>.
        </Trans>
      </Callout>
    )
  }
  if (done === 'lock') {
    return (
      <Callout tone="ok">
        <Trans>
          Everything is locked. A link for a new password is in your mail; with it you sign in again.
        </Trans>
      </Callout>
    )
  }
  return null
}
