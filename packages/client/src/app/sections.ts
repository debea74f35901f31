import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import {
  type Icon,
  IconAddressBook,
  IconBell,
  IconHistory,
  IconKey,
  IconShieldLock,
  IconUser,
} from '@tabler/icons-react'
import { paths } from './paths.ts'

export interface Section {
  path: string
  label: MessageDescriptor
  icon: Icon
  /** Before the label in emoji mode. */
  emoji: string
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
]
