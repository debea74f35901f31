import {
  type Icon,
  IconAlertTriangle,
  IconBell,
  IconClipboardCheck,
  IconDatabase,
  IconDownload,
  IconMessage2,
  IconTicket,
  IconTool,
} from '@tabler/icons-react'

/** By the beginning of an event type's id, the more particular first. */
const icons: readonly (readonly [string, Icon])[] = [
  ['TICKET_REPLIED', IconMessage2],
  ['TICKET_COMMENTED', IconMessage2],
  ['TICKET_', IconTicket],
  ['JOB_', IconTool],
  ['TASK_', IconClipboardCheck],
  ['IMPORT_', IconDownload],
  ['SYSTEM_BACKUP_', IconDatabase],
  ['NETWORK_ALERT', IconAlertTriangle],
]

/** What kind of thing happened, beside the words that say it. */
export function EventIcon({ eventType }: { eventType: string }) {
  const EventTypeIcon = icons.find(([beginning]) => eventType.startsWith(beginning))?.[1] ?? IconBell
  return <EventTypeIcon aria-hidden size={18} stroke={1.7} />
}
