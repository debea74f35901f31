import { useQuery } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useSearchParams } from 'react-router'
import { errorMessages, isErrorCode } from '../../app/error-messages.ts'
import { SsoRefusalDocument } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'

/** On the sign-in page, why somebody came back from their organisation without being signed in. */
export function SsoFailure() {
  const { t, i18n } = useLingui()
  const [searchParams] = useSearchParams()
  const code = searchParams.get('sso')
  // The server knows whose sign-on it was: an address may have been written by anybody.
  const { data, loading } = useQuery(SsoRefusalDocument, {
    fetchPolicy: 'no-cache',
    skip: !isErrorCode(code),
  })
  const account = data?.ssoRefusal?.accountName
  if (!isErrorCode(code) || loading) return null

  const reason = () => {
    // Nobody typed a password, and an address carries no seconds to wait.
    if (code === 'CREDENTIALS_WRONG') return t`You have no access here. Ask an administrator.`
    if (code === 'RATE_LIMITED') return t`There were too many tries. Wait a few minutes, then try again.`
    return i18n._(errorMessages[code])
  }
  return (
    <div role="alert">
      <Callout tone="danger">
        {account ? (
          <Trans>
            You are not signed in through <strong>{account}</strong>.
          </Trans>
        ) : (
          <Trans>You are not signed in through your organisation.</Trans>
        )}{' '}
        {reason()}
      </Callout>
    </div>
  )
}
