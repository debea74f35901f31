import type { FieldMergeFunction, FieldPolicy, Reference, TypePolicies } from '@apollo/client'

interface StoredBadge {
  version: number
}

/**
 * The one place where badges meet. Snapshots, pushes and the answers of mutations travel by different
 * roads and may overtake each other; the server's version only grows, so the greater one is the truth.
 */
const keepNewestBadge: FieldMergeFunction<StoredBadge> = (existing, incoming) =>
  existing && existing.version > incoming.version ? existing : incoming

interface StoredItems {
  edges: readonly { cursor: string; node: Reference }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** The pages of the inbox as one list, newest first. */
const inboxPages: FieldPolicy<StoredItems> = {
  keyArgs: ['kind', 'unread'],
  merge(existing, incoming, { args }) {
    if (!existing) return incoming
    const after: unknown = args?.['after']
    return after ? withFollowingPage(existing, incoming, after) : withFirstPage(existing, incoming)
  },
}

/** Once the cursor is gone the list has begun anew, and the page would leave a gap: it is dropped. */
function withFollowingPage(existing: StoredItems, incoming: StoredItems, after: unknown): StoredItems {
  const end = existing.edges.findIndex(({ cursor }) => cursor === after)
  if (end < 0) return existing
  return { ...incoming, edges: [...existing.edges.slice(0, end + 1), ...incoming.edges] }
}

/**
 * A first page that is read again brings what is new and keeps the older items a reader has opened
 * below it, as long as the two overlap. Without overlap there may be items between them which nobody
 * has asked for, so the older ones go.
 */
function withFirstPage(existing: StoredItems, incoming: StoredItems): StoredItems {
  const last = incoming.edges.at(-1)
  const overlap = existing.edges.findIndex(({ node }) => node.__ref === last?.node.__ref)
  const older = overlap < 0 ? [] : existing.edges.slice(overlap + 1)
  if (older.length === 0 || !incoming.pageInfo.hasNextPage) return incoming
  return { ...incoming, edges: [...incoming.edges, ...older], pageInfo: existing.pageInfo }
}

/** An item that the list has brought needs no request of its own when it is opened. */
const itemOfTheList: FieldPolicy<Reference | null> = {
  read: (existing, { args, toReference, canRead }) => {
    if (existing !== undefined) return existing
    const item = toReference({ __typename: 'Notification', id: args?.['id'] })
    return canRead(item) ? item : undefined
  },
}

export const notificationTypePolicies = {
  User: {
    fields: {
      notificationBadge: { merge: keepNewestBadge },
      notifications: inboxPages,
      notification: itemOfTheList,
    },
  },
  // The server always sends the whole list.
  AccountUser: { fields: { notificationPreferences: { merge: false } } },
} satisfies TypePolicies
