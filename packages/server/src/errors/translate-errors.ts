import type { ErrorCode } from '@lanyard/contract/error-code'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

import { AppError, messageOf } from './app-error.ts'

/** What an answer may say about its request. */
export interface ErrorScope {
  requestId: string
  /** Only who is signed in is told about the schema. */
  signedIn: boolean
  /** Called with everything that was not foreseen, for the log. */
  unforeseen(error: unknown): void
}

/** Two tabs or two servers may race; the database settles it, and this says what it meant. */
const codeByConstraint: Record<string, { code: ErrorCode; field?: string }> = {
  login_name_pkey: { code: 'USERNAME_TAKEN', field: 'username' },
  email_once: { code: 'ADDRESS_ALREADY_ADDED', field: 'address' },
  account_sign_in_name: { code: 'SIGN_IN_NAME_TAKEN', field: 'signInName' },
  phone_once: { code: 'ADDRESS_ALREADY_ADDED', field: 'number' },
}

/** The refusal behind an error, or undefined when nobody foresaw it. */
function refusalOf(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return undefined
  const { constraint, code } = error as Error & { constraint?: unknown; code?: unknown }
  if (typeof constraint === 'string') {
    const meaning = codeByConstraint[constraint]
    if (meaning) return new AppError(meaning.code, meaning.field ? { field: meaning.field } : {})
  }
  // Class 22 of PostgreSQL is a value that does not fit its type: what was sent is at fault, not the server.
  if (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code)) return new AppError('BAD_USER_INPUT')
  return undefined
}

/** The error, and what each was made of, down to what began it. */
function causesOf(error: unknown): unknown[] {
  const causes = [error]
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError) causes.push((cause = cause.originalError))
  return causes
}

/**
 * What a client is told of an error, on HTTP and on a socket alike: a code, the field at fault, a constant message.
 * Never what was sent, never SQL, a path or a stack.
 */
export function presentError(error: unknown, scope: ErrorScope): GraphQLFormattedError {
  const graphqlError = error instanceof GraphQLError ? error : undefined
  const place = {
    ...(graphqlError?.locations ? { locations: graphqlError.locations } : {}),
    ...(graphqlError?.path ? { path: graphqlError.path } : {}),
  }

  const causes = causesOf(error)
  const rootCause = causes.at(-1)
  const refusal = refusalOf(rootCause)
  if (refusal) {
    const extensions = { code: refusal.code, ...refusal.details }
    return { message: refusal.message, ...place, extensions }
  }

  for (const cause of causes) {
    const presented = cause instanceof GraphQLError && presentGraphQLError(cause, scope)
    if (presented) return { ...presented, ...place }
  }

  scope.unforeseen(rootCause)
  return {
    message: messageOf('INTERNAL'),
    ...place,
    extensions: { code: 'INTERNAL', requestId: scope.requestId },
  }
}

/** Errors that GraphQL itself makes of a request: their texts may quote the input, so they are said anew. */
function presentGraphQLError(
  error: GraphQLError,
  { signedIn }: ErrorScope,
): GraphQLFormattedError | undefined {
  switch (error.extensions['code']) {
    case 'BAD_USER_INPUT':
      return inputError(error)
    case 'GRAPHQL_PARSE_FAILED':
      return graphqlRefusal('GRAPHQL_PARSE_FAILED')
    case 'GRAPHQL_VALIDATION_FAILED':
      return graphqlRefusal('GRAPHQL_VALIDATION_FAILED', signedIn ? schemaHint(error.message) : undefined)
    case 'BAD_REQUEST':
    case 'OPERATION_RESOLUTION_FAILURE':
    case 'PERSISTED_QUERY_NOT_SUPPORTED':
    case 'PERSISTED_QUERY_NOT_FOUND':
      return graphqlRefusal('BAD_REQUEST')
    default:
      return isVariableError(error) ? inputError(error) : undefined
  }
}

function graphqlRefusal(code: ErrorCode, message = messageOf(code)): GraphQLFormattedError {
  return { message, extensions: { code } }
}

function isVariableError(error: GraphQLError): boolean {
  return error.message.startsWith('Variable "$')
}

function inputError(error: GraphQLError): GraphQLFormattedError {
  const field = fieldOf(error.message)
  return {
    message: messageOf('BAD_USER_INPUT'),
    extensions: { code: 'BAD_USER_INPUT', ...(field ? { field, reason: 'FORMAT' } : {}) },
  }
}

/** The path that graphql-js names in a coercion error (`at "input.name"`), without the value it quotes beside it. */
function fieldOf(message: string): string | undefined {
  const unknownField = /Field "([_A-Za-z]\w{0,63})" is not defined by type "/.exec(message)?.[1]
  const missingField = /Field "([_A-Za-z]\w{0,63})" of required type /.exec(message)?.[1]
  const path = /at "(?:input\.)?([_A-Za-z][\w.[\]]{0,200})";/
    .exec(message)?.[1]
    ?.replaceAll(/\[(\d+)\]/g, '.$1')
  const leaf = unknownField ?? missingField
  if (path && path !== 'input' && leaf) return `${path}.${leaf}`
  return leaf ?? (path === 'input' ? undefined : path) ?? /^Variable "\$(\w{1,64})"/.exec(message)?.[1]
}

const harmlessMessages = [
  /^Cannot query field "\w+" on type "\w+"\./,
  /^Unknown argument "\w+" on field "\w+\.\w+"\./,
  /^Field "\w+" of type "[\w![\]]+" must have a selection of subfields\./,
  /^Field "\w+" must not have a selection since type "[\w![\]]+" has no subfields\./,
  /^Field "\w+" argument "\w+" of type "[\w![\]]+" is required, but it was not provided\./,
  /^Unknown (?:type|fragment|directive) "@?\w+"\./,
  /^Variable "\$\w+" is (?:not defined|never used)/,
]

/** The part of a validation message that names only the schema; anything else could quote a literal. */
function schemaHint(message: string): string | undefined {
  for (const harmless of harmlessMessages) {
    const match = harmless.exec(message)
    if (match) return match[0]
  }
  return undefined
}
