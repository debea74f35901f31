/** Where and when something was done, for messages that tell a person about their own settings. */
export interface Deed {
  /** ISO 8601. */
  at: string
  /** The network address it came from. */
  from: string
  /** As 'Firefox on Linux'. */
  device: string
}

/** A message of which everything is known by its kind. */
type Nothing = Readonly<Record<string, never>>

/** What each kind of message is made of. All of it is JSON, as it waits in a row. */
export interface MessageValues {
  /** The code that proves an email; the link opens the page with the code filled in. */
  EMAIL_CODE: { emailId: string; address: string }
  /** The code that proves a phone. */
  PHONE_CODE: Nothing
  /** What "Send test" sends. */
  TEST: Nothing
  EMAIL_ADDED: Deed & { address: string }
  EMAIL_REMOVED: Deed & { address: string }
  /** One that was removed takes the user back no more. */
  EMAIL_FORGOTTEN: Deed & { address: string }
  EMAIL_PRIMARY_SET: Deed & { before: string; after: string }
  /** Told over the person's other addresses: nothing more is sent to this one. */
  ADDRESS_BLOCKED: { address: string; reason: 'BOUNCE' | 'COMPLAINT' | 'UNDELIVERABLE' | 'OPTED_OUT' }
  PHONE_ADDED: Deed & { number: string }
  PHONE_REMOVED: Deed & { number: string }
  DEVICE_REGISTERED: Deed & { name: string }
  SLACK_LINKED: Deed & { handle: string; workspace: string }
  TOKEN_CREATED: Deed & { tokenName: string; accountName: string }
  /** The old one works until then, ISO 8601; null when it ended at once. */
  TOKEN_ROTATED: Deed & { tokenName: string; accountName: string; oldWorksUntil: string | null }
  /** By an administrator of the account, who is named instead of their network address. */
  TOKEN_REVOKED: { at: string; tokenName: string; accountName: string; actorName: string }
  TOKEN_LEAKED: Deed & { tokenName: string; accountName: string }
  /** From a browser that is not known. */
  SIGNED_IN: Deed & { way: 'PASSWORD' | 'PASSKEY' | 'SSO' }
  /** The link that sets a new password, and how long it works. */
  PASSWORD_RESET: { minutes: number }
  PASSWORD_CHANGED: Deed
  TWO_FACTOR_ENABLED: Deed
  TWO_FACTOR_DISABLED: Deed
  /** By an administrator. */
  TWO_FACTOR_RESET: Deed
  RECOVERY_CODES_REGENERATED: Deed
  RECOVERY_CODE_USED: Deed & { left: number }
  PASSKEY_ADDED: Deed & { name: string }
  PASSKEY_REMOVED: Deed & { name: string }
  /** An administrator reached an account without its single sign-on. */
  SSO_BYPASSED: Deed & { accountName: string }
  SSO_LINKED: Deed & { accountName: string }
  /** An identity provider of an account the person does not belong to named their address. */
  SSO_STRANGER: Deed & { accountName: string }
  INTRUSION_REPORTED: Deed
  USER_DISABLED: Deed
  /** An event of a host product, as the preferences of the person ask for it. */
  EVENT: {
    accountName: string
    accountUserId: string
    eventType: string
    kind: 'NOTIFICATION' | 'ALERT'
    title: string
    body: string
    entity: { type: string; name: string; url: string } | null
    /** The item of the inbox; null when the person keeps it out of there. */
    notificationId: string | null
    /** ISO 8601. */
    at: string
  }
}

export type MessageKind = keyof MessageValues

/** What is sealed while it waits and emptied once the delivery is decided. */
export interface MessageSecrets {
  EMAIL_CODE: { code: string }
  PHONE_CODE: { code: string }
  PASSWORD_RESET: { token: string }
}

/** One message before it is put into words. */
export type Message = {
  [Kind in MessageKind]: { kind: Kind; values: MessageValues[Kind] } & (Kind extends keyof MessageSecrets
    ? { secrets: MessageSecrets[Kind] }
    : { secrets?: undefined })
}[MessageKind]

/**
 * - `code` proves an address, so it goes to unproven and to blocked ones;
 * - `security` cannot be unsubscribed from;
 * - `event` carries a way to unsubscribe in mail;
 * - `test` was asked for by the person who waits for it.
 */
export type MessageClass = 'code' | 'security' | 'event' | 'test'

interface MessageTraits {
  class: MessageClass
  /** After so long it is of no use any more and is not sent. */
  lifeSeconds: number
}

const code: MessageTraits = { class: 'code', lifeSeconds: 600 }
const security: MessageTraits = { class: 'security', lifeSeconds: 3 * 86_400 }

export const messageTraits: Record<MessageKind, MessageTraits> = {
  EMAIL_CODE: code,
  PHONE_CODE: code,
  TEST: { class: 'test', lifeSeconds: 300 },
  EMAIL_ADDED: security,
  EMAIL_REMOVED: security,
  EMAIL_FORGOTTEN: security,
  EMAIL_PRIMARY_SET: security,
  ADDRESS_BLOCKED: security,
  PHONE_ADDED: security,
  PHONE_REMOVED: security,
  DEVICE_REGISTERED: security,
  SLACK_LINKED: security,
  TOKEN_CREATED: security,
  TOKEN_ROTATED: security,
  TOKEN_REVOKED: security,
  TOKEN_LEAKED: security,
  SIGNED_IN: security,
  PASSWORD_RESET: { class: 'security', lifeSeconds: 1800 },
  PASSWORD_CHANGED: security,
  TWO_FACTOR_ENABLED: security,
  TWO_FACTOR_DISABLED: security,
  TWO_FACTOR_RESET: security,
  RECOVERY_CODES_REGENERATED: security,
  RECOVERY_CODE_USED: security,
  PASSKEY_ADDED: security,
  PASSKEY_REMOVED: security,
  SSO_BYPASSED: security,
  SSO_LINKED: security,
  SSO_STRANGER: security,
  INTRUSION_REPORTED: security,
  USER_DISABLED: security,
  EVENT: { class: 'event', lifeSeconds: 86_400 },
}

export function isMessageKind(text: string): text is MessageKind {
  return Object.hasOwn(messageTraits, text)
}
