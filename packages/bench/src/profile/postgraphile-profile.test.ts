import { expect, test } from 'vitest'

import { requireSameRows } from './postgraphile-profile.ts'

const owner = '00000000-0000-7000-8000-000000000001'
const lanyard = {
  me: {
    id: 'u',
    name: 'Mara',
    landingPageOptions: ['USER_PROFILE'],
    accountUsers: [
      { id: 'b', roles: [{ id: owner, name: 'Owner', __typename: 'Role' }], __typename: 'AccountUser' },
      { id: 'a', roles: [{ id: 'r', name: 'Technician', __typename: 'Role' }], __typename: 'AccountUser' },
    ],
    currentSession: { id: 's', expiresAt: '2026-11-26T10:00:00.000Z', __typename: 'Session' },
    emails: [
      { id: 'e', address: 'mara@example.com', verifiedAt: '2026-11-26T10:00:00.500Z', __typename: 'Email' },
    ],
    phones: [],
    __typename: 'User',
  },
}
const postgraphile = {
  me: {
    rowId: 'u',
    name: 'Mara',
    accountUsers: [
      { rowId: 'a', account: { ownerId: 'x' }, roles: [{ role: { rowId: 'r', name: 'Technician' } }] },
      { rowId: 'b', account: { ownerId: 'u' }, roles: [] },
    ],
    emails: [{ rowId: 'e', address: 'mara@example.com', verifiedAt: '2026-11-26T10:00:00.5+00:00' }],
    phones: [],
    currentSession: [{ rowId: 's', expiresAt: '2026-11-26T10:00:00+00:00' }],
  },
}
const compare = (other: object) =>
  requireSameRows(
    Buffer.from(JSON.stringify({ data: lanyard })),
    Buffer.from(JSON.stringify({ data: other })),
  )

test('the same rows under other names and in another order are the same', () => {
  expect(() => compare(postgraphile)).not.toThrow()
})

test.each([
  ['another value', { name: 'Mira' }],
  ['a row less', { emails: [] }],
  ['an instant later', { currentSession: [{ rowId: 's', expiresAt: '2026-11-26T10:00:00.001+00:00' }] }],
  ['a column more', { age: 30 }],
])('%s is a difference', (_what, change) => {
  expect(() => compare({ me: { ...postgraphile.me, ...change } })).toThrow('cannot be compared')
})
