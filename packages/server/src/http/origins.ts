/** The origins that our own pages may have. On a loopback URL its three names are one. Source: decision 9. */
export function ownOrigins(publicUrl: URL): ReadonlySet<string> {
  if (!isLoopback(publicUrl)) return new Set([publicUrl.origin])
  return new Set(loopbackHosts.map((host) => originOf(publicUrl, host)))
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
