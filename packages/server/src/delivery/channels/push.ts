import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const push: ChannelDescription = {
  channel: Channel.PUSH,
  provenBy: AddressProofKind.REGISTRATION,
  codeMessage: null,
  carries: ['event', 'security', 'test'],
  alertsOnly: false,
  // A push service keeps to itself whether the browser took it.
  reportsBack: false,
  // Its limit is one of bytes, of the encrypted payload.
  mostCharacters: null,
}
