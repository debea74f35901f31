import { useMutation } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { useRefusal } from '../../app/error-messages.ts'
import { leaveByEndingSession } from '../../app/leave-for-sign-in.ts'
import { SignOutDocument } from '../../graphql/generated.ts'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'

/** Asks before the session of this browser ends. */
export function LogOutDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui()
  const [signOut, { loading, error }] = useMutation(SignOutDocument)
  const refusal = useRefusal(error)

  const logOut = () =>
    leaveByEndingSession(async () => {
      const { data } = await signOut()
      // Whoever came through an organisation is signed out there as well, or one click would bring them back.
      return data ? (data.signOut.ssoLogoutUrl ?? true) : false
    })

  return (
    <ConfirmDialog
      opened
      title={t`Log out of Lanyard?`}
      confirmLabel={t`Log out`}
      cancelLabel={t`Stay signed in`}
      busy={loading}
      refusal={refusal?.sentence}
      onConfirm={() => void logOut()}
      onClose={onClose}
    >
      <Trans>This browser is signed out. Your other devices are not.</Trans>
    </ConfirmDialog>
  )
}
