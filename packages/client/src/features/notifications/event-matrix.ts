import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { type Icon, IconBell, IconMail, IconMessage2 } from '@tabler/icons-react'
import type {
  Channel,
  ChannelNeed,
  EventMatrix_AccountUserFragment,
  EventMatrix_UserFragment,
} from '../../graphql/generated.ts'
import type { EventPreferences } from './use-event-preferences.ts'

export type Preference = EventMatrix_AccountUserFragment['notificationPreferences'][number]

/** The events of one category, in the order of the catalogue. */
export interface Category {
  name: string
  preferences: Preference[]
}

/** One channel over which events can come. */
export interface Column {
  channel: Channel
  label: MessageDescriptor
  /** What a box of it is called, after the {name} of its event or category. */
  boxName: MessageDescriptor
  icon: Icon
  /** Why nothing comes over it now; null = it does. */
  missing: ChannelNeed | null
}

export interface EventMatrixProps {
  categories: Category[]
  columns: Column[]
  boxes: EventPreferences
}

/** Categories have no ids: their names, in the reader's language, are what tells them apart. */
export function categoriesOf(preferences: readonly Preference[]): Category[] {
  const byName = Map.groupBy(preferences, ({ eventType }) => eventType.category)
  return [...byName].map(([name, ofCategory]) => ({ name, preferences: ofCategory }))
}

/** The channels that carry events, in the order of the page; the inbox is always there. */
const columns: readonly Omit<Column, 'missing'>[] = [
  { channel: 'EMAIL', label: msg`Email`, boxName: msg({ message: '{name}, email' }), icon: IconMail },
  { channel: 'IN_APP', label: msg`In-app`, boxName: msg({ message: '{name}, in-app' }), icon: IconBell },
  { channel: 'SMS', label: msg`SMS`, boxName: msg({ message: '{name}, SMS' }), icon: IconMessage2 },
]

export function columnsOf(channels: EventMatrix_UserFragment['channels']): Column[] {
  const needs = new Map(channels.map(({ channel, missing }) => [channel, missing]))
  return columns.map((column) => ({ ...column, missing: needs.get(column.channel) ?? null }))
}
