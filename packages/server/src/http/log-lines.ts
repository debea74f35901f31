import type { FastifyRequest, FastifyServerOptions } from 'fastify'

import { describeError } from '../errors/describe-error.ts'

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof logLevels)[number]

/** What a line may say, in words that were written here: a library's may quote an address, or what was in it. */
const knownMessages = new Set([
  'unforeseen error',
  'unforeseen error on a socket',
  'unforeseen error at a carrier’s request',
  'many more codes than usual to this country never came back',
  'single sign-on was refused',
  'stolen passwords cannot be asked after: new ones are taken without',
  // Fastify's.
  'incoming request',
  'request completed',
])
const otherMessage = 'something that is not written down'

/** What a line may hold: `err`, `req` and `res` as described below, the others as they are. */
const knownFields = new Set([
  'err',
  'req',
  'res',
  'requestId',
  'responseTime',
  'country',
  'codes',
  'unproven',
  'usualShare',
  'accountId',
  'connectionId',
  'purpose',
  'refusal',
])

/**
 * The log holds what stands in these lists, and nothing else: no URL but the pattern of its route, no header, no body,
 * no value of a statement. JSON keeps a line one line, whatever a name has in it. Source: S-Q1, OWASP ASVS V16.2.5.
 */
export function logLines(level: LogLevel): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    serializers: {
      req: ({ method, routeOptions, id }: FastifyRequest) => ({ method, route: routeOptions?.url, id }),
      res: ({ statusCode }) => ({ statusCode }),
      err: (error: unknown) => ({ ...describeError(error) }),
    },
    hooks: {
      logMethod([first, second], method) {
        const { fields, text } = partsOf(first, second)
        method.call(
          this,
          Object.fromEntries(Object.entries(fields).filter(([field]) => knownFields.has(field))),
          typeof text === 'string' && knownMessages.has(text) ? text : otherMessage,
        )
      },
    },
  }
}

function partsOf(first: unknown, second: unknown): { fields: object; text: unknown } {
  if (first instanceof Error) return { fields: { err: first }, text: second ?? 'unforeseen error' }
  if (typeof first === 'object' && first !== null) return { fields: first, text: second }
  return { fields: {}, text: first }
}
