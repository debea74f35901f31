import type { FastifyRequest } from 'fastify'

import type { Config } from '../../config.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Limits } from '../../limits.ts'
import type { DeliveryKey } from '../delivery-reference.ts'
import type { RenderedCall } from '../rendered-message.ts'
import type { AddressEffects } from './address-effects.ts'
import type { Scene, Source } from './scene.ts'

export interface InboundParts {
  config: Pick<Config, 'publicUrl' | 'mail' | 'twilio' | 'slack'>
  limits: Limits['inbound']
  clock: Clock
  addresses: AddressEffects
  createScene(request: FastifyRequest, source: Source): Scene
  /** A document of another server, by the guarded client. Throws for every answer but 200. */
  fetchText(url: URL): Promise<string>
  /** What a call says; null when there is no such call, or it is over. */
  renderCall(key: DeliveryKey): Promise<RenderedCall | null>
}
