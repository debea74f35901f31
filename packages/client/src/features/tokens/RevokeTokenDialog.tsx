import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { RevokePersonalAccessTokenDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { type AccountToken } from './AccountTokens.tsx'

interface RevokeTokenDialogProps {
  accountId: string
  token: AccountToken
  onRevoked: () => void
  onClose: () => void
}

/** Asks before an administrator ends somebody's token. Drawn while it is open only. */
export function RevokeTokenDialog({ accountId, token, onRevoked, onClose }: RevokeTokenDialogProps) {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [revokeToken, { loading, error }] = useMutation(RevokePersonalAccessTokenDocument)
  const refusal = useRefusal(error)
  const { id: personalAccessTokenId, name } = token
  const ownerName = token.owner.name

  const confirm = async () => {
    const result = await revokeToken({
      variables: { input: { accountId, personalAccessTokenId } },
      update: (cache, { data }) => {
        if (!data) return
        const id = cache.identify({ __typename: 'PersonalAccessToken', id: personalAccessTokenId })
        if (id) cache.evict({ id })
      },
    })
    if (result.error) return
    announce(t`Token revoked`)
    onRevoked()
  }

  return (
    <ConfirmDialog
      opened
      destructive
      title={t`Revoke the token “${name}” of ${ownerName}?`}
      confirmLabel={t`Revoke token`}
      cancelLabel={t`Keep it`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Trans>Programs that use it are refused at once. {ownerName} is told by mail that you did it.</Trans>
    </ConfirmDialog>
  )
}
