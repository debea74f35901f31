import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const voice: ChannelDescription = {
  channel: Channel.VOICE,
  provenBy: AddressProofKind.CODE,
  codeMessage: 'PHONE_CODE',
  carries: ['event', 'test'],
  // A call wakes people, whatever a rule says. Source: A12.
  alertsOnly: true,
  reportsBack: true,
  mostCharacters: null,
}
