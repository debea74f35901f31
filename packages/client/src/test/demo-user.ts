import { emailDouble, phoneDouble } from './contacts-double.ts'

/** A person as the schema has them, for the server's double. A test changes what it is about. */
export function demoUser(changes: Record<string, unknown> = {}) {
  return {
    id: 'u1',
    username: 'mara.lindqvist',
    name: 'Mara Lindqvist',
    publicName: 'Mara at Acme',
    avatarUrl: null,
    superAdmin: false,
    language: 'EN',
    timeZone: 'America/New_York',
    emojiMode: false,
    rowsPerPage: 25,
    landingPage: 'USER_PROFILE',
    landingPageOptions: ['USER_PROFILE', 'LAST_VISITED'],
    appNotificationPersistent: 'HIGH',
    appNotificationSound: 'default',
    pushShowsContent: false,
    landingPath: '/settings/profile',
    lastAccountId: null,
    emails: [
      emailDouble({
        id: 'e1',
        address: 'mara@example.com',
        primary: true,
        verifiedAt: '2026-11-01T00:00:00Z',
      }),
    ],
    phones: [phoneDouble({ id: 'p1', number: '+12025550142', primary: true })],
    channels: ['SMS', 'EMAIL'].map((channel) => ({ channel, configured: true, missing: null })),
    accountUsers: [
      {
        id: 'au1',
        account: { id: 'a1', name: 'Acme Networks' },
        roles: [{ id: 'r1', name: 'Dispatcher', permissions: [] }],
      },
      {
        id: 'au2',
        account: { id: 'a2', name: 'Northwind Fibre' },
        roles: [{ id: 'r2', name: 'Technician', permissions: [] }],
      },
    ],
    currentSession: { id: 's1', device: 'Firefox on Linux', expiresAt: '2026-11-30T08:04:00Z' },
    ...changes,
  }
}
