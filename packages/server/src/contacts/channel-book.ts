import type { CarriedChannel } from '../delivery/channel.ts'
import type { AddressQuery, Whereabouts } from '../delivery/destination.ts'

/** The addresses of some channels: how they are looked up, and what is done when one is no more. */
export interface ChannelBook {
  channels: readonly CarriedChannel[]
  /** One answer for each query, in their order, by one statement. */
  look(queries: readonly AddressQuery[]): Promise<Whereabouts[]>
  /** Absent where a carrier's word alone takes no address away: emails and phones are blocked instead, and stay. */
  forget?(query: AddressQuery): Promise<void>
}
