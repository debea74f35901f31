import { InMemoryCache } from '@apollo/client'
import { beforeEach, expect, test } from 'vitest'
import { Badge_UserFragmentDoc, InboxItemDocument, InboxItemsDocument } from '../../graphql/generated.ts'
import { notificationTypePolicies } from './notification-type-policies.ts'
import { rememberBadge } from './remember-badge.ts'

const userId = 'user-1'
let cache: InMemoryCache

beforeEach(() => {
  cache = new InMemoryCache({ typePolicies: notificationTypePolicies })
})

const badge = (version: number, unread: number) => ({
  __typename: 'NotificationBadge' as const,
  unread,
  alerts: 0,
  version,
})

const badgeInCache = () =>
  cache.readFragment({ fragment: Badge_UserFragmentDoc, id: `User:${userId}` })?.notificationBadge

test('a badge that was overtaken on its way changes nothing', () => {
  rememberBadge(cache, userId, badge(8, 3))
  rememberBadge(cache, userId, badge(7, 9))
  expect(badgeInCache()).toEqual(badge(8, 3))
})

test('a newer badge replaces an older one, whether it grows or shrinks', () => {
  rememberBadge(cache, userId, badge(7, 9))
  rememberBadge(cache, userId, badge(8, 0))
  expect(badgeInCache()).toEqual(badge(8, 0))
})

/** Writes a page of the inbox as a request with `after` would have brought it. */
function writePage(ids: string, { after, hasNextPage }: { after?: string; hasNextPage: boolean }) {
  const edges = [...ids].map((id) => ({
    __typename: 'NotificationEdge' as const,
    cursor: `cursor-${id}`,
    node: notification(id),
  }))
  cache.writeQuery({
    query: InboxItemsDocument,
    variables: { kind: 'NOTIFICATION', ...(after && { after: `cursor-${after}` }) },
    data: {
      me: {
        __typename: 'User',
        id: userId,
        rowsPerPage: 25,
        notifications: {
          __typename: 'NotificationConnection',
          edges,
          pageInfo: { __typename: 'PageInfo', hasNextPage, endCursor: edges.at(-1)?.cursor ?? null },
        },
      },
      notificationEventTypes: [],
    },
  })
}

const notification = (id: string) => ({
  __typename: 'Notification' as const,
  id,
  kind: 'NOTIFICATION' as const,
  account: { __typename: 'Account' as const, id: 'account-1', name: 'Acme Networks' },
  eventType: 'TICKET_ASSIGNED',
  title: `Item ${id}`,
  body: '',
  entity: null,
  readAt: null,
  createdAt: '2026-11-23T08:00:00.000Z',
})

function listInCache() {
  const list = cache.readQuery({ query: InboxItemsDocument, variables: { kind: 'NOTIFICATION' } })?.me
    ?.notifications
  return { ids: list?.edges.map(({ node }) => node.id).join(''), pageInfo: list?.pageInfo }
}

test('a following page is put behind the items that are there', () => {
  writePage('fed', { hasNextPage: true })
  writePage('cb', { after: 'd', hasNextPage: false })
  expect(listInCache()).toMatchObject({ ids: 'fedcb', pageInfo: { hasNextPage: false } })
})

test('reading the first page again brings new items and keeps the opened older ones', () => {
  writePage('fed', { hasNextPage: true })
  writePage('cb', { after: 'd', hasNextPage: true })
  writePage('hgf', { hasNextPage: true })
  expect(listInCache()).toMatchObject({
    ids: 'hgfedcb',
    pageInfo: { hasNextPage: true, endCursor: 'cursor-b' },
  })
})

test('older items are dropped when there may be a gap above them', () => {
  writePage('cba', { hasNextPage: false })
  writePage('ihg', { hasNextPage: true })
  expect(listInCache()).toMatchObject({ ids: 'ihg', pageInfo: { hasNextPage: true } })
})

test('a following page of a list that has begun anew is not put behind a gap', () => {
  writePage('ihg', { hasNextPage: true })
  writePage('ba', { after: 'c', hasNextPage: false })
  expect(listInCache()).toMatchObject({ ids: 'ihg', pageInfo: { hasNextPage: true } })
})

test('items that are no longer kept leave the list', () => {
  writePage('fedc', { hasNextPage: false })
  writePage('fed', { hasNextPage: false })
  expect(listInCache().ids).toBe('fed')
})

test('an item of the list is opened without a request', () => {
  writePage('f', { hasNextPage: false })
  const opened = (id: string) => cache.readQuery({ query: InboxItemDocument, variables: { id } })
  expect(opened('f')?.me?.notification?.id).toBe('f')
  expect(opened('unknown')).toBeNull()
})
