import { tokenOverlapHours } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Select } from '@mantine/core'
import { useState } from 'react'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useNow } from '../../ui/use-now.ts'
import { expiryState } from './token-expiry.ts'
import { type Token } from './TokenList.tsx'
import { type CreatedToken } from './use-create-token.ts'
import { useRotateToken } from './use-rotate-token.ts'

interface RotateTokenDialogProps {
  token: Token
  onRotated: (created: CreatedToken) => void
  onClose: () => void
}

/** How long the old token goes on working beside the new one. Drawn while it is open only. */
export function RotateTokenDialog({ token, onRotated, onClose }: RotateTokenDialogProps) {
  const { t } = useLingui()
  const { rotateToken, rotating, refusal } = useRotateToken()
  const [hours, setHours] = useState<number>(tokenOverlapHours.default)
  const now = useNow()
  const { id, name, expiresAt } = token
  const isOver = expiresAt !== null && expiryState(new Date(expiresAt), now) === 'over'

  const overlaps = [
    { value: '0', label: t`Not at all: it ends at once` },
    { value: '1', label: t`For an hour` },
    { value: String(tokenOverlapHours.default), label: t`For a day` },
    { value: String(tokenOverlapHours.max), label: t`For a week` },
  ]

  const submit = async () => {
    const input = { personalAccessTokenId: id, overlapHours: isOver ? 0 : hours }
    const created = await rotateToken(input)
    if (created) onRotated(created)
  }

  return (
    <FormDialog
      opened
      title={t`Replace the token “${name}”`}
      submitLabel={t`Replace token`}
      busy={rotating}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p>
        <Trans>
          A new token takes its place, with the same name and rights, for as long as this one was made for.
        </Trans>
      </p>
      {isOver ? (
        <p>
          <Trans>The old one has expired, and goes from the list.</Trans>
        </p>
      ) : (
        <Select
          data-autofocus
          label={t`The old one goes on working`}
          description={t`So that programs can change over one by one. It ends no later than it would have.`}
          allowDeselect={false}
          data={overlaps}
          value={String(hours)}
          error={refusal?.fields['overlapHours']}
          onChange={(chosen) => setHours(Number(chosen))}
        />
      )}
    </FormDialog>
  )
}
