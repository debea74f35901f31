import { randomUUID } from 'node:crypto'

import type { FastifyInstance } from 'fastify'

import type { Config } from './config.ts'
import { addressEffects } from './contacts/address-effects.ts'
import type { Context, RequestOrigin } from './context.ts'
import { BounceListener } from './delivery/inbound/bounce-listener.ts'
import { fetchDocument } from './delivery/inbound/fetch-document.ts'
import { serveInbound } from './delivery/inbound/serve-inbound.ts'
import { speakTakenCall } from './delivery/taken-call.ts'
import { addressLength } from './http/request-origin.ts'

interface CarrierParts extends Pick<Context, 'statements' | 'clock' | 'sealing' | 'http'> {
  config: Config
  createContext(origin: RequestOrigin, viewer: null, cookies: null): Context
  onError(error: unknown): void
}

/**
 * Takes reports, answers and mail that came back. In the place of a browser stands whose word it was.
 * @returns what listens for mail, where that is wanted
 */
export async function listenToCarriers(
  app: FastifyInstance,
  { config, statements, clock, sealing, http, createContext, onError }: CarrierParts,
): Promise<AsyncDisposable | null> {
  const { inbound: limits } = config.limits
  const createScene = (address: string, device: string, requestId: string) =>
    createContext({ requestId, address: address.slice(0, addressLength), device }, null, null)
  serveInbound(app, {
    config,
    limits,
    clock,
    addresses: addressEffects,
    createScene: ({ ip, id }, source) => createScene(ip, source, id),
    fetchText: (url) => fetchDocument(http, url),
    renderCall: (key) => speakTakenCall({ statements, sealing, publicUrl: config.publicUrl }, key),
  })
  const { bounceListener, bounceDomain } = config.mail
  if (!bounceListener || bounceDomain === null) return null
  return BounceListener.start({
    ...bounceListener,
    domain: bounceDomain,
    limits,
    sealing,
    addresses: addressEffects,
    createScene: (address) => createScene(address, 'Mail', randomUUID()),
    onError,
  })
}
