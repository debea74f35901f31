import type { FastifyRequest } from 'fastify'

import { AppError } from '../errors/app-error.ts'

/** The origins that our own pages may have. On a loopback URL its three names are one. Source: decision 9. */
export function ownOrigins(publicUrl: URL): ReadonlySet<string> {
  if (!isLoopback(publicUrl)) return new Set([publicUrl.origin])
  return new Set(loopbackHosts.map((host) => originOf(publicUrl, host)))
}

/**
 * A browser says where a request comes from; one made by a page that is not ours must not use our cookie.
 * @throws AppError FORBIDDEN
 */
export function refuseForeignOrigin({ headers }: FastifyRequest, origins: ReadonlySet<string>): void {
  const { origin } = headers
  const isForeign = origin !== undefined && !origins.has(origin)
  if (isForeign || headers['sec-fetch-site'] === 'cross-site') throw new AppError('FORBIDDEN')
}

export function isLoopback({ hostname }: URL): boolean {
  return loopbackHosts.includes(hostname)
}

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

function originOf(url: URL, hostname: string): string {
  const other = new URL(url)
  other.hostname = hostname
  return other.origin
}
