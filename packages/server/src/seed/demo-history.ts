import type { ActivityAction } from '@lanyard/contract/activity-action'
import type { Change } from '../activity/activity-entry.entity.ts'
import { demoAccounts, type DemoAccount, type DemoPerson } from './demo-people.ts'
import { demoRules } from './demo-rules.ts'

/** An entry of a person's history, told by its age. */
export interface DemoHappening {
  minutesAgo: number
  /** Null = Lanyard itself. */
  actor: DemoPerson | null
  action: ActivityAction
  subject: string
  account?: DemoAccount
  changes?: Change[]
  /** The browser it came from; absent when Lanyard did it. */
  from?: { address: string; device: string }
}

const hour = 60
const day = 24 * hour

// Addresses of RFC 5737, which are nobody's.
const marasDesk = { address: '192.0.2.24', device: 'Firefox on Linux' }
const marasPhone = { address: '198.51.100.87', device: 'Safari on iOS' }
const imresVan = { address: '198.51.100.203', device: 'Chrome on Android' }
const oonasOffice = { address: '203.0.113.9', device: 'Edge on Windows' }

const nightShift = demoRules.acme.name

/** Newest first. */
export const demoHistories: Partial<Record<DemoPerson, DemoHappening[]>> = {
  mara: [
    { minutesAgo: 7, actor: 'mara', action: 'PHONE_ADDED', subject: '+12025550178', from: marasDesk },
    { minutesAgo: 8, actor: 'mara', action: 'SIGNED_IN', subject: 'Mara Lindqvist', from: marasDesk },
    {
      minutesAgo: 20 * hour,
      actor: 'mara',
      action: 'TOKEN_CREATED',
      subject: 'Status board',
      account: 'acme',
      changes: [{ field: 'readOnly', before: null, after: 'true' }],
      from: marasDesk,
    },
    {
      minutesAgo: 2 * day + hour,
      actor: 'mara',
      action: 'NOTIFICATION_RULE_SET',
      subject: demoAccounts.acme,
      account: 'acme',
      changes: [{ field: 'notificationRule', before: nightShift, after: null }],
      from: marasPhone,
    },
    {
      minutesAgo: 3 * day,
      actor: 'mara',
      action: 'PREFERENCES_UPDATED',
      subject: 'Mara Lindqvist',
      changes: [
        { field: 'timeZone', before: 'America/Chicago', after: 'America/New_York' },
        { field: 'rowsPerPage', before: '50', after: '25' },
      ],
      from: marasDesk,
    },
    {
      minutesAgo: 5 * day + 2 * hour,
      actor: 'oona',
      action: 'NOTIFICATION_RULE_SET',
      subject: demoAccounts.acme,
      account: 'acme',
      changes: [{ field: 'notificationRule', before: null, after: nightShift }],
      from: oonasOffice,
    },
    {
      minutesAgo: 9 * day,
      actor: 'mara',
      action: 'PROFILE_UPDATED',
      subject: 'Mara Lindqvist',
      changes: [{ field: 'publicName', before: 'Mara Lindqvist', after: 'Mara at Acme' }],
      from: marasDesk,
    },
    { minutesAgo: 20 * day, actor: null, action: 'EMAIL_BLOCKED', subject: 'mara@fieldops.example.com' },
    {
      minutesAgo: 29 * day,
      actor: 'mara',
      action: 'EMAIL_VERIFIED',
      subject: 'mara@fieldops.example.com',
      from: marasDesk,
    },
    {
      minutesAgo: 29 * day + 2,
      actor: 'mara',
      action: 'EMAIL_ADDED',
      subject: 'mara@fieldops.example.com',
      from: marasDesk,
    },
    { minutesAgo: 30 * day, actor: null, action: 'USER_CREATED', subject: 'Mara Lindqvist' },
  ],
  imre: [
    { minutesAgo: 35, actor: 'imre', action: 'SIGNED_IN', subject: 'Imre Valdano', from: imresVan },
    {
      minutesAgo: 4 * day,
      actor: 'mara',
      action: 'PROFILE_UPDATED',
      subject: 'Imre Valdano',
      changes: [{ field: 'publicName', before: 'Imre Valdano', after: 'Imre at Acme' }],
      from: marasDesk,
    },
    {
      minutesAgo: 12 * day,
      actor: 'imre',
      action: 'TOKEN_CREATED',
      subject: 'Van tablet',
      account: 'northwind',
      changes: [{ field: 'readOnly', before: null, after: 'false' }],
      from: imresVan,
    },
    {
      minutesAgo: 28 * day,
      actor: 'mara',
      action: 'USER_CREATED',
      subject: 'Imre Valdano',
      from: marasDesk,
    },
  ],
}

export interface DemoToken {
  owner: DemoPerson
  account: DemoAccount
  name: string
  readOnly: boolean
  createdMinutesAgo: number
  lastUse: { minutesAgo: number; address: string; device: string } | null
}

/** Their texts are forgotten at once, so nobody can use them. */
export const demoTokens: DemoToken[] = [
  {
    owner: 'mara',
    account: 'acme',
    name: 'Status board',
    readOnly: true,
    createdMinutesAgo: 20 * hour,
    lastUse: { minutesAgo: 6, address: '192.0.2.61', device: 'status-board' },
  },
  {
    owner: 'imre',
    account: 'northwind',
    name: 'Van tablet',
    readOnly: false,
    createdMinutesAgo: 12 * day,
    lastUse: null,
  },
]
