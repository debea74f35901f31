import { useMutation } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { useLingui } from '@lingui/react/macro'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { AddEmailDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'

interface AddEmailDialogProps {
  onAdded: (emailId: string) => void
  onClose: () => void
}

/** A new email, to which a code goes at once. Drawn while it is open only. */
export function AddEmailDialog({ onAdded, onClose }: AddEmailDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const [addEmail, { loading }] = useMutation(AddEmailDocument)
  const [address, setAddress] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()

  const submit = async () => {
    setRefusal(undefined)
    const { data, error } = await addEmail({ variables: { input: { address: address.trim() } } })
    setRefusal(refusalOf(error))
    if (!data) return
    announce(t`Code sent`)
    onAdded(data.addEmail.email.id)
  }

  return (
    <FormDialog
      opened
      title={t`Add email`}
      submitLabel={t`Send code`}
      busy={loading}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t`Email`}
        description={t`We send six digits to it. Nothing else is sent before you have entered them.`}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={lengths.login}
        value={address}
        error={refusal?.fields['address']}
        onChange={(event) => setAddress(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
