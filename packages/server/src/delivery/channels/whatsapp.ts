import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const whatsApp: ChannelDescription = {
  channel: Channel.WHATSAPP,
  provenBy: AddressProofKind.CODE,
  codeMessage: 'PHONE_CODE',
  carries: ['event', 'security', 'test'],
  alertsOnly: false,
  reportsBack: true,
  // The body of a template with its variables filled in.
  mostCharacters: 1024,
}
