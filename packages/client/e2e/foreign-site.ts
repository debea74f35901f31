import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'

/** A web server of somebody else on this machine, which answers everything with an empty page and notes what it got. */
export interface ForeignSite extends AsyncDisposable {
  port: number
  /** What arrived there, as "POST text/plain: <body>" or "GET /path?query". */
  received: string[]
}

export async function openForeignSite(): Promise<ForeignSite> {
  const received: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const type = (request.headers['content-type'] ?? 'no type').split(';')[0]
      received.push(request.method === 'GET' ? `GET ${request.url}` : `${request.method} ${type}: ${body}`)
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Foreign</title>')
    })
  })
  server.on('upgrade', (request, socket) => {
    received.push(`UPGRADE ${request.url}`)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A TCP server that listens has an address of this kind.
  const { port } = server.address() as AddressInfo
  return {
    port,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Sends this document in every way in which a page can send something to another origin without asking it, and in some
 * that ask. Resolves to the answers that the page could read.
 */
export function attackFrom(page: Page, target: string, document: string): Promise<string[]> {
  return page.evaluate(attack, { target, document })
}

/** Resolves to how the tries to open a socket ended. */
export function openSocketsFrom(page: Page, target: string): Promise<string[]> {
  return page.evaluate(
    (url) =>
      Promise.all(
        [['graphql-transport-ws'], []].map(
          (protocols) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url, protocols)
              socket.addEventListener('open', () => resolve('opened'))
              socket.addEventListener('close', () => resolve('refused'))
            }),
        ),
      ),
    `${target.replace('http', 'ws')}/graphql`,
  )
}

/** Runs in the page of the attacker. */
async function attack({
  target,
  document: query,
}: {
  target: string
  document: string
}): Promise<string[]> {
  const url = `${target}/graphql`
  const json = JSON.stringify({ query })
  const asAddress = `${url}?query=${encodeURIComponent(query)}`
  const readable: string[] = []

  const multipart = () => {
    const form = new FormData()
    form.set('query', query)
    form.set('operations', json)
    form.set('map', '{}')
    return form
  }
  const bodies: [string, () => BodyInit][] = [
    ['text/plain', () => json],
    ['application/x-www-form-urlencoded', () => new URLSearchParams({ query })],
    ['multipart/form-data', multipart],
    ['application/json', () => new Blob([json], { type: 'application/json' })],
    ['application/graphql', () => new Blob([query], { type: 'application/graphql' })],
    ['message/x', () => new Blob([json], { type: 'message/x' })],
    ['no type', () => new Blob([json])],
  ]
  const read = async (what: string, ask: () => Promise<Response>) => {
    const answer = await ask().catch(() => undefined)
    const text = await answer?.text().catch(() => '')
    if (text) readable.push(`${what}: ${text}`)
  }
  for (const mode of ['cors', 'no-cors'] as const) {
    for (const [type, body] of bodies) {
      await read(`fetch ${mode} ${type}`, () =>
        fetch(url, { method: 'POST', mode, credentials: 'include', body: body() }),
      )
    }
    for (const type of ['message/x', 'application/json', 'text/plain']) {
      const headers = { 'content-type': type }
      await read(`GET ${mode} ${type}`, () => fetch(asAddress, { mode, credentials: 'include', headers }))
    }
    await read(`GET ${mode}`, () => fetch(asAddress, { mode, credentials: 'include' }))
  }
  for (const [, body] of bodies) navigator.sendBeacon(url, body())

  const loaded = (element: HTMLElement) =>
    new Promise<void>((resolve) => {
      element.addEventListener('load', () => resolve())
      element.addEventListener('error', () => resolve())
      document.body.append(element)
    })
  await loaded(Object.assign(new Image(), { src: asAddress }))
  await loaded(Object.assign(document.createElement('script'), { src: asAddress }))
  await loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: asAddress }))
  await loaded(Object.assign(document.createElement('iframe'), { src: asAddress }))

  for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
    const frame = Object.assign(document.createElement('iframe'), { name: enctype })
    document.body.append(frame)
    const form = Object.assign(document.createElement('form'), {
      method: 'post',
      action: url,
      enctype,
      target: enctype,
    })
    // As text/plain the name, an equals sign and the value are the body: together they are JSON.
    const [name, value] =
      enctype === 'text/plain' ? [`${json.slice(0, -1)},"more":"`, '"}'] : ['query', query]
    form.append(Object.assign(document.createElement('input'), { name, value }))
    document.body.append(form)
    const answered = new Promise((resolve) => frame.addEventListener('load', resolve))
    form.submit()
    await answered
    frame.remove()
  }
  return readable
}
