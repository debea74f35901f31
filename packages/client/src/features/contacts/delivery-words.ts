import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { DeliveryState } from '../../graphql/generated.ts'
import type { StatusTone } from '../../ui/StatusText.tsx'

/** How far a delivery has come, in a word or two. */
export const deliveryStateWords: Record<DeliveryState, { tone: StatusTone; word: MessageDescriptor }> = {
  QUEUED: { tone: 'waiting', word: msg`Waiting` },
  SENDING: { tone: 'waiting', word: msg`Being sent` },
  SENT: { tone: 'waiting', word: msg`Sent` },
  DELIVERED: { tone: 'ok', word: msg`Delivered` },
  UNDELIVERED: { tone: 'danger', word: msg`Not delivered` },
  FAILED: { tone: 'danger', word: msg`Failed` },
  SUPPRESSED: { tone: 'warn', word: msg`Not sent` },
}

/** What a message was about. A kind that is not here is one of a newer server, and is shown as it is. */
const messageKindWords: Readonly<Record<string, MessageDescriptor>> = {
  EMAIL_CODE: msg`Code that proves an email`,
  PHONE_CODE: msg`Code that verifies a phone`,
  TEST: msg`Test`,
  EMAIL_ADDED: msg`Email added`,
  EMAIL_REMOVED: msg`Email removed`,
  EMAIL_FORGOTTEN: msg`Removed email forgotten`,
  EMAIL_PRIMARY_SET: msg`Primary email changed`,
  ADDRESS_BLOCKED: msg`Address blocked`,
  PHONE_ADDED: msg`Phone added`,
  PHONE_REMOVED: msg`Phone removed`,
  DEVICE_REGISTERED: msg`Device registered`,
  SLACK_LINKED: msg`Slack linked`,
  TOKEN_CREATED: msg`Access token created`,
  TOKEN_ROTATED: msg`Access token replaced`,
  TOKEN_REVOKED: msg`Access token revoked by an administrator`,
  TOKEN_LEAKED: msg`Access token revoked as leaked`,
  SIGNED_IN: msg`New sign-in`,
  PASSWORD_RESET: msg`Link for a new password`,
  PASSWORD_CHANGED: msg`Password changed`,
  TWO_FACTOR_ENABLED: msg`Two-factor authentication turned on`,
  TWO_FACTOR_DISABLED: msg`Two-factor authentication turned off`,
  TWO_FACTOR_RESET: msg`Two-factor authentication reset`,
  RECOVERY_CODES_REGENERATED: msg`New recovery codes`,
  RECOVERY_CODE_USED: msg`Recovery code used`,
  PASSKEY_ADDED: msg`Passkey added`,
  PASSKEY_REMOVED: msg`Passkey removed`,
  SSO_BYPASSED: msg`Single sign-on bypassed`,
  SSO_LINKED: msg`Single sign-on linked`,
  SSO_STRANGER: msg`Sign-in refused`,
  INTRUSION_REPORTED: msg`Everything locked`,
  USER_DISABLED: msg`User disabled`,
  EVENT: msg`Notification`,
}

export function messageKindInWords(kind: string): MessageDescriptor | string {
  return messageKindWords[kind] ?? kind
}
