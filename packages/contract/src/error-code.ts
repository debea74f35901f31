/**
 * Every `extensions.code` the server may answer with. A code without a sentence on the client is a type error there.
 * The first group is fixed: clients outside this repository rely on it.
 */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'STEP_UP_REQUIRED',
  'SSO_REQUIRED',
  'RATE_LIMITED',
  'BAD_USER_INPUT',
  'INTERNAL',
  // What GraphQL itself refuses, and the limits on a document.
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'DOCUMENT_TOO_COSTLY',
  'DOCUMENT_NOT_FOUND',
  // Signing in.
  'CREDENTIALS_WRONG',
  'SIGN_IN_EXPIRED',
  'RECOVERY_REQUIRED',
  'RESET_LINK_INVALID',
  'TWO_FACTOR_REQUIRED',
  'CODE_WRONG',
  'CODE_EXHAUSTED',
  'TWO_FACTOR_ON_ALREADY',
  'TWO_FACTOR_OFF',
  'SETUP_EXPIRED',
  'PASSKEY_REFUSED',
  'PASSKEY_LIMIT_REACHED',
  // Single sign-on.
  'SSO_UNAVAILABLE',
  'SSO_REFUSED',
  'SSO_UNTESTED',
  'SSO_SETTINGS_WRONG',
  'SSO_ACTIVE',
  // What keeps somebody out whom a provider vouched for.
  'SSO_LINK_REQUIRED',
  'SSO_OTHER_PERSON',
  'SSO_NO_ACCESS',
  'SIGN_IN_NAME_TAKEN',
  'LAST_ADMINISTRATOR',
  // Settings.
  'USERNAME_TAKEN',
  'TOKEN_LIMIT_REACHED',
  'TOKEN_ALREADY_ROTATED',
  'IDEMPOTENCY_CONFLICT',
  // Addresses.
  'VERIFICATION_CODE_WRONG',
  'VERIFICATION_CODE_EXPIRED',
  'VERIFICATION_CODE_EXHAUSTED',
  'ADDRESS_ALREADY_ADDED',
  'ADDRESS_LIMIT_REACHED',
  'ADDRESS_UNPROVEN',
  'ADDRESS_PROVEN_BY_ANOTHER',
  'LAST_EMAIL',
  'PRIMARY_ADDRESS',
  'LAST_WAY_BACK',
  'CHANNEL_NOT_CONFIGURED',
  'CHANNEL_UNAVAILABLE',
  'SLACK_LINK_FAILED',
  // Pictures.
  'PICTURE_UNREADABLE',
  'PICTURE_TOO_LARGE',
  'PICTURE_TOO_MANY_PIXELS',
  'PICTURE_ANIMATED',
] as const

export type ErrorCode = (typeof errorCodes)[number]

const known: ReadonlySet<string> = new Set(errorCodes)

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && known.has(value)
}
