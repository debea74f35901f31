import { Trans, useLingui } from '@lingui/react/macro'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useAccountLink } from '../../app/current-account.tsx'
import { paths } from '../../app/paths.ts'
import { type Column } from './event-matrix.ts'
import classes from './ColumnsOff.module.css'

/** Why some columns cannot be used, once for each, and the way out. Nothing when all can. */
export function ColumnsOff({ columns }: { columns: Column[] }) {
  const off = columns.filter(({ missing }) => missing !== null)
  if (off.length === 0) return null
  return (
    <div className={classes.notes}>
      {off.map((column) => (
        <p key={column.channel} id={columnOffId(column)} className={classes.note}>
          <IconInfoCircle aria-hidden size={16} stroke={1.7} />
          <span>
            <Reason column={column} />
          </span>
        </p>
      ))}
    </div>
  )
}

/** What the boxes of a column that is off are described by. */
export function columnOffId({ channel, missing }: Pick<Column, 'channel' | 'missing'>): string | undefined {
  return missing ? `${channel}-is-off` : undefined
}

function Reason({ column: { label, missing } }: { column: Column }) {
  const { i18n } = useLingui()
  const accountLink = useAccountLink()
  const channel = i18n._(label)
  const wayOut = { to: accountLink(paths.contacts) }

  if (missing === 'PROVEN_EMAIL') {
    return (
      <Trans>
        <strong>{channel} is off.</strong> Nothing is sent before an email is proven.{' '}
        <Link {...wayOut}>Prove an email</Link>
      </Trans>
    )
  }
  if (missing === 'VERIFIED_PHONE') {
    return (
      <Trans>
        <strong>{channel} is off.</strong> Nothing is sent before a phone is verified.{' '}
        <Link {...wayOut}>Verify a phone</Link>
      </Trans>
    )
  }
  return (
    <Trans>
      <strong>{channel} is off.</strong> This server is not set up for it; whoever runs it can change that.
    </Trans>
  )
}
