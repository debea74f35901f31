import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import Fastify from 'fastify'
import { afterAll, expect, test } from 'vitest'
import { serveClient } from './client-files.ts'

const script = 'export const answer = 42\n'
const page = '<!doctype html><title>Lanyard</title>'

const directory = await mkdtemp(join(tmpdir(), 'lanyard-client-'))
await mkdir(join(directory, 'assets'))
await mkdir(join(directory, '.vite'))
await writeFile(join(directory, '.vite/manifest.json'), '{}')
await writeFile(join(directory, 'index.html'), page)
await writeFile(join(directory, 'trusted-documents.json'), '{}')
await writeFile(join(directory, 'push-worker.js'), script)
await writeFile(join(directory, 'push-worker.js.br'), brotliCompressSync(script))
await writeFile(join(directory, 'assets/page-1a2b.js'), script)
await writeFile(join(directory, 'assets/page-1a2b.js.br'), brotliCompressSync(script))

const app = Fastify()
await serveClient(app, directory)
afterAll(async () => {
  await app.close()
  await rm(directory, { recursive: true })
})

const browser = { accept: 'text/html,application/xhtml+xml', 'accept-encoding': 'gzip, br' }

test.each(['/', '/settings/profile?account=1', '/inbox/no-such-item', '/index.html'])(
  'a person who opens %s gets the page, and the next build at the next visit',
  async (url) => {
    const answer = await app.inject({ url, headers: browser })
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toBe(page)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    expect(answer.headers['cache-control']).toBe('no-cache')
  },
)

test.each(['/', '/assets', '/assets/'])('%s without a word on packing is no error', async (url) => {
  const answer = await app.inject({ url, headers: { accept: 'text/html' } })
  expect(answer.statusCode).toBe(url === '/' ? 200 : 404)
})

test('a script comes packed to who can unpack it, and is kept for a year', async () => {
  const packed = await app.inject({ url: '/assets/page-1a2b.js', headers: { 'accept-encoding': 'br' } })
  expect(packed.headers['content-encoding']).toBe('br')
  expect(packed.headers['content-type']).toMatch(/javascript/)
  expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(script)

  const plain = await app.inject({ url: '/assets/page-1a2b.js' })
  expect(plain.body).toBe(script)
})

test.each(['br', 'identity'])(
  'the push worker comes from the root as a script, and is never kept (%s)',
  async (encoding) => {
    const answer = await app.inject({ url: '/push-worker.js', headers: { 'accept-encoding': encoding } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^(?:text|application)\/javascript/)
    expect(answer.headers['cache-control']).toBe('no-cache')
  },
)

test('a file that is not there is not answered with the page', async () => {
  for (const url of [
    '/assets/gone-9f9f.js',
    '/trusted-documents.json',
    '/.vite/manifest.json',
    '/%2evite/manifest.json',
    '/assets/%2e%2e/.vite/manifest.json',
    '/favicon.ico',
    '/assets/../../package.json',
  ]) {
    expect((await app.inject({ url })).statusCode).toBe(404)
  }
  const asPage = await app.inject({ url: '/assets/gone-9f9f.js', headers: browser })
  expect(asPage.statusCode).toBe(404)
})

test('a server without a built client says so, and does not fail', async () => {
  const bare = Fastify()
  await serveClient(bare, join(directory, 'nowhere'))
  expect((await bare.inject({ url: '/', headers: browser })).statusCode).toBe(404)
  await bare.close()
})
