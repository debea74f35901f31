import type { EntityManager } from '@mikro-orm/postgresql'
import type { GraphQLResolveInfo } from 'graphql'

import type { StatementPool } from './database/statements.ts'
import { AppError } from './errors/app-error.ts'
import type { Config } from './config.ts'
import type { CodeWatch } from './contacts/code-watch.ts'
import type { MailDomains } from './contacts/mail-domains.ts'
import type { DeliveryDesk } from './delivery/delivery-desk.ts'
import type { DeliveryFeed } from './delivery/delivery-feed.ts'
import type { Clock } from './lib/clock.ts'
import type { ReadRoot, SelectionReader } from './lib/selection-reader.ts'
import type { Limits } from './limits.ts'
import type { Signing } from './link-signing.ts'
import type { InboxAnnouncements } from './notifications/inbox-announcements.ts'
import type { InboxFeed } from './notifications/inbox-feed.ts'
import type { Places } from './lib/places.ts'
import type { OutboundHttp } from './lib/outbound-http.ts'
import type { Revoker } from './security/revocations.ts'
import type { PasswordHashing } from './security/password-hashing.ts'
import type { PasswordPolicy } from './security/password-policy.ts'
import type { SealingKeys } from './sealing-keys.ts'
import type { Viewer } from './viewer.ts'

/** Where a request came from, for sessions, history and the counting of guesses. */
export interface RequestOrigin {
  requestId: string
  address: string
  /** As 'Firefox on Linux'. */
  device: string
}

/** The cookies of an answer; absent on a socket, where nobody signs in or out. */
export interface SessionCookies {
  /** The value of the cookie that marks a browser somebody has signed in from before. */
  readonly deviceKey: string | undefined
  /** The value of the cookie of a sign-in that waits for a second factor or for single sign-on. */
  readonly pendingKey: string | undefined
  /** The value of the cookie that ties a browser to the single sign-on it began. */
  readonly ssoKey: string | undefined
  /** The value of the cookie that says through which account the browser was refused last. */
  readonly ssoRefusal: string | undefined
  /** Replaces whatever the browser held, what waits among it. */
  signIn(session: { key: string; expiresAt: Date; remember: boolean }, deviceKey: string | undefined): void
  /** A new value for the session that goes on. */
  renew(session: { key: string; expiresAt: Date; remember: boolean }): void
  wait(pendingKey: string, seconds: number): void
  stopWaiting(): void
  beginSso(ssoKey: string, seconds: number): void
  /** @param ssoRefusal null for a refusal of which no account is known */
  refuseSso(ssoRefusal: string | null, seconds: number): void
  signOut(): void
}

/** What a request carries. */
export interface Context {
  /** A fork of its own. */
  em: EntityManager
  clock: Clock
  limits: Limits
  viewer: Viewer | null
  origin: RequestOrigin
  cookies: SessionCookies | null
  statements: StatementPool
  passwords: PasswordHashing
  passwordPolicy: PasswordPolicy
  inbox: InboxFeed
  announcements: InboxAnnouncements
  reader: SelectionReader<Viewer>
  config: Config
  sealing: SealingKeys
  /** Of links that are good for weeks. */
  linkSigning: Signing
  /** Where messages to people are handed in. */
  deliveries: DeliveryDesk
  deliveryFeed: DeliveryFeed
  /** What browsers subscribe to pushes with: VAPID, base64url. */
  pushPublicKey: string
  mailDomains: MailDomains
  places: Places
  /** What ends when something happens to a person's sign-in. */
  revokers: readonly Revoker[]
  /** The one way to call the outside. */
  http: OutboundHttp
  codeWatch: CodeWatch
}

/** The rows of `root` with what the operation selected below the field that is being resolved, in one statement. */
export function read(
  { reader, statements, viewer }: Pick<Context, 'reader' | 'statements' | 'viewer'>,
  root: ReadRoot<Viewer>,
  values: Readonly<Record<string, unknown>>,
  info: GraphQLResolveInfo,
): Promise<object[]> {
  return reader.read(statements, root, values, viewer, info)
}

/** @throws AppError UNAUTHENTICATED when nobody is signed in */
export function requireViewer({ viewer }: Pick<Context, 'viewer'>): Viewer {
  if (!viewer) throw new AppError('UNAUTHENTICATED')
  return viewer
}
