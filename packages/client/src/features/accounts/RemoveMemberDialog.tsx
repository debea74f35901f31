import { isReference } from '@apollo/client'
import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { RemoveAccountUserDocument } from '../../graphql/members/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { type Member } from './MemberList.tsx'

interface RemoveMemberDialogProps {
  account: { id: string; name: string }
  member: Member
  onRemoved: () => void
  onClose: () => void
}

/** Asks before somebody is taken out of the account. Drawn while it is open only. */
export function RemoveMemberDialog({ account, member, onRemoved, onClose }: RemoveMemberDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [removeMember, { loading, error }] = useMutation(RemoveAccountUserDocument)
  const refusal = useRefusal(error)
  const { name } = member.user
  const accountName = account.name

  const confirm = async () => {
    const result = await removeMember({
      variables: { input: { accountUserId: member.id } },
      update: (cache, { data }) => {
        if (!data) return
        const id = cache.identify({ __typename: 'AccountUser', id: member.id })
        if (id) cache.evict({ id })
        const ofAccount = cache.identify({ __typename: 'Account', id: account.id })
        if (!ofAccount) return
        cache.modify<{ accountUsers: { totalCount: number } }>({
          id: ofAccount,
          fields: {
            accountUsers: (members) =>
              isReference(members) ? members : { ...members, totalCount: members.totalCount - 1 },
          },
        })
      },
    })
    if (result.error) return
    announce(t`${name} was removed from ${accountName}`)
    onRemoved()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Remove ${name} from ${accountName}?`}
      confirmLabel={t`Remove from account`}
      cancelLabel={t`Change nothing`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>
        The pages of {accountName} close to {name} at once, and programs that act for them here are refused.
        Their history, their inbox and their other accounts stay as they are.
      </Trans>
    </ConfirmDialog>
  )
}
