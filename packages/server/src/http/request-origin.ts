import type { IncomingMessage } from 'node:http'

import proxyAddress from '@fastify/proxy-addr'

import type { RequestOrigin } from '../context.ts'
import { deviceName } from './device-name.ts'

/** What the tables take; behind too few proxies a caller writes here what they like. */
export const addressLength = 64

type ProxyTrust = (address: string, hop: number) => boolean

/** Counted from our side: what a stranger writes into X-Forwarded-For stands before that. */
export function trustOfProxies(hops: number): ProxyTrust {
  return (_address, hop) => hop < hops
}

export function originOf(request: IncomingMessage, requestId: string, trust: ProxyTrust): RequestOrigin {
  return {
    requestId,
    // There is none once the other side is gone.
    address: (proxyAddress(request, trust) ?? '').slice(0, addressLength),
    device: deviceName(request.headers['user-agent']),
  }
}
