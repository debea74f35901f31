import type { ReactNode } from 'react'
import { type Scope, ScopeBadge } from './ScopeBadge.tsx'
import { usePageTitle } from './page-title.ts'
import classes from './PageHead.module.css'

interface PageHeadProps {
  title: string
  scope?: Scope
  help?: ReactNode
  action?: ReactNode
  status?: ReactNode
}

/** The head of a settings page, and its name in the tab. Focus comes here after a navigation, so the title can take it. */
export function PageHead({ title, scope, help, action, status }: PageHeadProps) {
  usePageTitle(title)
  return (
    <header className={classes.head}>
      <div>
        <div className={classes.title}>
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          {scope && <ScopeBadge scope={scope} />}
        </div>
        {help && <p className={classes.help}>{help}</p>}
      </div>
      {(status || action) && (
        <div className={classes.end}>
          {status}
          {action}
        </div>
      )}
    </header>
  )
}
