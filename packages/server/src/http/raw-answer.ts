import { STATUS_CODES } from 'node:http'

import { securityHeaders } from './security-headers.ts'

/** Writes an answer without a body for a connection that has no request of ours, guarded as every answer is. */
export type RawAnswer = (status: number, headers?: Readonly<Record<string, string>>) => string

export function rawAnswers(publicUrl: URL): RawAnswer {
  const guards = linesOf(securityHeaders(publicUrl))
  return (status, headers = {}) =>
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${guards}${linesOf(headers)}connection: close\r\ncontent-length: 0\r\n\r\n`
}

function linesOf(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}
