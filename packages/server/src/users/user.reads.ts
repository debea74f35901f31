import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { column, columns, ownOnly, type TypeReads } from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { avatarUrlOf } from './avatar-url.ts'
import { User } from './user.entity.ts'

contributeField(User, 'avatarUrl', () => String, {
  nullable: true,
  description:
    'Path of the picture on this server, 128 pixels square; 64.webp and 256.webp lie beside it. It changes with the picture, and is for browsers of people who share an account. Null without one.',
})

/** What others may see of a person, and what is only for themselves. */
export const userReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      ...columns('id', 'username', 'name', 'publicName'),
      avatarUrl: { expression: (row) => avatarUrlOf(row.column('avatar_id')) },
      superAdmin: ownOnly(column('super_admin')),
      language: ownOnly(column('language')),
      timeZone: ownOnly(column('time_zone')),
      emojiMode: ownOnly(column('emoji_mode')),
      rowsPerPage: ownOnly(column('rows_per_page')),
      landingPage: ownOnly(column('landing_page')),
      notificationChannels: ownOnly(column('notification_channels')),
      appNotificationPersistent: ownOnly(column('app_notification_persistent')),
      appNotificationSound: ownOnly(column('app_notification_sound')),
      pushShowsContent: ownOnly(column('push_shows_content')),
      lastAccountId: ownOnly(column('last_account_id')),
    },
  },
]

/** The person who asks. */
export const ownUser: ReadRoot<Viewer> = {
  name: 'me',
  type: 'User',
  own: true,
  from: (row, builder) =>
    sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${builder.viewer(viewerFacts.userId)}`,
}
