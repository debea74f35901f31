import { tokensPerAccountUser } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button } from '@mantine/core'
import { IconRefresh, IconTrash } from '@tabler/icons-react'
import { type TokenList_AccountUserFragment } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Card } from '../../ui/Card.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { useNow } from '../../ui/use-now.ts'
import { expiryState } from './token-expiry.ts'
import { TokenExpiry } from './TokenExpiry.tsx'
import { TokenLastUsed } from './TokenLastUsed.tsx'
import { TokenRights } from './TokenRights.tsx'
import classes from './TokenList.module.css'

export type Token = TokenList_AccountUserFragment['personalAccessTokens'][number]

interface TokenListProps {
  tokens: Token[]
  onRotate: (token: Token) => void
  onDelete: (token: Token) => void
}

/** The tokens of one account: a table where there is room, else a list. */
export function TokenList({ longestTokenDays, ...props }: TokenListProps & { longestTokenDays: number }) {
  const { t } = useLingui()
  // As the server counts them: one that is replaced keeps nobody from making another.
  const { length: count } = props.tokens.filter(({ replacedAt }) => !replacedAt)
  return (
    <Card>
      {useIsPhone() ? <List {...props} /> : <Table {...props} />}
      <p className={classes.foot}>
        {t`${count} of ${tokensPerAccountUser}. A token lives for at most ${plural(longestTokenDays, { one: '# day', other: '# days' })}.`}
      </p>
    </Card>
  )
}

function Table({ tokens, ...actions }: TokenListProps) {
  const { t } = useLingui()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Name</Trans>
          </th>
          <th scope="col">
            <Trans>Can</Trans>
          </th>
          <th scope="col">
            <Trans>Ends in</Trans>
          </th>
          <th scope="col">
            <Trans>Last used</Trans>
          </th>
          <th scope="col">
            <Trans>Expires</Trans>
          </th>
          <th scope="col">
            <span className="ly-visually-hidden">{t`Actions`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">
              <span className={classes.name}>{token.name}</span>
              <span className={classes.created}>
                <Trans>
                  Created <AbsoluteTime at={token.createdAt} only="date" />
                </Trans>
              </span>
            </th>
            <td>
              <TokenRights token={token} />
            </td>
            <td className="ly-mono">…{token.lastFour}</td>
            <td>
              <TokenLastUsed token={token} />
            </td>
            <td>
              <TokenExpiry at={token.expiresAt} isReplaced={token.replacedAt !== null} />
            </td>
            <td className={classes.action}>
              <Actions token={token} {...actions} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function List({ tokens, ...actions }: TokenListProps) {
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <li key={token.id} className={classes.item}>
          <div className={classes.about}>
            <p className={classes.name}>{token.name}</p>
            <p>
              <TokenRights token={token} /> · <span className="ly-mono">…{token.lastFour}</span>
            </p>
            <p>
              <Trans>
                Created <AbsoluteTime at={token.createdAt} only="date" />
              </Trans>
            </p>
            <p>
              <Trans>
                Last used: <TokenLastUsed token={token} />
              </Trans>
            </p>
            <p>
              <Trans>
                Expires: <TokenExpiry at={token.expiresAt} isReplaced={token.replacedAt !== null} />
              </Trans>
            </p>
          </div>
          <Actions token={token} {...actions} />
        </li>
      ))}
    </ul>
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
