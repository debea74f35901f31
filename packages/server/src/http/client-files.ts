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
      wildcard: false,
      globIgnore: ['index.html', 'trusted-documents.json'],
      setHeaders(reply, path) {
        const isHashed = path.includes('/assets/')
        reply.header(
          'cache-control',
          isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
        )
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (hasClient && isPage && !/^\/(?:assets|graphql)(?:\/|$|\?)/.test(request.url)) {
      return reply
        .header('cache-control', 'no-cache')
        .sendFile('index.html', directory, { cacheControl: false })
    }
    return reply.code(404).type('text/plain; charset=utf-8').send('Not found\n')
  })
}
