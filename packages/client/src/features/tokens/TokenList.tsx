import { tokensPerAccountUser } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button } from '@mantine/core'
import { IconRefresh, IconTrash } from '@tabler/icons-react'
import { type TokenList_AccountUserFragment } from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { useNow } from '../../ui/use-now.ts'
import { expiryState } from './token-expiry.ts'
import { TokenTable } from './TokenTable.tsx'
import classes from './TokenList.module.css'

export type Token = TokenList_AccountUserFragment['personalAccessTokens'][number]

interface TokenListProps {
  tokens: Token[]
  onRotate: (token: Token) => void
  onDelete: (token: Token) => void
}

/** The tokens of one person in one account. */
export function TokenList({
  tokens,
  longestTokenDays,
  ...actions
}: TokenListProps & { longestTokenDays: number }) {
  const { t } = useLingui()
  // As the server counts them: one that is replaced keeps nobody from making another.
  const { length: count } = tokens.filter(({ replacedAt }) => !replacedAt)
  return (
    <Card>
      <TokenTable
        tokens={tokens}
        renderActions={(token) => <Actions token={token} {...actions} />}
        foot={t`${count} of ${tokensPerAccountUser}. A token lives for at most ${plural(longestTokenDays, { one: '# day', other: '# days' })}.`}
      />
    </Card>
  )
}

function Actions({ token, onRotate, onDelete }: { token: Token } & Omit<TokenListProps, 'tokens'>) {
  const { t } = useLingui()
  const { name } = token
  return (
    <div className={classes.actions}>
      {!token.replacedAt && <RotateButton token={token} onRotate={onRotate} />}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        className={classes.button}
        aria-label={t`Delete ${name}`}
        onClick={() => onDelete(token)}
      >
        <IconTrash aria-hidden size={18} stroke={1.7} />
      </ActionIcon>
    </div>
  )
}

/** In words where a token ends soon, or has ended. */
function RotateButton({ token, onRotate }: { token: Token; onRotate: TokenListProps['onRotate'] }) {
  const { t } = useLingui()
  const now = useNow()
  const { name, expiresAt } = token
  const isUrgent = expiresAt !== null && expiryState(new Date(expiresAt), now) !== 'fine'
  const label = t`Replace ${name}`
  if (isUrgent) {
    return (
      <Button variant="default" size="xs" aria-label={label} onClick={() => onRotate(token)}>
        <Trans>Replace</Trans>
      </Button>
    )
  }
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      className={classes.button}
      aria-label={label}
      onClick={() => onRotate(token)}
    >
      <IconRefresh aria-hidden size={18} stroke={1.7} />
    </ActionIcon>
  )
}
