import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import type { TokenList_AccountUserFragment } from '../../graphql/generated.ts'
import { AbsoluteTime } from '../../ui/AbsoluteTime.tsx'
import { useIsPhone } from '../../ui/use-is-phone.ts'
import { TokenExpiry } from './TokenExpiry.tsx'
import { TokenLastUsed } from './TokenLastUsed.tsx'
import { TokenRights } from './TokenRights.tsx'
import classes from './TokenTable.module.css'

/** What is shown of any token, whoever looks at it. */
type ShownToken = TokenList_AccountUserFragment['personalAccessTokens'][number]

interface TokenRowsProps<Token extends ShownToken> {
  tokens: readonly Token[]
  /** Whose each of them is, where tokens of several people stand together. */
  ownerOf?: (token: Token) => { name: string; username: string }
  /** What can be done with it. */
  renderActions: (token: Token) => ReactNode
}

interface TokenTableProps<Token extends ShownToken> extends TokenRowsProps<Token> {
  /** Under all of them: how many there are. */
  foot: string
}

/** Tokens on a card: a table where there is room, else a list. */
export function TokenTable<Token extends ShownToken>({ foot, ...rows }: TokenTableProps<Token>) {
  return (
    <>
      {useIsPhone() ? <List {...rows} /> : <Table {...rows} />}
      <p className={classes.foot}>{foot}</p>
    </>
  )
}

function Table<Token extends ShownToken>({ tokens, ownerOf, renderActions }: TokenRowsProps<Token>) {
  const { t } = useLingui()
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Name</Trans>
          </th>
          {ownerOf && (
            <th scope="col">
              <Trans>Person</Trans>
            </th>
          )}
          <th scope="col">
            <Trans>Can</Trans>
          </th>
          {!ownerOf && (
            <th scope="col">
              <Trans>Ends in</Trans>
            </th>
          )}
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
                {token.name}
                {ownerOf && (
                  <>
                    {' '}
                    <LastFour token={token} />
                  </>
                )}
              </span>
              <span className={classes.created}>
                <Created token={token} />
              </span>
            </th>
            {ownerOf && (
              <td>
                <Owner owner={ownerOf(token)} />
              </td>
            )}
            <td>
              <TokenRights token={token} />
            </td>
            {!ownerOf && <td className="ly-mono">…{token.lastFour}</td>}
            <td>
              <TokenLastUsed token={token} />
            </td>
            <td>
              <TokenExpiry at={token.expiresAt} isReplaced={token.replacedAt !== null} />
            </td>
            <td className={classes.action}>{renderActions(token)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function List<Token extends ShownToken>({ tokens, ownerOf, renderActions }: TokenRowsProps<Token>) {
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <li key={token.id} className={classes.item}>
          <div className={classes.about}>
            <p className={classes.name}>{token.name}</p>
            {ownerOf && (
              <p>
                <Owner owner={ownerOf(token)} />
              </p>
            )}
            <p>
              <TokenRights token={token} /> · <LastFour token={token} />
            </p>
            <p>
              <Created token={token} />
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
          {renderActions(token)}
        </li>
      ))}
    </ul>
  )
}

function LastFour({ token }: { token: ShownToken }) {
  return <span className="ly-mono">…{token.lastFour}</span>
}

function Created({ token }: { token: ShownToken }) {
  return (
    <Trans>
      Created <AbsoluteTime at={token.createdAt} only="date" />
    </Trans>
  )
}

function Owner({ owner }: { owner: { name: string; username: string } }) {
  return (
    <>
      <span className={classes.owner}>{owner.name}</span> <span>@{owner.username}</span>
    </>
  )
}
