import type { ErrorCode } from '@lanyard/contract/error-code'
import type { FieldFault } from '@lanyard/contract/field-fault'

interface AppErrorDetails {
  /** The input's field at fault, as `name` or `preferences.0.eventType`. */
  field?: string
  reason?: FieldFault
  retryAfterSeconds?: number
  /** The account that is closed to the session. */
  accountId?: string
}

/** A refusal the caller may see. Its message is for developers; people are shown a sentence made from the code. */
export class AppError extends Error {
  override readonly name = 'AppError'

  constructor(
    readonly code: ErrorCode,
    readonly details: AppErrorDetails = {},
  ) {
    super(messages[code])
  }
}

/** @throws always: one field of the input is at fault. */
export function badInput(field: string, reason: FieldFault): AppError {
  return new AppError('BAD_USER_INPUT', { field, reason })
}

const messages: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'Sign in first.',
  FORBIDDEN: 'You may not do this.',
  NOT_FOUND: 'There is no such object.',
  STEP_UP_REQUIRED: 'Prove again that it is you.',
  SSO_REQUIRED: 'This account asks for single sign-on.',
  RATE_LIMITED: 'Too many tries. Wait.',
  BAD_USER_INPUT: 'A field of the input is not acceptable.',
  INTERNAL: 'Something went wrong on our side.',
  BAD_REQUEST: 'The request is not a GraphQL request over HTTP.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  DOCUMENT_TOO_COSTLY: 'The document asks for too much at once.',
  DOCUMENT_NOT_FOUND: 'No document of this build has that hash.',
  CREDENTIALS_WRONG: 'That username and password do not match.',
  SIGN_IN_EXPIRED: 'The sign-in was not finished in time. Begin again.',
  RECOVERY_REQUIRED: 'Set a new password first.',
  RESET_LINK_INVALID: 'The link was used, is too old, or is not complete.',
  TWO_FACTOR_REQUIRED: 'This account asks for two-factor authentication.',
  CODE_WRONG: 'That is not the code.',
  CODE_EXHAUSTED: 'Too many wrong codes. Use a recovery code.',
  TWO_FACTOR_ON_ALREADY: 'Two-factor authentication is on already.',
  TWO_FACTOR_OFF: 'Two-factor authentication is off.',
  SETUP_EXPIRED: 'The set-up was not finished in time. Begin again.',
  PASSKEY_REFUSED: 'That passkey is not acceptable here.',
  PASSKEY_LIMIT_REACHED: 'There are as many passkeys as there may be.',
  SSO_UNAVAILABLE: 'The identity provider does not answer.',
  SSO_REFUSED: 'The identity provider’s answer is not acceptable.',
  SSO_UNTESTED: 'Test this connection as it is now before it is enabled.',
  SSO_SETTINGS_WRONG: 'The identity provider cannot be used with these settings.',
  SSO_ACTIVE: 'Members come through this connection. Disable it first.',
  SSO_LINK_REQUIRED: 'Sign in otherwise once; then the identity is linked.',
  SSO_OTHER_PERSON: 'The identity provider names somebody else.',
  SSO_NO_ACCESS: 'The identity has no access to the account.',
  SIGN_IN_NAME_TAKEN: 'Another organisation signs in under that name.',
  LAST_ADMINISTRATOR: 'The account needs an owner.',
  USERNAME_TAKEN: 'That username is taken.',
  TOKEN_LIMIT_REACHED: 'There are as many tokens here as there may be.',
  TOKEN_ALREADY_ROTATED: 'Another token has the place of this one already.',
  IDEMPOTENCY_CONFLICT: 'That idempotency key was used for something else.',
  VERIFICATION_CODE_WRONG: 'That is not the code.',
  VERIFICATION_CODE_EXPIRED: 'That code is not valid any more. Ask for a new one.',
  VERIFICATION_CODE_EXHAUSTED: 'Too many wrong codes for this address.',
  ADDRESS_ALREADY_ADDED: 'That address is there already.',
  ADDRESS_LIMIT_REACHED: 'There are as many addresses here as there may be.',
  ADDRESS_UNPROVEN: 'That address is not proven.',
  ADDRESS_PROVEN_BY_ANOTHER: 'Somebody else proved that address.',
  LAST_EMAIL: 'The last proven email stays.',
  PRIMARY_ADDRESS: 'Make another one primary first.',
  LAST_WAY_BACK: 'An email that was proven lately would take its place.',
  CHANNEL_NOT_CONFIGURED: 'This server has no carrier for that channel.',
  CHANNEL_UNAVAILABLE: 'Nothing can be sent there now.',
  SLACK_LINK_FAILED: 'Slack did not link the account.',
  PICTURE_UNREADABLE: 'The body is no PNG, JPEG or WebP that can be read to its end.',
  PICTURE_TOO_LARGE: 'The picture has too many bytes.',
  PICTURE_TOO_MANY_PIXELS: 'The picture has too many pixels.',
  PICTURE_ANIMATED: 'The picture has more than one frame.',
}

export function messageOf(code: ErrorCode): string {
  return messages[code]
}
