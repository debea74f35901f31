import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import type { QueryConfig, QueryResultRow } from 'pg'

import { Pipelines } from '../../server/src/database/pipelines.ts'

/**
 * The connections of Lanyard's reads. A pool of ten, one statement at a time on each, is what most servers have; it is
 * slower, so it would be no limit.
 */
const pipelines = new Pipelines(
  { connectionString: process.env['DATABASE_URL'], options: '-c timezone=UTC' },
  4,
)

export async function read<Row extends QueryResultRow>(query: QueryConfig): Promise<Row[]> {
  const { rows } = await pipelines.query<Row>(query)
  return rows
}

/** Serves on PORT whatever `answer` makes of the parts of the path; a failure is told and ends the connection. */
export function answerWith(
  answer: (request: IncomingMessage, path: readonly string[]) => Promise<string>,
): void {
  createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      // Whoever asked sees no more than that there is no answer.
      process.stderr.write(`${String(error)}\n`)
      response.destroy()
    })
  }).listen(Number(process.env['PORT']), '127.0.0.1')

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '' } = request
    if (url === '/healthz') {
      response.end()
      return
    }
    const body = await answer(request, url.split('/').slice(1))
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    })
    response.end(body)
  }
}
