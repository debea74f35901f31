import type { FastifyInstance } from 'fastify'

/**
 * Headers that keep a page from being framed, sniffed, or fed scripts from elsewhere, and the id under which the log
 * knows the request. Source: S-P3, S-P4. They are the same in every answer, so they are put together once.
 */
export function setSecurityHeaders(app: FastifyInstance, publicUrl: URL): void {
  const headers = securityHeaders(publicUrl)
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id)
    done()
  })
}

export function securityHeaders(publicUrl: URL): Record<string, string> {
  const isHttps = publicUrl.protocol === 'https:'
  return {
    // What may be kept says so itself.
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(`${isHttps ? 'wss' : 'ws'}://${publicUrl.host}`),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    // For browsers that do not know frame-ancestors.
    'x-frame-options': 'DENY',
    // Older browsers' own filter against scripts could be turned into a way in; 0 keeps it off.
    'x-xss-protection': '0',
  }
}

function contentSecurityPolicy(socket: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // The page changes styles through the object model only, which no policy forbids; it writes none as text.
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self' ${socket}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // No text may become code or markup. The one exception knows no address but that of our push worker.
    "require-trusted-types-for 'script'",
    'trusted-types push-worker',
  ].join(';')
}
