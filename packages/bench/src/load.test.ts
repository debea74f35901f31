import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'

import { applyLoad, type Exchange } from './load.ts'

const exchanges = ['/one', '/two'].map((path): Exchange => {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return { request, expectedBody: Buffer.from(`{"path":"${path}"}`) }
})

test('as many requests are sent as are wanted, and every answer is timed', async () => {
  const port = await serve((request, response) => response.end(`{"path":"${request.url}"}`))
  const { requests, latencies } = await applyLoad(exchanges, { ...load, port })

  expect(requests).toBe(load.mostRequests)
  expect(latencies).toHaveLength(load.mostRequests)
  expect(Math.min(...latencies)).toBeGreaterThan(0)
})

test('an answer that comes in pieces is put together', async () => {
  const port = await serve((request, response) => {
    const body = `{"path":"${request.url}"}`
    response.setHeader('content-length', body.length)
    response.write(body.slice(0, 5))
    setTimeout(() => response.end(body.slice(5)), 5)
  })
  const { requests } = await applyLoad(exchanges, { ...load, port })

  expect(requests).toBe(load.mostRequests)
})

test('a single answer that is not the expected one ends the measurement', async () => {
  let count = 0
  const port = await serve((request, response) =>
    response.end(++count === 20 ? '{"path":"/six"}' : `{"path":"${request.url}"}`),
  )
  await expect(applyLoad(exchanges, { ...load, port })).rejects.toThrow('answered 200 {"path":"/six"}')
})

test('an error of the server ends the measurement', async () => {
  const port = await serve((_request, response) => {
    response.writeHead(500, { 'content-length': 0 }).end()
  })
  await expect(applyLoad(exchanges, { ...load, port })).rejects.toThrow('answered 500')
})

const load = { connections: 4, seconds: 30, mostRequests: 50 }

/** @returns its port */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port')
  return address.port
}
