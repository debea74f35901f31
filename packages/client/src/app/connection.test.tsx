import { act, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { openSocket } from './connection.ts'
import { ConnectionLine } from './ConnectionLine.tsx'

/** The browser's socket, as far as graphql-ws uses it. A test opens and closes it. */
class WebSocketDouble {
  static readonly OPEN = 1
  static readonly CLOSED = 3
  static readonly all: WebSocketDouble[] = []
  readyState = 0
  onopen: () => Promise<void> = async () => {}
  onclose: (event: CloseEvent) => void = () => {}
  onmessage: (event: { data: string }) => void = () => {}
  onerror: (event: Event) => void = () => {}

  constructor() {
    WebSocketDouble.all.push(this)
  }

  send(frame: string): void {
    if (frame.includes('connection_init')) this.onmessage({ data: '{"type":"connection_ack"}' })
  }

  close(): void {}

  async open(): Promise<void> {
    this.readyState = 1
    await this.onopen()
  }

  end(code: number): void {
    this.readyState = WebSocketDouble.CLOSED
    this.onclose(new CloseEvent('close', { code, wasClean: code !== 1006 }))
  }
}

const latestSocket = () => {
  const socket = WebSocketDouble.all.at(-1)
  if (!socket) throw new Error('No socket was opened.')
  return socket
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(1)
  vi.stubGlobal('WebSocket', WebSocketDouble)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function watchConnection(onRefused = () => {}) {
  renderPage(<ConnectionLine />, { server: createServerDouble({}) })
  const socket = openSocket('ws://localhost/graphql', onRefused)
  const stop = socket.subscribe({ query: '' }, { next: () => {}, error: () => {}, complete: () => {} })
  return { stop }
}

const settle = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds))

test('a server that is back by the first retry is not worth a word; one that is not, is', async () => {
  const { stop } = watchConnection()
  await settle(0)

  act(() => latestSocket().end(1006))
  await settle(1_000)
  expect(screen.queryByRole('alert')).toBeNull()

  act(() => latestSocket().end(1006))
  await settle(0)
  expect(screen.getByRole('alert').textContent).toContain('The server does not answer.')
  expect(screen.getByRole('alert').textContent).toContain('Trying again in 2 s')

  await settle(2_000)
  await act(() => latestSocket().open())
  await settle(0)
  expect(screen.queryByRole('alert')).toBeNull()
  stop()
})

test('a device without network says so, and one that has it back does not wait out the pause', async () => {
  const { stop } = watchConnection()
  await settle(0)

  act(() => void dispatchEvent(new Event('offline')))
  expect(screen.getByRole('alert').textContent).toContain('You are offline.')

  act(() => latestSocket().end(1006))
  await settle(0)
  const opened = WebSocketDouble.all.length
  act(() => void dispatchEvent(new Event('online')))
  await settle(0)
  expect(screen.queryByRole('alert')).toBeNull()
  expect(WebSocketDouble.all).toHaveLength(opened + 1)
  stop()
})

test('a socket refused because of who asks makes the page ask who is there', async () => {
  const onRefused = vi.fn<() => void>()
  const { stop } = watchConnection(onRefused)
  await settle(0)

  act(() => latestSocket().end(4401))
  await settle(0)

  expect(onRefused).toHaveBeenCalledOnce()
  stop()
})

test('an unanswered ping ends a connection that only looks open', async () => {
  const { stop } = watchConnection()
  await settle(0)
  const socket = latestSocket()
  await act(() => socket.open())

  await settle(20_000 + 5_000)
  await settle(1_000)

  expect(latestSocket()).not.toBe(socket)
  stop()
})
