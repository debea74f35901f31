import { Trans } from '@lingui/react/macro'
import { AbsoluteTime } from '../../../ui/AbsoluteTime.tsx'
import { StatusText } from '../../../ui/StatusText.tsx'
import { useNow } from '../../../ui/use-now.ts'
import { certificateState } from './certificate-state.ts'
import type { Connection } from './SsoSection.tsx'
import classes from './ConnectionRow.module.css'

/** A certificate that the provider signs with, and how long it is good for. */
export function CertificateLine({ certificate }: { certificate: Connection['certificates'][number] }) {
  const now = useNow()
  const { subject, expiresAt, fingerprint } = certificate
  const state = certificateState(new Date(expiresAt), now)
  const date = <AbsoluteTime at={expiresAt} only="date" />

  return (
    <li className={classes.certificate}>
      <span>{subject}</span>
      {state === 'valid' && (
        <span>
          <Trans>valid until {date}</Trans>
        </span>
      )}
      {state === 'ending' && (
        <StatusText tone="warn">
          <Trans>Valid until {date} only. Take the provider’s new one over before.</Trans>
        </StatusText>
      )}
      {state === 'over' && (
        <StatusText tone="danger">
          <Trans>Expired on {date}. What it signs is refused.</Trans>
        </StatusText>
      )}
      <span className={classes.fingerprint}>SHA-256 {fingerprint}</span>
    </li>
  )
}
