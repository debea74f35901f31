import { useQuery } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans } from '@lingui/react/macro'
import { useId } from 'react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import type { Refusal } from '../../app/error-messages.ts'
import { paths } from '../../app/paths.ts'
import { PasswordAgeDocument } from '../../graphql/generated.ts'
import { Callout } from '../../ui/Callout.tsx'
import {
  type PasswordChange,
  PasswordChangeFields,
  noPasswordChange,
} from '../../ui/PasswordChangeFields.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import classes from './UpdateInfoPassword.module.css'

interface UpdateInfoPasswordProps {
  /** Undefined while nobody wants to change it. */
  value: PasswordChange | undefined
  onChange: (value: PasswordChange | undefined) => void
  refusal: Refusal | undefined
  /** Whether saving was tried. */
  tried: boolean
}

/** The password, as a part of the form that opens when it is wanted, since it ends every session. */
export function UpdateInfoPassword({ value, onChange, refusal, tried }: UpdateInfoPasswordProps) {
  const partId = useId()
  return (
    <div className={classes.part}>
      <p>
        <TextButton
          expanded={value !== undefined}
          controls={partId}
          onClick={() => onChange(value ? undefined : noPasswordChange)}
        >
          {value ? <Trans>Keep the password</Trans> : <Trans>Change password…</Trans>}
        </TextButton>
      </p>
      <div id={partId} className={classes.part}>
        {value && <Fields value={value} onChange={onChange} refusal={refusal} tried={tried} />}
      </div>
    </div>
  )
}

function Fields({ value, onChange, refusal, tried }: UpdateInfoPasswordProps & { value: PasswordChange }) {
  const accountLink = useAccountLink()
  // The profile does without, so it is asked for here.
  const { data } = useQuery(PasswordAgeDocument)
  if (data?.me?.passwordChangedAt === null) {
    return (
      <p>
        <Trans>
          You have no password: you sign in through your organisation or with a passkey.{' '}
          <Link to={accountLink(paths.security)}>See Security</Link>
        </Trans>
      </p>
    )
  }
  return (
    <>
      <PasswordChangeFields
        value={value}
        problems={{ current: refusal?.fields['currentPassword'], next: refusal?.fields['newPassword'] }}
        tried={tried}
        maxLength={lengths.password}
        onChange={onChange}
      />
      <Callout tone="warn">
        <Trans>Saving a new password signs you out everywhere, here too.</Trans>
      </Callout>
    </>
  )
}
