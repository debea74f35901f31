import { useApolloClient } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { Card } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PageHead } from '../ui/PageHead.tsx'
import { useOnReturn } from '../ui/use-on-return.ts'
import type { Closing } from './current-account.tsx'
import { inAccount, securityReturningTo, signInThroughSso } from './paths.ts'
import { readClosings } from './read-closings.ts'
import { askForProof } from './step-up.ts'

interface ClosedAccountProps {
  accountId: string
  accountName: string
  closing: Closing
  /** Whether a page waits behind it as it was, which leaving would lose. */
  keepsPage: boolean
}

/** In the place of every page of an account that this session does not reach: what it asks for, and the way there. */
export function ClosedAccount({ accountId, accountName, closing, keepsPage }: ClosedAccountProps) {
  const { t } = useLingui()
  const { reason, ssoUrl } = closing
  const { pathname } = useLocation()
  const here = inAccount(pathname, accountId)
  const newTab = keepsPage && { target: '_blank', rel: 'noopener' }
  const staysHere = keepsPage && (
    <Trans>It opens in a new tab. What you typed here stays, and this page opens again by itself.</Trans>
  )
  useReadOnReturn()

  const asksForSso = reason === 'SSO_REQUIRED'
  const client = useApolloClient()
  const prove = async () => {
    if (await askForProof()) readClosings(client)
  }
  if (reason === 'STEP_UP_REQUIRED') {
    return (
      <div role={keepsPage ? 'alert' : undefined}>
        <PageHead title={t`Closed`} scope={{ accountName }} />
        <Card>
          <EmptyState
            icon={<IconLock size={24} stroke={1.7} />}
            title={t`${accountName} asks you yourself`}
            help={
              <Trans>
                You came in through the sign-in of another account, which does not speak for this one.
                Confirm that it is you, and this page opens.
              </Trans>
            }
            action={
              <Button onClick={() => void prove()}>
                <Trans>Confirm that it is you</Trans>
              </Button>
            }
          />
        </Card>
      </div>
    )
  }
  return (
    <div role={keepsPage ? 'alert' : undefined}>
      <PageHead title={t`Closed`} scope={{ accountName }} />
      <Card>
        <EmptyState
          icon={<IconLock size={24} stroke={1.7} />}
          title={
            asksForSso
              ? t`${accountName} asks for its own sign-in`
              : t`${accountName} asks for two-factor authentication`
          }
          help={
            <>
              {asksForSso ? (
                <Trans>You come back to this page afterwards.</Trans>
              ) : (
                <Trans>Set it up once, and this page opens. Your other accounts stay as they are.</Trans>
              )}{' '}
              {staysHere}
            </>
          }
          action={
            asksForSso ? (
              ssoUrl !== null && (
                <Button component="a" href={signInThroughSso(ssoUrl, here)} {...newTab}>
                  <Trans>Sign in through {accountName}</Trans>
                </Button>
              )
            ) : (
              <Button component={Link} to={inAccount(securityReturningTo(here), accountId)} {...newTab}>
                <Trans>Set up two-factor authentication</Trans>
              </Button>
            )
          }
        />
      </Card>
    </div>
  )
}

/** Whoever comes here from the way in, in this tab or another, finds the account open without loading the page anew. */
function useReadOnReturn(): void {
  const client = useApolloClient()
  useEffect(() => readClosings(client), [client])
  useOnReturn(() => readClosings(client))
}
