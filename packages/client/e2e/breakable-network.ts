import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { type IncomingMessage, type ServerResponse, createServer, request as send } from 'node:http'
import type { Socket } from 'node:net'

/** A way from a browser to the server that can be cut. While it is, every connection breaks and none comes about. */
export interface BreakableNetwork extends AsyncDisposable {
  /** For the `proxy` of a browser context, which leads the loopback address past proxies unless it is told not to. */
  proxy: { server: string; bypass: string }
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function openBreakableNetwork(): Promise<BreakableNetwork> {
  const open = new Set<Socket>()
  const proxy = createServer(forward)
  proxy.on('connection', (socket) => follow(socket, open))
  proxy.on('connect', (request: IncomingMessage, browser: Socket) => {
    const target = new URL(`http://${request.url}`)
    const server = connect(Number(target.port), '127.0.0.1', () => {
      browser.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      server.pipe(browser).pipe(server)
    })
    follow(server, open)
  })

  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  // A TCP server that listens has an address of this kind.
  const { port } = proxy.address() as AddressInfo

  const cut = async () => {
    const closed = once(proxy, 'close')
    proxy.close()
    for (const socket of open) socket.destroy()
    await closed
  }
  const mend = async () => {
    proxy.listen(port, '127.0.0.1')
    await once(proxy, 'listening')
  }
  return {
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
    cut,
    mend,
    [Symbol.asyncDispose]: cut,
  }
}

/** A browser asks a proxy for the whole address. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = '' } = incoming
  const { port, pathname, search } = new URL(url)
  const onward = send({ host: '127.0.0.1', port, method, headers, path: pathname + search }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}

function follow(socket: Socket, open: Set<Socket>): void {
  open.add(socket)
  socket.on('close', () => open.delete(socket))
  // A connection that is cut in the middle of something is what this is for.
  socket.on('error', () => socket.destroy())
}
