import { registerEnumType } from 'type-graphql'

/** The ways a message reaches a person. In-app is the inbox, which `notifications/` writes itself. */
export enum Channel {
  EMAIL = 'EMAIL',
  SMS = 'SMS',
  VOICE = 'VOICE',
  WHATSAPP = 'WHATSAPP',
  PUSH = 'PUSH',
  SLACK = 'SLACK',
  IN_APP = 'IN_APP',
}
registerEnumType(Channel, { name: 'Channel' })

/** The channels on which a carrier takes a message out of the house. */
export type CarriedChannel = Exclude<Channel, Channel.IN_APP>
