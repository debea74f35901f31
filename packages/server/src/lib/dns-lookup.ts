import { type LookupAddress, Resolver } from 'node:dns'

/** As the `lookup` of `node:dns` is called for all addresses. */
export type NameLookup = (
  hostname: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Asks DNS itself. The system's look-up occupies one of the few threads that files and passwords need as well, for as
 * long as the slowest name server takes that a stranger's URL leads to.
 * @param nameServers as `192.0.2.53:53`; those of the system when absent
 */
export function dnsLookup(nameServers?: readonly string[]): NameLookup {
  const resolver = new Resolver({ timeout: 1500, tries: 2 })
  if (nameServers) resolver.setServers(nameServers)

  return (hostname, _options, callback) => {
    const found: LookupAddress[] = []
    let isOneLeft = true
    const take = (family: 4 | 6) => (error: NodeJS.ErrnoException | null, addresses?: string[]) => {
      for (const address of addresses ?? []) found.push({ address, family })
      if (!isOneLeft) callback(found.length > 0 ? null : error, found)
      isOneLeft = false
    }
    resolver.resolve4(hostname, take(4))
    resolver.resolve6(hostname, take(6))
  }
}
