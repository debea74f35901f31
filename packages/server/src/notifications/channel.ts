import { registerEnumType } from 'type-graphql'

/** The ways a message reaches a person. */
export enum Channel {
  IN_APP = 'IN_APP',
}
registerEnumType(Channel, { name: 'Channel' })
