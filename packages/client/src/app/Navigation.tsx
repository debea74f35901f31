import { Trans, useLingui } from '@lingui/react/macro'
import { IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { useBadge } from '../features/notifications/use-badge.ts'
import { Emoji } from '../ui/Emoji.tsx'
import { useAccountLink, useCurrentAccountIfAny } from './current-account.tsx'
import { paths } from './paths.ts'
import {
  type Section,
  accountSections,
  administrationSections,
  globalSections,
  sectionsFor,
} from './sections.ts'
import { useViewer } from './viewer.tsx'
import classes from './Navigation.module.css'

/** The sections at the left of a desk; on a phone `/settings` is their list. */
export function Navigation() {
  const { t } = useLingui()
  const viewer = useViewer()
  const badge = useBadge(viewer.id)
  const accountLink = useAccountLink()
  const current = useCurrentAccountIfAny()
  const accountName = current?.account.name
  const administration = sectionsFor(administrationSections, current?.permissions ?? [])
  const unread = badge?.unread ?? 0

  return (
    <nav className={classes.navigation} aria-label={t`Settings`}>
      <ul className={classes.links}>
        <li>
          <NavLink className={() => classes.link} to={accountLink(paths.inbox)}>
            {viewer.emojiMode ? <Emoji>📥</Emoji> : <IconInbox aria-hidden size={18} stroke={1.7} />}
            <Trans>Inbox</Trans>
            {unread > 0 && <span className={classes.count}>{unread}</span>}
          </NavLink>
        </li>
      </ul>
      <Group title={<Trans>You, in every account</Trans>} sections={globalSections} />
      {accountName && <Group title={t`In ${accountName}`} sections={accountSections} />}
      {administration.length > 0 && (
        <Group title={<Trans>Administration</Trans>} sections={administration} />
      )}
    </nav>
  )
}

function Group({ title, sections }: { title: ReactNode; sections: readonly Section[] }) {
  const { i18n } = useLingui()
  const { emojiMode } = useViewer()
  const accountLink = useAccountLink()

  return (
    <>
      <p className={classes.title}>{title}</p>
      <ul className={classes.links}>
        {sections.map(({ path, label, icon: SectionIcon, emoji }) => (
          <li key={path}>
            <NavLink className={() => classes.link} to={accountLink(path)}>
              {emojiMode ? <Emoji>{emoji}</Emoji> : <SectionIcon aria-hidden size={18} stroke={1.7} />}
              {i18n._(label)}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  )
}
