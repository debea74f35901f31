import { lengths, tokenLifetimeDays } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Select, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { expiryAfter, lifetimeChoices } from './token-expiry.ts'
import { type CreatedToken, useCreateToken } from './use-create-token.ts'

interface NewTokenDialogProps {
  accountUserId: string
  accountName: string
  /** Days that the account lets a new token live. */
  longestDays: number
  onCreated: (created: CreatedToken) => void
  onClose: () => void
}

/** What the new token is called, when it ends and what it may do. Drawn while it is open only. */
export function NewTokenDialog(props: NewTokenDialogProps) {
  const { accountUserId, accountName, longestDays, onCreated, onClose } = props
  const { t } = useLingui()
  const { createToken, creating, refusal } = useCreateToken()
  const format = useTimeFormat()
  const [openedAt] = useState(() => new Date())
  const [name, setName] = useState('')
  const [days, setDays] = useState(Math.min(tokenLifetimeDays.default, longestDays))
  const [readOnly, setReadOnly] = useState(false)
  const expiresAt = expiryAfter(days, openedAt, longestDays)

  const lifetimes = lifetimeChoices(longestDays).map((choice) => {
    const date = format.date(expiryAfter(choice, openedAt, longestDays))
    const label =
      choice === tokenLifetimeDays.max
        ? t`1 year, until ${date}`
        : t`${plural(choice, { one: '# day', other: '# days' })}, until ${date}`
    return { value: String(choice), label }
  })
  const exactly = format.absolute(expiresAt)
  const end =
    longestDays < tokenLifetimeDays.max
      ? t`It ends on ${exactly}. ${accountName} lets a token live for at most ${plural(longestDays, { one: '# day', other: '# days' })}.`
      : t`It ends on ${exactly}.`

  const submit = async () => {
    const input = { accountUserId, name, expiresAt: expiresAt.toISOString(), readOnly }
    const created = await createToken(input)
    if (created) onCreated(created)
  }

  return (
    <FormDialog
      opened
      title={t`New token`}
      submitLabel={t`Create token`}
      busy={creating}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t`Name`}
        description={t`What will use it, as “Ticket bridge”.`}
        autoComplete="off"
        maxLength={lengths.tokenName}
        value={name}
        error={refusal?.fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t`Expires`}
        description={end}
        allowDeselect={false}
        data={lifetimes}
        value={String(days)}
        error={refusal?.fields['expiresAt']}
        onChange={(chosen) => setDays(Number(chosen))}
      />
      <Switch
        label={t`Read only`}
        description={t`The program can look, and change nothing.`}
        checked={readOnly}
        onChange={(event) => setReadOnly(event.currentTarget.checked)}
      />
    </FormDialog>
  )
}
