import type { EntityManager } from '@mikro-orm/postgresql'

import type { Language } from '../../language.ts'
import type { Channel } from '../channel.ts'
import type { Scene } from './scene.ts'

/** An address on one channel: mail in lower case, a phone as E.164. */
export interface ChannelAddress {
  channel: Channel
  addressKey: string
}

export interface AddressFault extends ChannelAddress {
  /** The carrier's own words. */
  detail: string
  /** Whose message it was. */
  userId: string
}

/**
 * What a carrier's word does to the address itself, for everybody who holds it. `delivery/` knows addresses and not
 * whose they are: `contacts/` does these, each in the transaction it is given.
 */
export interface AddressEffects {
  block(
    scene: Scene,
    tx: EntityManager,
    fault: AddressFault & { reason: 'BOUNCE' | 'COMPLAINT' | 'OPTED_OUT' },
  ): Promise<void>
  /** Mail that expired on its way: often enough, and the address is blocked. */
  countTrouble(scene: Scene, tx: EntityManager, fault: AddressFault & { deliveryId: string }): Promise<void>
  /** STOP. */
  optOut(scene: Scene, tx: EntityManager, phone: ChannelAddress): Promise<void>
  /** START: takes back a STOP, and nothing else. */
  optIn(scene: Scene, tx: EntityManager, phone: ChannelAddress): Promise<void>
  /** In which language to answer a number: that of whoever proved it first. */
  languageOf(tx: EntityManager, number: string): Promise<Language | undefined>
  /** A workspace threw us out, or some of its members did. */
  endSlackLinks(
    scene: Scene,
    tx: EntityManager,
    which: { teamId: string; slackUserIds?: readonly string[] },
  ): Promise<void>
}
