import type { Socket } from 'node:net'

import type { FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify'

import { AppError } from '../errors/app-error.ts'
import { refuse } from './graphql-answer.ts'
import { rawAnswers } from './raw-answer.ts'
import { securityHeaders } from './security-headers.ts'

/** By Node's codes; whatever else the parser cannot read is a 400. */
const statusByCode: Partial<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

/** Answers, with the headers of every other answer, what never becomes a request of ours. */
export function unreadableRequests(
  publicUrl: URL,
): Pick<FastifyServerOptions, 'clientErrorHandler' | 'frameworkErrors'> {
  const headers = securityHeaders(publicUrl)
  const answer = rawAnswers(publicUrl)
  return {
    /** What Node's parser refuses. */
    clientErrorHandler({ code }: NodeJS.ErrnoException, socket: Socket) {
      // The other side is gone, or is being answered.
      if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return socket.destroy()
      return socket.end(answer(statusByCode[code ?? ''] ?? 400))
    },
    /** What Fastify refuses before its hooks, as an address that is none. */
    frameworkErrors(_error: unknown, request: FastifyRequest, reply: FastifyReply) {
      void reply.headers(headers).header('x-request-id', request.id)
      const scope = { requestId: request.id, signedIn: false, unforeseen: () => {} }
      refuse(reply, new AppError('BAD_REQUEST'), scope)
    },
  }
}
