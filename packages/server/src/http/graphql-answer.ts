import type { ErrorCode } from '@lanyard/contract/error-code'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

import { AppError } from '../errors/app-error.ts'
import { type ErrorScope, presentError } from '../errors/translate-errors.ts'
import type { Viewer } from '../viewer.ts'
import { InvalidToken } from './identify.ts'

interface Result {
  /** Absent when nothing was run: what was asked is at fault. */
  data?: Readonly<Record<string, unknown>> | null | undefined
  errors?: readonly GraphQLFormattedError[] | undefined
}

/** Answers with what GraphQL made of the request. */
export function sendResult(
  request: FastifyRequest,
  reply: FastifyReply,
  { data, errors }: Result,
  viewer: Viewer | null,
): FastifyReply {
  void reply.code(data === undefined ? 400 : 200)
  const isForbidden = errors?.some(({ extensions }) => extensions?.['code'] === 'FORBIDDEN')
  if (isForbidden && viewer?.credential.kind === 'token') {
    // Tells the program what its token lacks. Source: RFC 6750, section 3.1.
    void reply.code(403).header('www-authenticate', 'Bearer error="insufficient_scope"')
  }
  const told = errors && errors.length > 0 ? errors : undefined
  return sendText(request, reply, JSON.stringify({ errors: told, data }))
}

export function sendText({ headers }: FastifyRequest, reply: FastifyReply, json: string): FastifyReply {
  return reply.type(mediaTypeFor(headers.accept)).send(json)
}

/** Its own type for who knows it, plain JSON for everybody else. Source: GraphQL over HTTP, media types. */
function mediaTypeFor(accept = ''): string {
  const type = accept.includes('application/graphql-response+json') ? 'graphql-response+json' : 'json'
  return `application/${type}; charset=utf-8`
}

/** Answers a refusal that came before GraphQL in GraphQL's own form. */
export function refuse(
  reply: FastifyReply,
  error: unknown,
  scope: ErrorScope,
  status: number = statusOf(error),
): FastifyReply {
  const presented = presentError(error, scope)
  const { code, retryAfterSeconds } = presented.extensions ?? {}
  if (error instanceof InvalidToken) {
    void reply.code(401).header('www-authenticate', 'Bearer error="invalid_token"')
  } else {
    void reply.code(code === 'INTERNAL' ? 500 : status)
  }
  if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', String(retryAfterSeconds))
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ errors: [presented] }))
}

/** A refusal of one operation is an answer of GraphQL; what is no GraphQL request is an error of HTTP. */
const statusByCode: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 200,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
}

function statusOf(error: unknown): number {
  return (error instanceof AppError && statusByCode[error.code]) || 400
}
