import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useSearchParams } from 'react-router'
import { errorMessages } from '../../app/error-messages.ts'
import { paths, signInReturningTo } from '../../app/paths.ts'
import { Callout } from '../../ui/Callout.tsx'

/** On the sign-in page, why one is there after something that ended every session, or after too long a time. */
export function SignedOutNotice() {
  const { i18n } = useLingui()
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
  if (done === 'reset') {
    return (
      <Callout tone="ok">
        <Trans>Your new password is set, and you are signed out everywhere. Sign in with it.</Trans>
      </Callout>
    )
  }
  if (done === 'expired') return <Callout tone="warn">{i18n._(errorMessages.SIGN_IN_EXPIRED)}</Callout>
  return null
}
