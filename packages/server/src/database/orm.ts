import { MikroORM } from '@mikro-orm/postgresql'

import { Account } from '../accounts/account.entity.ts'
import { AccountUser, AccountUserRole } from '../accounts/account-user.entity.ts'
import { Role } from '../accounts/role.entity.ts'
import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import { Email, ProvenEmail } from '../contacts/email.entity.ts'
import { Phone } from '../contacts/phone.entity.ts'
import { PushDevice } from '../contacts/push-device.entity.ts'
import { SlackLink } from '../contacts/slack-link.entity.ts'
import { Delivery } from '../delivery/delivery.entity.ts'
import { Notification } from '../notifications/notification.entity.ts'
import { NotificationPreferenceOverride } from '../notifications/notification-preference.entity.ts'
import { NotificationRule } from '../rules/notification-rule.entity.ts'
import { Password } from '../security/password.entity.ts'
import { Session, SessionKey } from '../security/session.entity.ts'
import { SsoConnection } from '../security/sso/sso-connection.entity.ts'
import { PersonalAccessToken, TokenKey } from '../tokens/personal-access-token.entity.ts'
import { Avatar } from '../users/avatar.entity.ts'
import { LoginName, User } from '../users/user.entity.ts'

const entities = [
  ActivityEntry,
  Delivery,
  User,
  LoginName,
  Avatar,
  Email,
  ProvenEmail,
  Phone,
  PushDevice,
  SlackLink,
  Account,
  AccountUser,
  AccountUserRole,
  Role,
  Password,
  Session,
  SessionKey,
  SsoConnection,
  PersonalAccessToken,
  TokenKey,
  Notification,
  NotificationPreferenceOverride,
  NotificationRule,
]

export type Orm = Awaited<ReturnType<typeof createOrm>>

/** Connections lie open only as needed; a statement that takes longer than five seconds is given up. */
export function createOrm(databaseUrl: string) {
  return MikroORM.init({
    clientUrl: databaseUrl,
    entities,
    forceUtcTimezone: true,
    // A forgotten fork would mix two people's rows in one identity map.
    allowGlobalContext: false,
    pool: { min: 0, max: 10 },
    driverOptions: { statement_timeout: 5000, connectionTimeoutMillis: 3000, options: '-c timezone=UTC' },
  })
}
