import { useLingui } from '@lingui/react/macro'
import { CopyLine } from '../../../ui/CopyLine.tsx'
import type { Connection } from './SsoSection.tsx'
import classes from './ConnectionRow.module.css'

/** What the provider has to know of us, to be copied. */
export function ProviderAddresses({ connection }: { connection: Connection }) {
  const { t } = useLingui()
  const { protocol, redirectUri, entityId, logoutUrl } = connection
  return (
    <div className={classes.addresses}>
      {protocol === 'OIDC' ? (
        <CopyLine label={t`Redirect URI`} text={redirectUri} />
      ) : (
        <>
          {entityId !== null && <CopyLine label={t`Entity ID, and link to our metadata`} text={entityId} />}
          <CopyLine label={t`Assertion consumer service (ACS), by POST`} text={redirectUri} />
          {logoutUrl !== null && <CopyLine label={t`Single logout`} text={logoutUrl} />}
        </>
      )}
    </div>
  )
}
