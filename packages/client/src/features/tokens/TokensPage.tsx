import type { FragmentType } from '@apollo/client'
import { useQuery, useSuspenseFragment } from '@apollo/client/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { type ReactNode, useRef } from 'react'
import { useCurrentAccount } from '../../app/current-account.tsx'
import { useRefusal } from '../../app/error-messages.ts'
import {
  AccessTokensDocument,
  type TokenList_AccountUserFragment,
  TokenList_AccountUserFragmentDoc,
} from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { FailedSection } from '../../ui/FailedSection.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { DeleteTokenDialog } from './DeleteTokenDialog.tsx'
import { NewTokenDialog } from './NewTokenDialog.tsx'
import { RotateTokenDialog } from './RotateTokenDialog.tsx'
import { type Token, TokenList } from './TokenList.tsx'
import { TokenSecretDialog } from './TokenSecretDialog.tsx'
import { TokenUse } from './TokenUse.tsx'
import { type CreatedToken } from './use-create-token.ts'
import { useOpenDialog } from '../../ui/use-open-dialog.ts'

/** The programs that may act for the person, in the account of the address. */
export function TokensPage() {
  const { t } = useLingui()
  const { accountUserId, account } = useCurrentAccount()
  const { data, error, refetch } = useQuery(AccessTokensDocument, { fetchPolicy: 'cache-and-network' })
  const refusal = useRefusal(error)
  const me = data?.me
  const membership = me?.accountUsers.find(({ id }) => id === accountUserId)

  if (me && membership) {
    return (
      <>
        <Tokens key={accountUserId} accountUser={membership} accountName={account.name} />
        <TokenUse accountId={account.id} username={me.username} />
      </>
    )
  }
  return (
    <>
      <TokensHead accountName={account.name} />
      {refusal ? (
        <FailedSection
          title={t`Your tokens could not be loaded`}
          reason={refusal.sentence}
          requestId={refusal.requestId}
          onRetry={() => void refetch().catch(() => undefined)}
        />
      ) : (
        <SkeletonRows />
      )}
    </>
  )
}

interface TokensProps {
  accountUser: FragmentType<TokenList_AccountUserFragment>
  accountName: string
}

type Open =
  | { dialog: 'new' }
  | { dialog: 'secret'; created: CreatedToken }
  | { dialog: 'rotate'; token: Token }
  | { dialog: 'delete'; token: Token }

function Tokens({ accountUser, accountName }: TokensProps) {
  const { t } = useLingui()
  const { data } = useSuspenseFragment({ fragment: TokenList_AccountUserFragmentDoc, from: accountUser })
  const newTokenButton = useRef<HTMLButtonElement>(null)
  const { open, show, hide } = useOpenDialog<Open>(newTokenButton)
  const tokens = data.personalAccessTokens

  const newToken = (
    <Button
      ref={newTokenButton}
      leftSection={<IconPlus aria-hidden size={18} stroke={1.7} />}
      onClick={() => show({ dialog: 'new' })}
    >
      <Trans>New token</Trans>
    </Button>
  )

  return (
    <>
      <TokensHead accountName={accountName} {...(tokens.length > 0 && { action: newToken })} />
      {tokens.length > 0 ? (
        <TokenList
          tokens={tokens}
          longestTokenDays={data.longestTokenDays}
          onRotate={(token) => show({ dialog: 'rotate', token })}
          onDelete={(token) => show({ dialog: 'delete', token })}
        />
      ) : (
        <Card>
          <EmptyState
            icon={<IconKey size={22} stroke={1.7} />}
            title={t`No tokens yet`}
            help={t`Make one for a wallboard, a script or a bridge. You choose when it ends and whether it may change anything.`}
            action={newToken}
          />
        </Card>
      )}
      {open?.dialog === 'new' && (
        <NewTokenDialog
          accountUserId={data.id}
          accountName={accountName}
          longestDays={data.longestTokenDays}
          onCreated={(created) => show({ dialog: 'secret', created })}
          onClose={hide}
        />
      )}
      {open?.dialog === 'secret' && <TokenSecretDialog created={open.created} onConfirm={hide} />}
      {open?.dialog === 'rotate' && (
        <RotateTokenDialog
          token={open.token}
          onRotated={(created) => show({ dialog: 'secret', created })}
          onClose={hide}
        />
      )}
      {open?.dialog === 'delete' && <DeleteTokenDialog token={open.token} onClose={hide} />}
    </>
  )
}

function TokensHead({ accountName, action }: { accountName: string; action?: ReactNode }) {
  const { t } = useLingui()
  return (
    <PageHead
      title={t`Personal access tokens`}
      scope={{ accountName }}
      help={t`For programs that act as you in ${accountName}. A token can do what you can do, and nothing in your other accounts.`}
      action={action}
    />
  )
}
