import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import {
  type Icon,
  IconAddressBook,
  IconBell,
  IconHistory,
  IconKey,
  IconLogin2,
  IconShieldLock,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import type { Permission } from '@lanyard/contract/permissions'
import { paths } from './paths.ts'

export interface Section {
  path: string
  label: MessageDescriptor
  icon: Icon
  /** Before the label in emoji mode. */
  emoji: string
  /** Whoever has none of them in the current account has nothing to do there; absent: it is for everybody. */
  permissions?: readonly Permission[]
}

/** The person's own settings, the same in every account. */
export const globalSections: readonly Section[] = [
  { path: paths.profile, label: msg`Profile`, icon: IconUser, emoji: '👤' },
  { path: paths.contacts, label: msg`Contacts`, icon: IconAddressBook, emoji: '📇' },
  { path: paths.security, label: msg`Security`, icon: IconShieldLock, emoji: '🔒' },
  { path: paths.activity, label: msg`Activity`, icon: IconHistory, emoji: '🕘' },
]

/** The settings that differ from account to account. */
export const accountSections: readonly Section[] = [
  { path: paths.notifications, label: msg`Notifications`, icon: IconBell, emoji: '🔔' },
  { path: paths.tokens, label: msg`Access tokens`, icon: IconKey, emoji: '🔑' },
  { path: paths.members, label: msg`Members`, icon: IconUsers, emoji: '👥' },
]

/** What some people look after for all of an account. */
export const administrationSections: readonly Section[] = [
  {
    path: paths.signInSettings,
    label: msg`Sign-in`,
    icon: IconLogin2,
    emoji: '🚪',
    permissions: ['account.manage', 'tokens.others'],
  },
]

/** The sections in which somebody with these permissions has something to do. */
export function sectionsFor(
  sections: readonly Section[],
  permissions: readonly string[],
): readonly Section[] {
  return sections.filter((section) => section.permissions?.some((one) => permissions.includes(one)) ?? true)
}
