import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { QRCodeSVG } from 'qrcode.react'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Refusal } from '../../app/error-messages.ts'
import { Card } from '../../ui/Card.tsx'
import { CodeField } from '../../ui/CodeField.tsx'
import { useCopy } from '../../ui/use-copy.ts'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import type { Setup } from './use-two-factor-setup.ts'
import classes from './TwoFactorSetup.module.css'

interface TwoFactorSetupProps {
  setup: Setup
  username: string
  /** Resolves to why it is not on, or to undefined once it is. */
  onConfirm: (code: string) => Promise<Refusal | undefined>
  onCancel: () => void
}

/**
 * Three steps, one open at a time: first the codes for the day on which the phone is lost, as nobody stores them once
 * it works; then the app; then proof that the app is right. Nothing is on before that.
 */
export function TwoFactorSetup({ setup, username, onConfirm, onCancel }: TwoFactorSetupProps) {
  const { t } = useLingui()
  const [step, setStep] = useState<1 | 2 | 3>(1)
  const [stored, setStored] = useState(false)

  return (
    <Card>
      <Step number={1} open={step} title={t`Store your recovery codes`} onOpen={() => setStep(1)}>
        <p className={classes.help}>
          <Trans>Each one signs you in once if you lose your phone. They are not shown again.</Trans>
        </p>
        <RecoveryCodes
          codes={setup.recoveryCodes}
          username={username}
          stored={stored}
          onStored={setStored}
        />
        <div className={classes.answers}>
          <Button disabled={!stored} onClick={() => setStep(2)}>
            <Trans>Continue</Trans>
          </Button>
          <Cancel onCancel={onCancel} />
        </div>
      </Step>
      <Step
        number={2}
        open={step}
        title={t`Scan this with your authenticator app`}
        onOpen={() => setStep(2)}
      >
        <Scan setup={setup} username={username} />
        <div className={classes.answers}>
          <Button onClick={() => setStep(3)}>
            <Trans>Continue</Trans>
          </Button>
          <Cancel onCancel={onCancel} />
        </div>
      </Step>
      <Step number={3} open={step} title={t`Enter the six digits it shows`} onOpen={() => setStep(3)}>
        <FirstCode onConfirm={onConfirm} onCancel={onCancel} />
      </Step>
    </Card>
  )
}

interface StepProps {
  number: 1 | 2 | 3
  /** The one that is open; those before it are done. */
  open: number
  title: string
  /** Opens it again once it is done. */
  onOpen: () => void
  children: ReactNode
}

function Step({ number, open, title, onOpen, children }: StepProps) {
  const { t } = useLingui()
  const heading = useRef<HTMLHeadingElement>(null)
  const isOpen = open === number
  const isDone = open > number
  const state = isDone ? 'done' : isOpen ? 'open' : 'later'

  // The button that led here is gone. A field that took the focus keeps it.
  useEffect(() => {
    const title = heading.current
    if (isOpen && !title?.closest('section')?.contains(document.activeElement)) title?.focus()
  }, [isOpen])

  return (
    <section className={classes.step} data-state={state} aria-label={t`Step ${number}: ${title}`}>
      <span aria-hidden className={classes.number}>
        {isDone ? <IconCheck size={16} stroke={2} /> : number}
      </span>
      <div className={classes.content}>
        <div className={classes.title}>
          <h3 ref={heading} tabIndex={-1} aria-current={isOpen ? 'step' : undefined}>
            {title}
          </h3>
          {isDone && (
            <Button variant="subtle" size="xs" onClick={onOpen}>
              <Trans>Show again</Trans>
            </Button>
          )}
        </div>
        {isOpen && children}
      </div>
    </section>
  )
}

function Cancel({ onCancel }: { onCancel: () => void }) {
  return (
    <Button variant="subtle" color="gray" className={classes.cancel} onClick={onCancel}>
      <Trans>Cancel</Trans>
    </Button>
  )
}

function Scan({ setup, username }: { setup: Setup; username: string }) {
  const { t } = useLingui()
  const { state: copying, copy } = useCopy()
  const grouped = setup.key.read().match(/.{1,4}/g) ?? []

  return (
    <div className={classes.scan}>
      {/* Black on white in every theme, with a margin: many apps read nothing else. */}
      <div className={classes.code}>
        <QRCodeSVG
          value={setup.otpauthUrl.read()}
          size={148}
          level="M"
          bgColor="#ffffff"
          fgColor="#000000"
          title={t`QR code for your authenticator app`}
        />
      </div>
      <div className={classes.typed}>
        <p className={classes.help}>
          <Trans>Cannot scan? Type this key instead.</Trans>
        </p>
        <div className={classes.key}>
          <code className="ly-mono" aria-label={t`Key`}>
            {grouped.join(' ')}
          </code>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            className={classes.copy}
            aria-label={copying === 'copied' ? t`Copied` : t`Copy the key`}
            onClick={() => copy(setup.key.read())}
          >
            {copying === 'copied' ? (
              <IconCheck aria-hidden size={18} stroke={1.7} />
            ) : (
              <IconCopy aria-hidden size={18} stroke={1.7} />
            )}
          </ActionIcon>
        </div>
        {copying === 'failed' && (
          <p role="alert" className={classes.problem}>
            <Trans>The browser did not copy it. Select the text and copy it yourself.</Trans>
          </p>
        )}
        <p className={classes.help}>
          <Trans>
            Account <span className="ly-mono">{username}</span>, six digits, 30 seconds.
          </Trans>
        </p>
      </div>
    </div>
  )
}

function FirstCode({ onConfirm, onCancel }: Pick<TwoFactorSetupProps, 'onConfirm' | 'onCancel'>) {
  const { t } = useLingui()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const field = useRef<HTMLInputElement>(null)

  const submit = async () => {
    setBusy(true)
    setRefusal(undefined)
    const refused = await onConfirm(code)
    if (!refused) return
    setBusy(false)
    setRefusal(refused)
    field.current?.focus()
    field.current?.select()
  }

  return (
    <form
      noValidate
      className={classes.confirm}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!busy) void submit()
      }}
    >
      <CodeField
        ref={field}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- The step exists to fill in this field.
        autoFocus
        aria-label={t`Six digits`}
        value={code}
        error={refusal && (refusal.fields['code'] ?? refusal.sentence)}
        errorProps={{ role: 'alert' }}
        onChange={setCode}
      />
      <div className={classes.answers}>
        <Button type="submit" loading={busy}>
          <Trans>Turn on</Trans>
        </Button>
        <Cancel onCancel={onCancel} />
      </div>
    </form>
  )
}
