import type { NotificationBadge } from './badge.ts'

/** The NOTIFY channel on which processes tell each other of changed inboxes: a hint, the truth is in the tables. */
export const inboxTopic = 'inbox'

export interface InboxMessage {
  userId: string
  /** The new item, if one was added. */
  added?: { id: string; accountId: string }
  /** Absent when it was too long to send. */
  badge?: NotificationBadge
}
