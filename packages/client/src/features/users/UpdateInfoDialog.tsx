import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { useLingui } from '@lingui/react/macro'
import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { languageOptions, parseLanguage } from '../../app/languages.ts'
import {
  type UpdateInfoDialog_UserFragment,
  UpdateInfoDialog_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { formatPhone } from '../../ui/format-phone.ts'
import { PictureField } from './PictureField.tsx'
import { rowsPerPageOptions } from './rows-per-page-options.ts'
import type { SquarePicture } from './square-picture.ts'
import { type Info, useUpdateInfo } from './use-update-info.ts'
import classes from './UpdateInfoDialog.module.css'

interface UpdateInfoDialogProps {
  user: FragmentType<UpdateInfoDialog_UserFragment>
  onClose: () => void
}

/** Picture, names, language and rows per page, saved together. Addresses are shown: they are proven elsewhere. */
export function UpdateInfoDialog({ user: reference, onClose }: UpdateInfoDialogProps) {
  const { t } = useLingui()
  const { data: user } = useSuspenseFragment({
    fragment: UpdateInfoDialog_UserFragmentDoc,
    from: reference,
  })
  const [typed, setTyped] = useState<Partial<Info>>({})
  const [picture, setPicture] = useState<SquarePicture | null>()
  const { updateInfo, saving, refusal } = useUpdateInfo(user.id)
  const info: Info = { ...user, ...typed }
  const email = user.emails.find(({ primary }) => primary)
  const phone = user.phones.find(({ primary }) => primary)

  const submit = async () => {
    if (await updateInfo(user, info, picture === null ? null : picture?.blob)) onClose()
  }

  return (
    <FormDialog
      opened
      title={t`Update info`}
      submitLabel={t`Save`}
      busy={saving}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <PictureField name={user.name} savedUrl={user.avatarUrl} chosen={picture} onChoose={setPicture} />
      <TextInput
        data-autofocus
        label={t`Name`}
        autoComplete="name"
        maxLength={lengths.name}
        value={info.name}
        error={refusal?.fields['name']}
        onChange={(event) => setTyped({ ...typed, name: event.currentTarget.value })}
      />
      <div className={classes.pair}>
        <TextInput
          label={t`Username`}
          description={t`You sign in with it.`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          classNames={{ input: 'ly-mono' }}
          maxLength={lengths.username.max}
          value={info.username}
          error={refusal?.fields['username']}
          onChange={(event) => setTyped({ ...typed, username: event.currentTarget.value })}
        />
        <TextInput
          label={t`Public name`}
          description={t`Shown to people outside the account.`}
          maxLength={lengths.publicName}
          value={info.publicName}
          error={refusal?.fields['publicName']}
          onChange={(event) => setTyped({ ...typed, publicName: event.currentTarget.value })}
        />
      </div>
      <div className={classes.pair}>
        {email && <TextInput readOnly data-quiet label={t`Primary email`} value={email.address} />}
        {phone && (
          <TextInput
            readOnly
            data-quiet
            label={t`Primary phone`}
            value={formatPhone(phone.number, phone.country)}
          />
        )}
      </div>
      <div className={classes.pair}>
        <Select
          label={t`Language`}
          allowDeselect={false}
          data={languageOptions}
          value={info.language}
          error={refusal?.fields['language']}
          onChange={(value) => setTyped({ ...typed, language: parseLanguage(value) ?? info.language })}
        />
        <Select
          label={t`Rows per page`}
          allowDeselect={false}
          data={rowsPerPageOptions(user.rowsPerPage)}
          value={String(info.rowsPerPage)}
          error={refusal?.fields['rowsPerPage']}
          onChange={(value) => setTyped({ ...typed, rowsPerPage: Number(value) })}
        />
      </div>
    </FormDialog>
  )
}
