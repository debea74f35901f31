import type { DemoAccount, DemoPerson } from './demo-people.ts'

/** An item of an inbox, told by its age. */
export interface DemoItem {
  minutesAgo: number
  account: DemoAccount
  type: string
  title: string
  body: string
  entity?: { type: string; id: string; name: string }
  /** Null = unread. */
  readMinutesAgo: number | null
}

const hour = 60
const day = 24 * hour

const ticket = (id: string) => ({ type: 'Ticket', id, name: `Ticket ${id}` })
const job = (id: string, name: string) => ({ type: 'Job', id, name })
const task = (id: string, name: string) => ({ type: 'Task', id, name })

/** Newest first. */
export const demoInboxes: Partial<Record<DemoPerson, DemoItem[]>> = {
  mara: [
    {
      minutesAgo: 4,
      account: 'acme',
      type: 'TICKET_REPLIED',
      title: 'Reply on ticket 20418',
      body: 'Harbour Dental: “Still no line since the reboot at two. Reception opens at 7:30 and we cannot take calls. Is somebody coming?”',
      entity: ticket('20418'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 9,
      account: 'acme',
      type: 'NETWORK_ALERT',
      title: 'Core router 2 at Pier 9 is unreachable',
      body: 'No answer to ping or SNMP for five minutes. 214 customers are behind it.',
      entity: { type: 'Device', id: 'pier9-cr2', name: 'Core router 2, Pier 9' },
      readMinutesAgo: null,
    },
    {
      minutesAgo: 26,
      account: 'northwind',
      type: 'JOB_RESCHEDULED',
      title: 'Job moved to 09:30',
      body: 'Fibre splice, Cabinet 17. It was 08:00.',
      entity: job('J-3187', 'Fibre splice, Cabinet 17'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 70,
      account: 'acme',
      type: 'TICKET_ASSIGNED',
      title: 'Ticket 20431 assigned to you',
      body: 'Lakeside Library: packet loss on the uplink.',
      entity: ticket('20431'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 3 * hour,
      account: 'acme',
      type: 'TASK_PAST_DUE',
      title: 'Task overdue: Call back Orchard Clinic',
      body: 'It was due yesterday at 17:00.',
      entity: task('T-911', 'Call back Orchard Clinic'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 5 * hour,
      account: 'acme',
      type: 'IMPORT_COMPLETED',
      title: 'Import finished: 1,204 of 1,204 rows',
      body: 'price-list-november.csv',
      readMinutesAgo: 4 * hour,
    },
    {
      minutesAgo: 14 * hour,
      account: 'acme',
      type: 'TICKET_COMMENTED',
      title: 'Comment on ticket 20397',
      body: 'Imre Valdano: “The school closes at four. I can be there at two with a spare optic.”',
      entity: ticket('20397'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 16 * hour,
      account: 'northwind',
      type: 'JOB_FAILED',
      title: 'Job failed: Router swap, Mill Lane 4',
      body: 'Nobody was on site. It needs a new date.',
      entity: job('J-3162', 'Router swap, Mill Lane 4'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 21 * hour,
      account: 'northwind',
      type: 'JOB_COMPLETED',
      title: 'Job completed: Survey, Pier 9',
      body: 'By Tomás Okafor-Vega in 55 minutes.',
      entity: job('J-3158', 'Survey, Pier 9'),
      readMinutesAgo: 20 * hour,
    },
    {
      minutesAgo: 30 * hour,
      account: 'acme',
      type: 'TICKET_ASSIGNED_GROUP',
      title: 'Ticket 20402 assigned to Voice support',
      body: 'Quarry Road School: handsets lose their registration every night.',
      entity: ticket('20402'),
      readMinutesAgo: 29 * hour,
    },
    {
      minutesAgo: 2 * day + 2 * hour,
      account: 'acme',
      type: 'SYSTEM_BACKUP_FAILED',
      title: 'Backup of billing-db failed',
      body: 'The target had 2 GB left. The backup of the night before is complete.',
      entity: { type: 'System', id: 'billing-db', name: 'billing-db' },
      readMinutesAgo: 2 * day,
    },
    {
      minutesAgo: 2 * day + 9 * hour,
      account: 'northwind',
      type: 'TASK_DUE_SOON',
      title: 'Task due tomorrow: Order splice trays',
      body: 'Twelve trays for cabinets 14 to 17.',
      entity: task('T-887', 'Order splice trays'),
      readMinutesAgo: 2 * day + 8 * hour,
    },
    {
      minutesAgo: 3 * day + 4 * hour,
      account: 'acme',
      type: 'TICKET_REPLIED_GROUP',
      title: 'Reply on ticket 20377',
      body: 'Bright Bakery: “It works again, thank you.”',
      entity: ticket('20377'),
      readMinutesAgo: 3 * day,
    },
    {
      minutesAgo: 4 * day,
      account: 'acme',
      type: 'NETWORK_ALERT',
      title: 'Uplink 1 at Harbour Row above 90 percent',
      body: 'For twenty minutes. Traffic moved to uplink 2 by itself.',
      entity: { type: 'Device', id: 'harbour-up1', name: 'Uplink 1, Harbour Row' },
      readMinutesAgo: 4 * day - 30,
    },
    {
      minutesAgo: 5 * day + 6 * hour,
      account: 'northwind',
      type: 'IMPORT_FAILED',
      title: 'Import failed in row 88 of 640',
      body: 'cabinets-2026.csv: the column “splitter” is empty.',
      readMinutesAgo: 5 * day,
    },
  ],
  imre: [
    {
      minutesAgo: 12,
      account: 'northwind',
      type: 'JOB_ASSIGNED',
      title: 'Job assigned to you: Fibre splice, Cabinet 17',
      body: 'Today at 09:30. Key 4 is in the van.',
      entity: job('J-3187', 'Fibre splice, Cabinet 17'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 55,
      account: 'acme',
      type: 'TICKET_ASSIGNED',
      title: 'Ticket 20433 assigned to you',
      body: 'Orchard Clinic: a new handset for room 3.',
      entity: ticket('20433'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 6 * hour,
      account: 'acme',
      type: 'TASK_DUE_SOON',
      title: 'Task due today: Return the test set',
      body: 'To the store at Harbour Row, before 18:00.',
      entity: task('T-902', 'Return the test set'),
      readMinutesAgo: null,
    },
    {
      minutesAgo: 26 * hour,
      account: 'acme',
      type: 'TICKET_COMMENTED',
      title: 'Comment on ticket 20397',
      body: 'Mara Lindqvist: “Two o’clock is fine. I told the caretaker.”',
      entity: ticket('20397'),
      readMinutesAgo: 25 * hour,
    },
    {
      minutesAgo: 3 * day,
      account: 'northwind',
      type: 'JOB_RESCHEDULED',
      title: 'Job moved to Thursday 13:00',
      body: 'Drop cable, Mill Lane 9. It was Wednesday 08:00.',
      entity: job('J-3149', 'Drop cable, Mill Lane 9'),
      readMinutesAgo: 3 * day - hour,
    },
  ],
}
