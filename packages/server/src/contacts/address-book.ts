import { DeliveryReason } from '../delivery/delivery-reason.ts'
import type { AddressBook, AddressQuery, Whereabouts } from '../delivery/destination.ts'
import type { ChannelBook } from './channel-book.ts'

/** Asks the book of each channel, once for all queries of a batch. */
export function addressBook(books: readonly ChannelBook[]): AddressBook {
  const bookOf = new Map(books.flatMap((book) => book.channels.map((channel) => [channel, book] as const)))
  return {
    async look(queries) {
      const found = new Map<AddressQuery, Whereabouts>()
      await Promise.all(
        books.map(async (book) => {
          const asked = queries.filter(({ channel }) => bookOf.get(channel) === book)
          if (asked.length === 0) return
          const answers = await book.look(asked)
          for (const [index, query] of asked.entries()) found.set(query, answers[index] ?? gone)
        }),
      )
      return queries.map((query) => found.get(query) ?? gone)
    },
    async forget(query) {
      await bookOf.get(query.channel)?.forget?.(query)
    },
  }
}

const gone: Whereabouts = { usable: false, reason: DeliveryReason.ADDRESS_GONE }
