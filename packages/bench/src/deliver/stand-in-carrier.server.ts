import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * A carrier that takes any POST and answers after 20 ms as Twilio's Messages resource does. `/last` is the newest
 * request it had, so that others can send the same; `/count` tells how many it had.
 */
const answerMilliseconds = 20
const answer = JSON.stringify({
  sid: 'SM00000000000000000000000000000000',
  status: 'queued',
  error_code: null,
})

export interface CarrierRequest {
  path: string
  headers: Record<string, string>
  body: string
}

let count = 0
let last: CarrierRequest | undefined

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  void answerTo(request).then((text) =>
    response.writeHead(201, { 'content-type': 'application/json' }).end(text),
  )
}).listen(Number(process.env['PORT']), '127.0.0.1')

async function answerTo(request: IncomingMessage): Promise<string> {
  if (request.url === '/healthz') return '"ok"'
  if (request.url === '/count') return JSON.stringify(count)
  if (request.url === '/last') return JSON.stringify(last)
  await take(request)
  return answer
}

async function take(request: IncomingMessage): Promise<void> {
  const [body] = await Promise.all([text(request), wait(answerMilliseconds)])
  count += 1
  const { authorization = '', 'content-type': type = '' } = request.headers
  last = { path: request.url ?? '/', headers: { authorization, 'content-type': type }, body }
}
