import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

import pg from 'pg'

/** What the limits have in common: `node:http`, and a pool as large as that of Lanyard's reads. */
export const pool = new pg.Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c timezone=UTC',
})

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
