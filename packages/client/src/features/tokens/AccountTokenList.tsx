import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { type AccountToken } from './AccountTokens.tsx'
import { TokenExpiry } from './TokenExpiry.tsx'
import { TokenLastUsed } from './TokenLastUsed.tsx'
import { TokenRights } from './TokenRights.tsx'
import classes from './TokenList.module.css'

interface AccountTokenListProps {
  tokens: AccountToken[]
  onRevoke: (token: AccountToken) => void
}

/** The tokens of everybody in an account: a table where there is room, else a list. */
export function AccountTokenList(props: AccountTokenListProps) {
  return useIsPhone() ? <List {...props} /> : <Table {...props} />
}

function Table({ tokens, onRevoke }: AccountTokenListProps) {
  const { t } = useLingui()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Name</Trans>
          </th>
          <th scope="col">
            <Trans>Person</Trans>
          </th>
          <th scope="col">
            <Trans>Can</Trans>
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
              <span className={classes.name}>
                {token.name} <span className="ly-mono">…{token.lastFour}</span>
              </span>
              <span className={classes.created}>
                <Trans>
                  Created <AbsoluteTime at={token.createdAt} only="date" />
                </Trans>
              </span>
            </th>
            <td>
              <Owner token={token} />
            </td>
            <td>
              <TokenRights token={token} />
            </td>
            <td>
              <TokenLastUsed token={token} />
            </td>
            <td>
              <TokenExpiry at={token.expiresAt} isReplaced={token.replacedAt !== null} />
            </td>
            <td className={classes.action}>
              <RevokeButton token={token} onRevoke={onRevoke} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function List({ tokens, onRevoke }: AccountTokenListProps) {
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <li key={token.id} className={classes.item}>
          <div className={classes.about}>
            <p className={classes.name}>{token.name}</p>
            <p>
              <Owner token={token} />
            </p>
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
          <RevokeButton token={token} onRevoke={onRevoke} />
        </li>
      ))}
    </ul>
  )
}

function Owner({ token: { owner } }: { token: AccountToken }) {
  return (
    <>
      <span className={classes.owner}>{owner.name}</span> <span>@{owner.username}</span>
    </>
  )
}

function RevokeButton({
  token,
  onRevoke,
}: { token: AccountToken } & Omit<AccountTokenListProps, 'tokens'>) {
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
