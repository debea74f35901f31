import { useMutation } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { useLingui } from '@lingui/react/macro'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRefusal } from '../../app/error-messages.ts'
import { RenamePasskeyDocument } from '../../graphql/generated.ts'
import { FormDialog } from '../../ui/FormDialog.tsx'

interface RenamePasskeyDialogProps {
  passkey: { id: string; name: string }
  onClose: () => void
}

/** A name by which its owner knows a passkey. Drawn while it is open only. */
export function RenamePasskeyDialog({ passkey, onClose }: RenamePasskeyDialogProps) {
  const { t } = useLingui()
  const [name, setName] = useState(passkey.name)
  const [rename, { loading, error }] = useMutation(RenamePasskeyDocument)
  const refusal = useRefusal(error)

  const submit = async () => {
    const result = await rename({ variables: { input: { passkeyId: passkey.id, name } } })
    if (!result.error) onClose()
  }

  return (
    <FormDialog
      opened
      title={t`Rename the passkey`}
      submitLabel={t`Rename`}
      busy={loading}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t`Name`}
        description={t`For you alone, as “Blue security key”.`}
        autoComplete="off"
        maxLength={lengths.passkeyName}
        value={name}
        error={refusal?.fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
