import type { ReactNode } from 'react'
import { Avatar } from '../../ui/Avatar.tsx'
import { RowText } from '../../ui/RowText.tsx'
import classes from './MemberRow.module.css'

interface MemberRowProps {
  person: { name: string; username: string; avatarUrl: string | null }
  roles: readonly { name: string }[]
  /** Beside the name, as pills. */
  marks?: ReactNode
  /** What else is known, after the roles. */
  standing?: ReactNode
  /** Why something cannot be done with them, in place of its button. */
  reason?: ReactNode
  /** What can be done with them: at the right, below the rest on a phone. */
  actions?: ReactNode
}

/** One person of an account, in a list. */
export function MemberRow({ person, roles, marks, standing, reason, actions }: MemberRowProps) {
  return (
    <li className={classes.row}>
      <Avatar name={person.name} url={person.avatarUrl} />
      <RowText
        name={person.name}
        marks={
          <>
            <span className={classes.username}>@{person.username}</span>
            {marks}
          </>
        }
        meta={
          <>
            {roles.map(({ name }) => name).join(', ')}
            {standing && <> · {standing}</>}
          </>
        }
        note={reason}
      />
      {actions && <div className={classes.actions}>{actions}</div>}
    </li>
  )
}
