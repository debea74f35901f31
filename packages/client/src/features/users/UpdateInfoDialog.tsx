import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { lengths } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { languageOptions, parseLanguage } from '../../app/languages.ts'
import { contactsReturningTo, paths } from '../../app/paths.ts'
import { useChangePassword } from '../../app/use-change-password.ts'
import {
  type UpdateInfoDialog_UserFragment,
  UpdateInfoDialog_UserFragmentDoc,
} from '../../graphql/generated.ts'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { formatPhone } from '../../ui/format-phone.ts'
import type { PasswordChange } from '../../ui/PasswordChangeFields.tsx'
import { noEdits } from './address-edits.ts'
import { PictureField } from './PictureField.tsx'
import { rowsPerPageOptions } from './rows-per-page-options.ts'
import type { SquarePicture } from './square-picture.ts'
import { UpdateInfoAddresses } from './UpdateInfoAddresses.tsx'
import { UpdateInfoPassword } from './UpdateInfoPassword.tsx'
import { useAddressSteps } from './use-address-steps.ts'
import { type Info, useUpdateInfo } from './use-update-info.ts'
import classes from './UpdateInfoDialog.module.css'

interface UpdateInfoDialogProps {
  user: FragmentType<UpdateInfoDialog_UserFragment>
  onClose: () => void
}

/**
 * Picture, names, addresses, language, rows per page and the password, saved together. A new address is proven in Contacts, where
 * saving leads then.
 */
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
  const [emails, setEmails] = useState(noEdits)
  const [phones, setPhones] = useState(noEdits)
  const [password, setPassword] = useState<PasswordChange>()
  // A new object each time moves the focus to the field.
  const [mismatch, setMismatch] = useState<{ sentence: string }>()
  const changePassword = useChangePassword()
  const addressSteps = useAddressSteps()
  const navigate = useNavigate()
  const toContacts = useAccountLink()(contactsReturningTo(paths.profile))

  const submit = async () => {
    const isWanted = password && Object.values(password).some((text) => text !== '')
    if (isWanted && password.next !== password.again) {
      setMismatch({ sentence: t`The two new passwords do not match.` })
      return
    }
    setMismatch(undefined)
    const addresses = addressSteps(user, emails, phones)
    const isSaved = await updateInfo(
      user,
      info,
      addresses,
      picture === null ? null : picture?.blob,
      isWanted
        ? () => changePassword({ currentPassword: password.current, newPassword: password.next })
        : undefined,
    )
    // With the password the session has ended, and the page is being left.
    if (!isSaved || isWanted) return
    onClose()
    if (emails.added.trim() || phones.added.trim()) await navigate(toContacts)
  }

  return (
    <FormDialog
      opened
      title={t`Update info`}
      submitLabel={t`Save`}
      busy={saving}
      refusal={mismatch ?? refusal}
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
      <div className={classes.addresses}>
        <UpdateInfoAddresses
          primaryLabel={t`Primary email`}
          addLabel={t`Add an email`}
          addHelp={t`It is sent a code.`}
          inputType="email"
          addresses={user.emails.map((email) => ({
            ...email,
            name: email.address,
            usable: email.verifiedAt !== null && email.blockedAt === null,
          }))}
          edits={emails}
          onEdit={setEmails}
          error={refusal?.fields['address']}
        />
        <UpdateInfoAddresses
          primaryLabel={t`Primary phone`}
          addLabel={t`Add a phone`}
          addHelp={t`It is sent a code. Begin with + and the country.`}
          inputType="tel"
          addresses={user.phones.map((phone) => ({
            ...phone,
            name: formatPhone(phone.number, phone.country),
            usable: phone.verifiedAt !== null && phone.blockedAt === null,
          }))}
          edits={phones}
          onEdit={setPhones}
          error={refusal?.fields['number']}
        />
      </div>
      <p className={classes.help}>
        <Trans>
          Addresses are proven before they are used.{' '}
          <Link to={toContacts}>Prove and test them in Contacts</Link>
        </Trans>
      </p>
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
      <UpdateInfoPassword
        value={password}
        refusal={refusal}
        tried={mismatch !== undefined || refusal !== undefined}
        onChange={setPassword}
      />
    </FormDialog>
  )
}
