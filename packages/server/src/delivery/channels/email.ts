import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const email: ChannelDescription = {
  channel: Channel.EMAIL,
  provenBy: AddressProofKind.CODE,
  codeMessage: 'EMAIL_CODE',
  carries: ['event', 'security', 'test'],
  alertsOnly: false,
  reportsBack: true,
  mostCharacters: null,
}
