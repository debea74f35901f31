import { type ReactNode, useId } from 'react'
import { type Scope, ScopeBadge } from './ScopeBadge.tsx'
import classes from './SettingsSection.module.css'

interface SettingsSectionProps {
  title: string
  /** What a link of the same page leads to it by. */
  anchor?: string
  scope?: Scope
  help?: ReactNode
  /** A button beside the head; under the card, at full width, on a phone. */
  action?: ReactNode
  /** What became of the last change, when the section and not a row says so. */
  status?: ReactNode
  children: ReactNode
}

/** A part of a settings page: what it is about, whose it is, and one card. */
export function SettingsSection(props: SettingsSectionProps) {
  const { title, anchor, scope, help, action, status, children } = props
  const titleId = useId()
  return (
    <section id={anchor} className={classes.section} aria-labelledby={titleId}>
      <div className={classes.head}>
        <div className={classes.title}>
          <h2 id={titleId}>{title}</h2>
          {scope && <ScopeBadge scope={scope} />}
        </div>
        {help && <p className={classes.help}>{help}</p>}
      </div>
      {status && <div className={classes.status}>{status}</div>}
      <div className={classes.body}>{children}</div>
      {action && <div className={classes.action}>{action}</div>}
    </section>
  )
}
