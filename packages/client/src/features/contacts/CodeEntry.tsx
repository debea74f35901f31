import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { Refusal } from '../../app/error-messages.ts'
import type { Channel } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { useSecondsUntil } from '../../ui/use-seconds-until.ts'
import classes from './CodeEntry.module.css'

const codeLength = 6

/** A code that was sent and not yet used. */
export interface Proof {
  channel: Channel
  expiresAt: string
  triesLeft: number
  nextCodeAt: string
}

/** A way to get another code, as "Call me instead". */
export interface AnotherCode {
  channel: Channel
  label: string
}

interface CodeEntryProps {
  /** As "Enter the six digits we sent by text to +1 202 555 0178". */
  label: string
  /** Null when no code is known to be valid. */
  proof: Proof | null
  /** The code of a link in a mail: filled in, and proven by a click only. */
  linkedCode?: string | undefined
  /** Takes the focus when it turns true. */
  focused: boolean
  others: readonly AnotherCode[]
  /** Resolves to why not, or to undefined when it is proven. */
  onVerify: (code: string) => Promise<Refusal | undefined>
  onSendAnother: (channel: Channel) => Promise<Refusal | undefined>
}

/** Where the code that proves an address is typed, pasted or found filled in. */
export function CodeEntry(props: CodeEntryProps) {
  const { label, proof, linkedCode, focused, others, onVerify, onSendAnother } = props
  const [code, setCode] = useState(digitsOf(linkedCode ?? ''))
  const [busy, setBusy] = useState<'verifying' | 'sending'>()
  const [refusal, setRefusal] = useState<Refusal>()
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const validSeconds = useSecondsUntil(proof?.expiresAt)
  const exhausted = proof?.triesLeft === 0
  const problem = refusal?.fields['code'] ?? refusal?.sentence

  useEffect(() => {
    if (focused) field.current?.focus()
  }, [focused])

  async function verify(): Promise<void> {
    setBusy('verifying')
    setRefusal(undefined)
    const refused = await onVerify(code)
    setBusy(undefined)
    if (!refused) return
    setRefusal(refused)
    field.current?.focus()
    field.current?.select()
  }

  async function sendAnother(channel: Channel): Promise<void> {
    setBusy('sending')
    setRefusal(undefined)
    const refused = await onSendAnother(channel)
    setBusy(undefined)
    setRefusal(refused)
    if (!refused) setCode('')
    field.current?.focus()
  }

  return (
    <form
      noValidate
      className={classes.entry}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (!busy && !exhausted) void verify()
      }}
    >
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <div className={classes.fields}>
        <TextInput
          ref={field}
          id={id}
          classNames={{ root: classes.field, input: `ly-mono ${classes.code}` }}
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          value={code}
          disabled={exhausted}
          error={problem !== undefined}
          attributes={{ input: { 'aria-describedby': `${id}-problem ${id}-details` } }}
          onChange={(event) => setCode(digitsOf(event.currentTarget.value))}
        />
        <Button type="submit" loading={busy === 'verifying'} disabled={exhausted}>
          <Trans>Verify</Trans>
        </Button>
      </div>
      {problem && (
        <p id={`${id}-problem`} role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      <p id={`${id}-details`} className={classes.details}>
        <Validity proof={proof} validSeconds={validSeconds} />{' '}
        {!exhausted && (
          <Others
            others={others}
            nextCodeAt={proof?.nextCodeAt}
            busy={busy === 'sending'}
            onSendAnother={(channel) => void sendAnother(channel)}
          />
        )}
      </p>
    </form>
  )
}

function Validity({ proof, validSeconds }: { proof: Proof | null; validSeconds: number }) {
  const { t } = useLingui()
  if (!proof) return t`If this code is too old, ask for a new one.`
  const { triesLeft } = proof
  if (triesLeft === 0) return t`Too many wrong codes. Try again tomorrow.`
  if (validSeconds === 0) return t`This code is not valid any more.`
  return (
    <>
      <Trans>
        Valid until <AbsoluteTime at={proof.expiresAt} only="time" />.
      </Trans>{' '}
      {t`${plural(triesLeft, { one: 'One try left.', other: '# tries left.' })}`}
    </>
  )
}

interface OthersProps {
  others: readonly AnotherCode[]
  nextCodeAt: string | undefined
  busy: boolean
  onSendAnother: (channel: Channel) => void
}

/** The ways to another code; while it is too soon for one, they are shown and say from when they work. */
function Others({ others, nextCodeAt, busy, onSendAnother }: OthersProps) {
  const seconds = useSecondsUntil(nextCodeAt)
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  return (
    <>
      {seconds > 0 && (
        <span className="ly-figures">
          <Trans>New code in {clock}.</Trans>{' '}
        </span>
      )}
      {others.map(({ channel, label }) => (
        <span key={channel} className={classes.other}>
          <TextButton disabled={busy || seconds > 0} onClick={() => onSendAnother(channel)}>
            {label}
          </TextButton>
        </span>
      ))}
    </>
  )
}

/** Codes are read in groups, so they are pasted with blanks and dashes. */
function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '').slice(0, codeLength)
}
