import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { type AccountToken } from './AccountTokens.tsx'
import { TokenTable } from './TokenTable.tsx'

interface AccountTokenListProps {
  tokens: AccountToken[]
  /** How many there are, shown or not. */
  totalCount: number
  onRevoke: (token: AccountToken) => void
}

/** The tokens of everybody in an account. */
export function AccountTokenList({ tokens, totalCount, onRevoke }: AccountTokenListProps) {
  const { t } = useLingui()
  return (
    <TokenTable
      tokens={tokens}
      ownerOf={({ owner }) => owner}
      renderActions={(token) => <RevokeButton token={token} onRevoke={onRevoke} />}
      foot={t`${plural(totalCount, { one: '# token', other: '# tokens' })}`}
    />
  )
}

function RevokeButton({
  token,
  onRevoke,
}: { token: AccountToken } & Pick<AccountTokenListProps, 'onRevoke'>) {
  const { t } = useLingui()
  const { name } = token
  const ownerName = token.owner.name
  return (
    <Button
      variant="default"
      size="xs"
      aria-label={t`Revoke ${name} of ${ownerName}`}
      onClick={() => onRevoke(token)}
    >
      <Trans>Revoke</Trans>
    </Button>
  )
}
