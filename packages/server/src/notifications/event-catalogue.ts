import type { MessageDescriptor } from '@lingui/core'
import { Field, ID, ObjectType } from 'type-graphql'

import { translate } from '../translations.ts'
import { Channel } from '../delivery/channel.ts'
import type { Language } from '../language.ts'
import { usualChannels } from './event-channels.ts'
import { NotificationKind } from './notification.entity.ts'

interface CatalogueEntry {
  id: string
  category: MessageDescriptor
  name: MessageDescriptor
  /** Which tab of the inbox it belongs to. */
  kind: NotificationKind
  /** What is in force where nothing was chosen. */
  usual: readonly Channel[]
  /** Told by Lanyard itself: nobody else may publish it. */
  isOwn: boolean
}

const tickets = /*i18n*/ { id: 'category.tickets', message: 'Tickets' }
const work = /*i18n*/ { id: 'category.work', message: 'Tasks and jobs' }
const monitoring = /*i18n*/ { id: 'category.monitoring', message: 'Monitoring' }
const data = /*i18n*/ { id: 'category.data', message: 'Data' }
const security = /*i18n*/ { id: 'category.security', message: 'Security' }

const { NOTIFICATION, ALERT } = NotificationKind

/**
 * What people are told of, in the order of the settings page; a new event type is one entry.
 * Source: reference list A50 of Sonar's event types that make sense outside an internet provider.
 */
const catalogue: CatalogueEntry[] = [
  entry(
    'TICKET_ASSIGNED',
    tickets,
    /*i18n*/ { id: 'event.TICKET_ASSIGNED', message: 'Ticket assigned to me' },
  ),
  entry('TICKET_REPLIED', tickets, /*i18n*/ { id: 'event.TICKET_REPLIED', message: 'Reply on my ticket' }),
  entry(
    'TICKET_COMMENTED',
    tickets,
    /*i18n*/ {
      id: 'event.TICKET_COMMENTED',
      message: 'Internal comment on my ticket',
    },
  ),
  entry(
    'TICKET_ASSIGNED_GROUP',
    tickets,
    /*i18n*/ {
      id: 'event.TICKET_ASSIGNED_GROUP',
      message: 'Ticket assigned to my group',
    },
  ),
  entry(
    'TICKET_REPLIED_GROUP',
    tickets,
    /*i18n*/ {
      id: 'event.TICKET_REPLIED_GROUP',
      message: 'Reply on a ticket of my group',
    },
  ),
  entry(
    'TICKET_COMMENTED_GROUP',
    tickets,
    /*i18n*/ {
      id: 'event.TICKET_COMMENTED_GROUP',
      message: 'Internal comment on a ticket of my group',
    },
  ),
  entry('TASK_ASSIGNED', work, /*i18n*/ { id: 'event.TASK_ASSIGNED', message: 'Task assigned to me' }),
  entry('TASK_DUE_SOON', work, /*i18n*/ { id: 'event.TASK_DUE_SOON', message: 'Task due soon' }),
  entry('TASK_PAST_DUE', work, /*i18n*/ { id: 'event.TASK_PAST_DUE', message: 'Task overdue' }),
  entry('JOB_ASSIGNED', work, /*i18n*/ { id: 'event.JOB_ASSIGNED', message: 'Job assigned to me' }),
  entry('JOB_RESCHEDULED', work, /*i18n*/ { id: 'event.JOB_RESCHEDULED', message: 'Job moved' }),
  entry('JOB_COMPLETED', work, /*i18n*/ { id: 'event.JOB_COMPLETED', message: 'Job completed' }),
  entry('JOB_FAILED', work, /*i18n*/ { id: 'event.JOB_FAILED', message: 'Job failed' }),
  entry(
    'NETWORK_ALERT',
    monitoring,
    /*i18n*/ { id: 'event.NETWORK_ALERT', message: 'Network alert' },
    ALERT,
  ),
  entry('IMPORT_COMPLETED', data, /*i18n*/ { id: 'event.IMPORT_COMPLETED', message: 'Import finished' }),
  entry('IMPORT_FAILED', data, /*i18n*/ { id: 'event.IMPORT_FAILED', message: 'Import failed' }),
  entry(
    'SYSTEM_BACKUP_FAILED',
    data,
    /*i18n*/ { id: 'event.SYSTEM_BACKUP_FAILED', message: 'Backup failed' },
  ),
  {
    ...entry(
      'TOKEN_EXPIRING',
      security,
      /*i18n*/ { id: 'event.TOKEN_EXPIRING', message: 'My access token expires soon' },
    ),
    // Whoever has not chosen is told by mail as well: a program that stops takes more along than itself.
    usual: [Channel.IN_APP, Channel.EMAIL],
    isOwn: true,
  },
]

const byId = new Map(catalogue.map((known) => [known.id, known]))

function entry(
  id: string,
  category: MessageDescriptor,
  name: MessageDescriptor,
  kind: NotificationKind = NOTIFICATION,
): CatalogueEntry {
  return { id, category, name, kind, usual: usualChannels, isOwn: false }
}

@ObjectType({ simpleResolvers: true })
export class NotificationEventType {
  @Field(() => ID, { description: 'As TICKET_ASSIGNED.' })
  id!: string

  @Field(() => String, { description: "In the reader's language." })
  name!: string

  @Field(() => String, { description: "In the reader's language." })
  category!: string
}

/** The kind of the inbox items that an event makes; undefined when there is no such type. */
export function kindOfEvent(id: string): NotificationKind | undefined {
  return byId.get(id)?.kind
}

/** The kind of an event that somebody may publish; undefined for what only Lanyard tells. */
export function kindOfPublishedEvent(id: string): NotificationKind | undefined {
  return byId.get(id)?.isOwn ? undefined : kindOfEvent(id)
}

/** What is in force for an event type where nothing was chosen. */
export function usualChannelsOf(id: string): readonly Channel[] {
  return byId.get(id)?.usual ?? usualChannels
}

/** The category of an event type, as `tickets`. */
export function categoryOfEvent(id: string): string | undefined {
  const known = byId.get(id)
  return known && nameOfCategory(known)
}

/** The event types of a category; none when there is no such category. */
export function eventsOfCategory(category: string, kind: NotificationKind): string[] {
  return catalogue
    .filter((known) => nameOfCategory(known) === category && known.kind === kind)
    .map(({ id }) => id)
}

export function categoryTitle(language: Language | undefined, category: string): string {
  const known = catalogue.find((one) => nameOfCategory(one) === category)
  return known ? translate(language, known.category) : category
}

/** As it stands in links that people keep, so it stays what it is. */
function nameOfCategory({ category }: CatalogueEntry): string {
  return category.id.replace('category.', '')
}

/** The catalogue in the order of the settings page. */
export function eventTypes(language: Language | undefined): NotificationEventType[] {
  return catalogue.map(({ id, name, category }) => ({
    id,
    name: translate(language, name),
    category: translate(language, category),
  }))
}
