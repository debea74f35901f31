import { CombinedGraphQLErrors } from '@apollo/client'
import type { I18n, MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import type { ErrorCode } from '@lanyard/contract/error-code'
import type { FieldFault } from '@lanyard/contract/field-fault'
import { tokensPerAccountUser } from '@lanyard/contract/limits'

/** Why the server did not do as it was asked, in words. */
export interface Refusal {
  /** UNREACHABLE when no answer came at all. */
  code: ErrorCode | 'UNREACHABLE'
  sentence: string
  /** The sentence beside each field at fault, by the field's name in the input. */
  fields: Readonly<Record<string, string>>
  /** The number under which the server's log knows the failure. */
  requestId: string | undefined
}

/** Codes become sentences here and nowhere else. */
export const errorMessages: Record<ErrorCode | 'UNREACHABLE', MessageDescriptor> = {
  UNREACHABLE: msg`The server did not answer.`,
  UNAUTHENTICATED: msg`Your session has ended. Sign in again.`,
  FORBIDDEN: msg`You do not have permission to do this.`,
  NOT_FOUND: msg`It is not there any more.`,
  STEP_UP_REQUIRED: msg`Confirm that it is you, then try again.`,
  SSO_REQUIRED: msg`Sign in through your organisation.`,
  RATE_LIMITED: msg({
    message: `Too many tries. Try again in {seconds, plural, one {# second} other {# seconds}}.`,
  }),
  BAD_USER_INPUT: msg`One field needs you.`,
  INTERNAL: msg`The server failed.`,
  BAD_REQUEST: msg`The server did not understand this page. Reload it.`,
  GRAPHQL_PARSE_FAILED: msg`The server did not understand this page. Reload it.`,
  GRAPHQL_VALIDATION_FAILED: msg`The server did not understand this page. Reload it.`,
  DOCUMENT_TOO_COSTLY: msg`This is too much at once.`,
  DOCUMENT_NOT_FOUND: msg`This page is older than the server. Reload it.`,
  CREDENTIALS_WRONG: msg`That username and password do not match.`,
  SIGN_IN_EXPIRED: msg`This took too long. Sign in again.`,
  RECOVERY_REQUIRED: msg`Your user is locked. Set a new password to sign in.`,
  RESET_LINK_INVALID: msg`This link was used, is too old, or is not complete. Ask for a new one.`,
  TWO_FACTOR_REQUIRED: msg`This account asks for two-factor authentication.`,
  CODE_WRONG: msg`That is not the code. Wait for the next one and try again.`,
  CODE_EXHAUSTED: msg`Too many wrong codes. Use a recovery code.`,
  TWO_FACTOR_ON_ALREADY: msg`Two-factor authentication is on already.`,
  TWO_FACTOR_OFF: msg`Two-factor authentication is off.`,
  SETUP_EXPIRED: msg`This took too long. Begin again.`,
  PASSKEY_REFUSED: msg`This passkey was not accepted.`,
  PASSKEY_LIMIT_REACHED: msg`You have as many passkeys as there may be. Remove one first.`,
  SSO_UNAVAILABLE: msg`Your organisation’s sign-in does not answer. Try again later.`,
  SSO_REFUSED: msg`Your organisation’s sign-in gave an answer that cannot be trusted.`,
  SSO_UNTESTED: msg`Test this connection as it is now first.`,
  SSO_SETTINGS_WRONG: msg`The identity provider cannot be used with these settings.`,
  SSO_ACTIVE: msg`Members sign in through this connection. Disable it first.`,
  SSO_LINK_REQUIRED: msg`Your organisation’s sign-in is not linked to your user yet. Sign in as you did before once, then through your organisation.`,
  SSO_OTHER_PERSON: msg`Your organisation’s sign-in says that you are somebody else. Sign out there and try again.`,
  SSO_NO_ACCESS: msg`Your organisation’s sign-in worked, but you have no access here. Ask an administrator of the organisation.`,
  SIGN_IN_NAME_TAKEN: msg`Another organisation signs in under this name.`,
  LAST_ADMINISTRATOR: msg`An account needs its owner. Hand it over first.`,
  USERNAME_TAKEN: msg`Somebody else has this username.`,
  TOKEN_LIMIT_REACHED: msg({ message: 'There are {tokenLimit} tokens already. Delete one first.' }),
  TOKEN_ALREADY_ROTATED: msg`This token was replaced already.`,
  IDEMPOTENCY_CONFLICT: msg`This key was used for another event.`,
  VERIFICATION_CODE_WRONG: msg`That is not the code. Look at the newest message.`,
  VERIFICATION_CODE_EXPIRED: msg`This code is not valid any more. Ask for a new one.`,
  VERIFICATION_CODE_EXHAUSTED: msg`Too many wrong codes. Try again tomorrow.`,
  ADDRESS_ALREADY_ADDED: msg`This address is in your list already.`,
  ADDRESS_LIMIT_REACHED: msg`You have as many as there may be. Remove one first.`,
  ADDRESS_UNPROVEN: msg`Prove this address first.`,
  ADDRESS_PROVEN_BY_ANOTHER: msg`This address belongs to somebody else here.`,
  LAST_EMAIL: msg`This is your last proven email, so it stays.`,
  PRIMARY_ADDRESS: msg`Make another one primary first.`,
  LAST_WAY_BACK: msg`It stays until another email has been yours for 30 days, or its time is over.`,
  CHANNEL_NOT_CONFIGURED: msg`This server is not set up for that.`,
  CHANNEL_UNAVAILABLE: msg`Nothing can be sent there now.`,
  SLACK_LINK_FAILED: msg`Slack did not link the account. Try again.`,
  PICTURE_UNREADABLE: msg`This file is not a picture that can be read. Choose a PNG, JPEG or WebP.`,
  PICTURE_TOO_LARGE: msg`The picture is too large a file. Choose a smaller one.`,
  PICTURE_TOO_MANY_PIXELS: msg`The picture has too many pixels. Choose a smaller one.`,
  PICTURE_ANIMATED: msg`The picture moves. Choose one that stands still.`,
}

/** Nobody counts 1,800 seconds. */
const waitSomeMinutes = msg({
  message: `Too many tries. Try again in {minutes, plural, one {# minute} other {# minutes}}.`,
})
const secondsToCount = 90

export const fieldFaultMessages: Record<FieldFault, MessageDescriptor> = {
  EMPTY: msg`Fill this in.`,
  TOO_SHORT: msg`This is too short.`,
  TOO_LONG: msg`This is too long.`,
  FORMAT: msg`This is not written as it must be.`,
  OUT_OF_RANGE: msg`This is out of range.`,
  UNKNOWN: msg`This does not exist.`,
  DUPLICATE: msg`This is there twice.`,
  NOT_A_MEMBER: msg`This person is not in the account.`,
  NUMBER_KIND: msg`Nothing is sent to numbers of this kind.`,
  COUNTRY: msg`This server does not send to that country.`,
  NO_MAIL_DOMAIN: msg`This domain takes no mail.`,
  GUESSABLE: msg`This is easy to guess. Use several words that have nothing to do with you.`,
  BREACHED: msg`This password was stolen somewhere else before. Use another one.`,
  UNCHANGED: msg`This is your password already. Use another one.`,
}

/** Where a field can say more than its fault. */
const fieldMessages: Partial<Record<`${string}.${FieldFault}`, MessageDescriptor>> = {
  'email.FORMAT': msg`This is not an email address.`,
  'address.FORMAT': msg`This is not an email address.`,
  'number.FORMAT': msg`This is not a phone number.`,
  'username.FORMAT': msg`Use letters, digits, dots, dashes and underscores. No spaces.`,
}

/** Asked of the sentences: the contract's list would come to the first page beside them, and say the same. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && value !== 'UNREACHABLE' && Object.hasOwn(errorMessages, value)
}

/** What to tell the person about a failed request; undefined when it did not fail. */
export function useRefusal(error: unknown): Refusal | undefined {
  return useRefusalOf()(error)
}

/** The same as a function, for the outcome of a mutation. */
export function useRefusalOf(): (error: unknown) => Refusal | undefined {
  const { i18n } = useLingui()
  return (error) => refusalOf(error, i18n)
}

export function refusalOf(error: unknown, i18n: I18n): Refusal | undefined {
  if (error == null) return undefined
  if (!CombinedGraphQLErrors.is(error)) {
    return {
      code: 'UNREACHABLE',
      sentence: i18n._(errorMessages.UNREACHABLE),
      fields: {},
      requestId: undefined,
    }
  }

  const details = error.errors[0]?.extensions ?? {}
  const code = isErrorCode(details['code']) ? details['code'] : 'INTERNAL'
  const seconds = Number(details['retryAfterSeconds'] ?? 1)
  const values = { seconds, minutes: Math.ceil(seconds / 60), tokenLimit: tokensPerAccountUser }
  const isLongWait = code === 'RATE_LIMITED' && seconds > secondsToCount
  const sentence = i18n._({ ...(isLongWait ? waitSomeMinutes : errorMessages[code]), values })
  const fields = error.errors.flatMap(({ extensions }): [string, string][] => {
    const field = extensions?.['field']
    return typeof field === 'string'
      ? [[field, i18n._(fieldMessage(field, extensions) ?? { ...errorMessages[code], values })]]
      : []
  })
  const requestId = typeof details['requestId'] === 'string' ? details['requestId'] : undefined
  return { code, sentence, fields: Object.fromEntries(fields), requestId }
}

function isFieldFault(value: unknown): value is FieldFault {
  return typeof value === 'string' && Object.hasOwn(fieldFaultMessages, value)
}

function fieldMessage(
  field: string,
  extensions: Record<string, unknown> | undefined,
): MessageDescriptor | undefined {
  const reason = extensions?.['reason']
  return isFieldFault(reason)
    ? (fieldMessages[`${field}.${reason}`] ?? fieldFaultMessages[reason])
    : undefined
}
