import { tokenLifetimeDays, tokensPerAccountUser } from '@lanyard/contract/limits'
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { type TokenList_AccountUserFragment } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { Card } from '../../ui/Card.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { TokenExpiry } from './TokenExpiry.tsx'
import { TokenLastUsed } from './TokenLastUsed.tsx'
import classes from './TokenList.module.css'

export type Token = TokenList_AccountUserFragment['personalAccessTokens'][number]

interface TokenListProps {
  tokens: Token[]
  onDelete: (token: Token) => void
}

/** The tokens of one account: a table where there is room, else a list. */
export function TokenList(props: TokenListProps) {
  const { length: count } = props.tokens
  return (
    <Card>
      {useIsPhone() ? <List {...props} /> : <Table {...props} />}
      <p className={classes.foot}>
        <Trans>
          {count} of {tokensPerAccountUser}. A token lives for at most {tokenLifetimeDays.max} days.
        </Trans>
      </p>
    </Card>
  )
}

function Table({ tokens, onDelete }: TokenListProps) {
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
            <span className="ly-visually-hidden">{t`Delete`}</span>
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
              <Rights token={token} />
            </td>
            <td className="ly-mono">…{token.lastFour}</td>
            <td>
              <TokenLastUsed token={token} />
            </td>
            <td>
              <TokenExpiry at={token.expiresAt} />
            </td>
            <td className={classes.action}>
              <DeleteButton token={token} onDelete={onDelete} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function List({ tokens, onDelete }: TokenListProps) {
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <li key={token.id} className={classes.item}>
          <div className={classes.about}>
            <p className={classes.name}>{token.name}</p>
            <p>
              <Rights token={token} /> · <span className="ly-mono">…{token.lastFour}</span>
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
                Expires: <TokenExpiry at={token.expiresAt} />
              </Trans>
            </p>
          </div>
          <DeleteButton token={token} onDelete={onDelete} />
        </li>
      ))}
    </ul>
  )
}

function Rights({ token }: { token: Token }) {
  return token.readOnly ? <Trans>Read only</Trans> : <Trans>Read and write</Trans>
}

function DeleteButton({ token, onDelete }: { token: Token; onDelete: TokenListProps['onDelete'] }) {
  const { t } = useLingui()
  const { name } = token
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      className={classes.delete}
      aria-label={t`Delete ${name}`}
      onClick={() => onDelete(token)}
    >
      <IconTrash aria-hidden size={18} stroke={1.7} />
    </ActionIcon>
  )
}
