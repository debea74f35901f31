import { Channel } from '../channel.ts'
import { AddressProofKind, type ChannelDescription } from '../channel-description.ts'

export const sms: ChannelDescription = {
  channel: Channel.SMS,
  provenBy: AddressProofKind.CODE,
  codeMessage: 'PHONE_CODE',
  carries: ['event', 'security', 'test'],
  alertsOnly: false,
  reportsBack: true,
  // One segment of GSM 03.38; what is longer costs several, and letters beyond that alphabet make it 70.
  mostCharacters: 160,
}
