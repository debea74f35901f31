import { Trans, useLingui } from '@lingui/react/macro'
import { IconChevronRight, IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link, Navigate } from 'react-router'
import { useBadge } from '../features/notifications/use-badge.ts'
import { Avatar } from '../ui/Avatar.tsx'
import { Emoji } from '../ui/Emoji.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { useIsPhone } from '../ui/use-is-phone.ts'
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
import classes from './SettingsListPage.module.css'

/** The sections as a page of their own on a phone. A desk shows them at the left, and here the first. */
export function SettingsListPage() {
  const { t } = useLingui()
  const viewer = useViewer()
  const badge = useBadge(viewer.id)
  const current = useCurrentAccountIfAny()
  const accountName = current?.account.name
  const administration = sectionsFor(administrationSections, current?.permissions ?? [])
  const accountLink = useAccountLink()
  const isPhone = useIsPhone()
  usePageTitle(t`Settings`)
  if (!isPhone) return <Navigate replace to={accountLink(paths.profile)} />

  const unread = badge?.unread ?? 0
  const inboxIcon = viewer.emojiMode ? <Emoji>📥</Emoji> : <IconInbox aria-hidden size={20} stroke={1.7} />
  return (
    <nav aria-label={t`Settings`}>
      <div className={classes.person}>
        <Avatar name={viewer.name} url={viewer.avatarUrl} size="lg" />
        <h1 tabIndex={-1} data-page-title>
          {viewer.name}
        </h1>
      </div>
      <ul className={classes.list}>
        <Row to={accountLink(paths.inbox)} icon={inboxIcon} count={unread}>
          <Trans>Inbox</Trans>
        </Row>
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
      <h2 className={classes.title}>{title}</h2>
      <ul className={classes.list}>
        {sections.map(({ path, label, icon: SectionIcon, emoji }) => {
          const icon = emojiMode ? (
            <Emoji>{emoji}</Emoji>
          ) : (
            <SectionIcon aria-hidden size={20} stroke={1.7} />
          )
          return (
            <Row key={path} to={accountLink(path)} icon={icon}>
              {i18n._(label)}
            </Row>
          )
        })}
      </ul>
    </>
  )
}

function Row(props: { to: string; icon: ReactNode; count?: number; children: ReactNode }) {
  return (
    <li>
      <Link className={classes.row} to={props.to}>
        <span className={classes.icon}>{props.icon}</span>
        {props.children}
        <span className={classes.end}>
          {props.count !== undefined && props.count > 0 && (
            <span className={classes.count}>{props.count}</span>
          )}
          <IconChevronRight aria-hidden size={20} stroke={1.7} />
        </span>
      </Link>
    </li>
  )
}
