import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { Pill } from '../../../ui/Pill.tsx'
import { StatusText } from '../../../ui/StatusText.tsx'
import { TextButton } from '../../../ui/TextButton.tsx'
import { CertificateLine } from './CertificateLine.tsx'
import { ProviderAddresses } from './ProviderAddresses.tsx'
import type { Connection, ConnectionAct } from './SsoSection.tsx'
import classes from './ConnectionRow.module.css'

interface ConnectionRowProps {
  connection: Connection
  /** Whether what the provider has to know is open from the start, as for one that was just added. */
  showsAddresses: boolean
  onAct: (act: ConnectionAct) => void
}

/** One identity provider: how things stand with it, what it has to know of us, and what can be done with it. */
export function ConnectionRow({ connection, showsAddresses, onAct }: ConnectionRowProps) {
  const { t } = useLingui()
  const [addressesShown, setAddressesShown] = useState(showsAddresses)
  const addressesId = useId()
  const reasonId = useId()
  const { name, protocol, active, testedAt, issuer, certificates, testUrl } = connection
  const isUntested = !active && testedAt === null

  return (
    <li className={classes.row}>
      <div className={classes.head}>
        <span className={classes.name}>{name}</span>
        <Pill>{protocol === 'OIDC' ? 'OpenID Connect' : 'SAML'}</Pill>
        <ConnectionState connection={connection} />
      </div>
      <p className={classes.issuer}>{issuer}</p>
      {certificates.length > 0 && (
        <ul className={classes.certificates} aria-label={t`Certificates of ${name}`}>
          {certificates.map((certificate) => (
            <CertificateLine key={certificate.fingerprint} certificate={certificate} />
          ))}
        </ul>
      )}
      <p>
        <TextButton
          expanded={addressesShown}
          controls={addressesId}
          onClick={() => setAddressesShown(!addressesShown)}
        >
          <Trans>What to enter at the provider</Trans>
        </TextButton>
      </p>
      <div id={addressesId}>{addressesShown && <ProviderAddresses connection={connection} />}</div>
      <div className={classes.actions}>
        <Button
          component="a"
          variant="default"
          size="xs"
          href={testUrl}
          target="_blank"
          rel="noopener"
          aria-label={t`Test ${name} in a new tab`}
          rightSection={<IconExternalLink aria-hidden size={15} stroke={1.7} />}
        >
          <Trans>Test…</Trans>
        </Button>
        {active ? (
          <Button
            variant="default"
            size="xs"
            aria-label={t`Disable ${name}`}
            onClick={() => onAct('disable')}
          >
            <Trans>Disable…</Trans>
          </Button>
        ) : (
          <Button
            variant="default"
            size="xs"
            aria-label={t`Enable ${name}`}
            aria-describedby={isUntested ? reasonId : undefined}
            disabled={isUntested}
            onClick={() => onAct('enable')}
          >
            <Trans>Enable…</Trans>
          </Button>
        )}
        <Button variant="default" size="xs" aria-label={t`Edit ${name}`} onClick={() => onAct('edit')}>
          <Trans>Edit…</Trans>
        </Button>
        <Button
          variant="default"
          size="xs"
          color="red"
          aria-label={t`Delete ${name}`}
          aria-describedby={active ? reasonId : undefined}
          disabled={active}
          onClick={() => onAct('delete')}
        >
          <Trans>Delete…</Trans>
        </Button>
      </div>
      {(isUntested || active) && (
        <p id={reasonId} className={classes.reason}>
          {active ? (
            <Trans>It can be deleted once it is disabled.</Trans>
          ) : (
            <Trans>It can be enabled once it was tested as it is now.</Trans>
          )}
        </p>
      )}
    </li>
  )
}

function ConnectionState({ connection: { active, testedAt } }: { connection: Connection }) {
  if (active) {
    return (
      <StatusText tone="ok">
        <Trans>Enabled: members come through it</Trans>
      </StatusText>
    )
  }
  if (testedAt === null) {
    return (
      <StatusText tone="warn">
        <Trans>Not tested as it is now</Trans>
      </StatusText>
    )
  }
  return (
    <StatusText tone="waiting">
      <Trans>Tested, not enabled</Trans>
    </StatusText>
  )
}
