import { access } from 'node:fs/promises'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/**
 * Serves the built client: hashed files for a year, and the page itself for every path that a person may link to.
 * A server without a built client answers 404 there.
 */
export async function serveClient(app: FastifyInstance, directory: string): Promise<void> {
  const hasClient = await access(join(directory, 'index.html')).then(
    () => true,
    () => false,
  )
  if (hasClient) {
    await app.register(fastifyStatic, {
      root: directory,
      index: false,
      preCompressed: true,
      allowedPath: isPublicFile,
      cacheControl: false,
      setHeaders: (reply, path) => void reply.header('cache-control', cachingOf(path)),
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (hasClient && isPage && !/^\/(?:assets|graphql)(?:\/|$|\?)/.test(request.url)) {
      return reply.sendFile('index.html', directory)
    }
    return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
  })
}

/**
 * Not a folder, not the page itself, which is served for many paths, and not what is ours: the list of documents, and
 * what the build says of itself in a folder that begins with a dot.
 */
function isPublicFile(path: string): boolean {
  return (
    /\.\w+$/.test(path) &&
    !path.includes('/.') &&
    path !== '/index.html' &&
    path !== '/trusted-documents.json'
  )
}

/** Names of assets change with what is in them. The page, which names them, and the push worker are asked for each time. */
function cachingOf(path: string): string {
  if (path.includes('/assets/')) return 'public, max-age=31536000, immutable'
  return /(?:index\.html|push-worker\.js)(?:\.\w+)?$/.test(path) ? 'no-cache' : 'public, max-age=3600'
}
