import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { Suspense, lazy, useRef, useState } from 'react'
import {
  type TwoFactorSection_UserFragment,
  TwoFactorSection_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Callout } from '../../ui/Callout.tsx'
import { Card } from '../../ui/Card.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { SettingsSection } from '../../ui/SettingsSection.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { StatusText } from '../../ui/StatusText.tsx'
import { NewRecoveryCodes } from './NewRecoveryCodes.tsx'
import { TurnOffTwoFactorDialog } from './TurnOffTwoFactorDialog.tsx'
import { useTwoFactorSetup } from './use-two-factor-setup.ts'
import classes from './TwoFactorSection.module.css'

// With the QR code, which few visits need.
const TwoFactorSetup = lazy(async () => ({
  default: (await import('./TwoFactorSetup.tsx')).TwoFactorSetup,
}))

/** From this number on the codes are about to run out. */
const fewCodes = 3

type TwoFactor = TwoFactorSection_UserFragment['twoFactor']

/** A code on top of the password: setting it up, and what is there once it is on. */
export function TwoFactorSection(props: { user: FragmentType<TwoFactorSection_UserFragment> }) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const { data: user } = useSuspenseFragment({
    fragment: TwoFactorSection_UserFragmentDoc,
    from: props.user,
  })
  const { setup, starting, refusal, start, confirm, end } = useTwoFactorSetup()
  const [notice, setNotice] = useState<string>()
  const { twoFactor, username } = user

  const confirmWith = async (code: string) => {
    const refused = await confirm(code)
    if (!refused) setNotice(t`Two-factor authentication was enabled successfully`)
    return refused
  }
  const card = () => {
    if (setup) {
      return (
        <Suspense fallback={<SkeletonRows />}>
          <TwoFactorSetup setup={setup} username={username} onConfirm={confirmWith} onCancel={end} />
        </Suspense>
      )
    }
    if (twoFactor.enabled) {
      return (
        <TwoFactorOn
          username={username}
          twoFactor={twoFactor}
          onTurnedOff={() => {
            setNotice(undefined)
            announce(t`Two-factor authentication is off.`)
          }}
        />
      )
    }
    return (
      <TwoFactorOff
        twoFactor={twoFactor}
        hasPassword={user.passwordChangedAt !== null}
        starting={starting}
        onStart={() => {
          setNotice(undefined)
          void start()
        }}
      />
    )
  }

  return (
    <SettingsSection
      title={t`Two-factor authentication`}
      anchor="two-factor"
      help={<Trans>A code from your phone on top of your password.</Trans>}
      status={
        setup && (
          <Pill tone="warn">
            <Trans>Being set up</Trans>
          </Pill>
        )
      }
    >
      {notice && (
        <output className={classes.notice}>
          <Callout tone="ok">{notice}</Callout>
        </output>
      )}
      {refusal && (
        <div role="alert" className={classes.notice}>
          <Callout tone="danger">{refusal.sentence}</Callout>
        </div>
      )}
      {card()}
    </SettingsSection>
  )
}

interface TwoFactorOffProps {
  twoFactor: TwoFactor
  hasPassword: boolean
  starting: boolean
  onStart: () => void
}

function TwoFactorOff({ twoFactor, hasPassword, starting, onStart }: TwoFactorOffProps) {
  const accounts = useNames(twoFactor.requiredBy)
  return (
    <Card>
      <div className={classes.row}>
        <div>
          <p className={classes.state}>
            <Trans>Off</Trans>
          </p>
          <p className={classes.help}>
            {hasPassword ? (
              <Trans>
                Whoever learns your password signs in as you. It takes two minutes to change that.
              </Trans>
            ) : (
              <Trans>You have no password that it could be asked for on top of.</Trans>
            )}
          </p>
          {accounts && (
            <StatusText tone="warn">
              <Trans>Required by {accounts}</Trans>
            </StatusText>
          )}
        </div>
        <Button loading={starting} disabled={!hasPassword} onClick={onStart}>
          <Trans>Set up</Trans>
        </Button>
      </div>
    </Card>
  )
}

interface TwoFactorOnProps {
  username: string
  twoFactor: TwoFactor
  onTurnedOff: () => void
}

function TwoFactorOn({ username, twoFactor, onTurnedOff }: TwoFactorOnProps) {
  const { enabledAt, recoveryCodesLeft, requiredBy } = twoFactor
  const [open, setOpen] = useState<'codes' | 'off'>()
  const accounts = useNames(requiredBy)
  const newCodesButton = useRef<HTMLButtonElement>(null)

  return (
    <Card>
      <div className={classes.row}>
        <div>
          <p className={classes.state}>
            <StatusText tone="ok">
              <Trans>On</Trans>
            </StatusText>
          </p>
          <p className={classes.help}>
            {enabledAt && (
              <Trans>
                Since <AbsoluteTime at={enabledAt} only="date" />. Asked at every sign-in with your
                password.
              </Trans>
            )}{' '}
            {accounts && <Trans>Required by {accounts}.</Trans>}
          </p>
        </div>
        <Button variant="default" color="red" className={classes.off} onClick={() => setOpen('off')}>
          <Trans>Turn off…</Trans>
        </Button>
      </div>
      <div className={classes.row}>
        <div>
          <p className={classes.state}>
            <Trans>Recovery codes</Trans>
          </p>
          <p className={classes.help}>
            <CodesLeft count={recoveryCodesLeft} />
          </p>
        </div>
        <Button ref={newCodesButton} variant="default" onClick={() => setOpen('codes')}>
          <Trans>New recovery codes…</Trans>
        </Button>
      </div>
      {open === 'codes' && (
        <NewRecoveryCodes
          username={username}
          onClose={() => {
            setOpen(undefined)
            newCodesButton.current?.focus()
          }}
        />
      )}
      {open === 'off' && (
        <TurnOffTwoFactorDialog
          username={username}
          requiredBy={accounts}
          onTurnedOff={onTurnedOff}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Card>
  )
}

function CodesLeft({ count }: { count: number }) {
  const { t } = useLingui()
  if (count > fewCodes) return t`${count} left. Each one signs you in once.`
  return (
    <StatusText tone="warn">
      {count === 0 ? (
        <Trans>None left. Without your phone you could not sign in.</Trans>
      ) : (
        <Trans>Only {count} left. Make new ones before they run out.</Trans>
      )}
    </StatusText>
  )
}

/** As "Acme Networks and Northwind Fibre"; undefined for none. */
function useNames(accounts: readonly { name: string }[]): string | undefined {
  const { i18n } = useLingui()
  if (accounts.length === 0) return undefined
  return new Intl.ListFormat(i18n.locale).format(accounts.map(({ name }) => name))
}
