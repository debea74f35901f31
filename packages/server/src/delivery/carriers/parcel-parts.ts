import type { Parcel } from '../carrier.ts'
import type { CarriedChannel } from '../channel.ts'
import type { Destination } from '../destination.ts'
import type { RenderedMessage } from '../rendered-message.ts'

type On<Union, On extends CarriedChannel> = Extract<Union, { channel: On }>

/** @throws Error when the parcel was meant for another carrier, which is a mistake of ours */
export function messageOn<Name extends CarriedChannel>(
  channel: Name,
  { message }: Parcel,
): On<RenderedMessage, Name> {
  if (message.channel !== channel) throw new Error(`a message for ${message.channel} came to ${channel}`)
  return message as On<RenderedMessage, Name>
}

/** @throws Error when the parcel was meant for another carrier, which is a mistake of ours */
export function destinationOn<Name extends CarriedChannel>(
  channel: Name,
  { to }: Parcel,
): DestinationOn<Name> {
  if (to.channel !== channel) throw new Error(`an address on ${to.channel} came to ${channel}`)
  return to as DestinationOn<Name>
}

/** The three channels of phones share one kind of address. */
type DestinationOn<Name extends CarriedChannel> = Destination extends infer One
  ? One extends { channel: infer Channels }
    ? Name extends Channels
      ? One
      : never
    : never
  : never
