import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const slack: ChannelDescription = {
  channel: Channel.SLACK,
  provenBy: AddressProofKind.OAUTH,
  codeMessage: null,
  carries: ['event', 'security', 'test'],
  alertsOnly: false,
  reportsBack: true,
  // The text of a section block.
  mostCharacters: 3000,
}
