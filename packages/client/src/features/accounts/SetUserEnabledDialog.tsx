import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { SetUserEnabledDocument } from '../../graphql/members/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { type Member } from './MemberList.tsx'

interface SetUserEnabledDialogProps {
  member: Member
  /** What is asked: to let the person sign in again, or to keep them from it. */
  enable: boolean
  onDone: () => void
  onClose: () => void
}

/** Asks a super admin before somebody can sign in no more, or again. Drawn while it is open only. */
export function SetUserEnabledDialog({ member, enable, onDone, onClose }: SetUserEnabledDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [setUserEnabled, { loading, error }] = useMutation(SetUserEnabledDocument)
  const refusal = useRefusal(error)
  const { id: userId, name } = member.user

  const confirm = async () => {
    const result = await setUserEnabled({
      variables: { input: { userId, enabled: enable } },
      update: (cache, { data }) => {
        const id = cache.identify({ __typename: 'AccountUser', id: member.id })
        if (data && id) cache.modify({ id, fields: { enabled: () => enable } })
      },
    })
    if (result.error) return
    announce(enable ? t`${name} can sign in again` : t`${name} can no longer sign in`)
    onDone()
  }

  return (
    <ConfirmDialog
      opened
      destructive={!enable}
      title={enable ? t`Enable the user ${name}?` : t`Disable the user ${name}?`}
      confirmLabel={enable ? t`Enable user` : t`Disable user`}
      cancelLabel={t`Change nothing`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {enable ? (
        <Trans>
          {name} can sign in again, in every account. What ended stays ended: they make new access tokens,
          and turn on pushes again.
        </Trans>
      ) : (
        <Trans>
          {name} is signed out everywhere and cannot sign in, in any account. Their access tokens and the
          devices that get their pushes end as well. Their history stays, and they are told by mail.
        </Trans>
      )}
    </ConfirmDialog>
  )
}
