import { registerEnumType } from 'type-graphql'

import type { CarriedChannel } from './channel.ts'
import type { MessageClass, MessageKind } from './message.ts'

/** What makes an address of a channel the person's own. */
export enum AddressProofKind {
  /** A code that was sent there came back. */
  CODE = 'CODE',
  /** The browser itself registered. */
  REGISTRATION = 'REGISTRATION',
  /** The service says who it is. */
  OAUTH = 'OAUTH',
}
registerEnumType(AddressProofKind, { name: 'AddressProofKind' })

/** What a channel says of itself, to the server and to the page. */
export interface ChannelDescription {
  channel: CarriedChannel
  provenBy: AddressProofKind
  /** The message that carries a code which proves one of its addresses; null when no code does. */
  codeMessage: Extract<MessageKind, 'EMAIL_CODE' | 'PHONE_CODE'> | null
  /** What it carries besides. */
  carries: readonly Exclude<MessageClass, 'code'>[]
  /** Of events it carries the opening of alerts, nothing else. */
  alertsOnly: boolean
  /** Whether anybody tells what became of a message once it was accepted. */
  reportsBack: boolean
  /** Characters that fit one message; null = no such limit. */
  mostCharacters: number | null
}
