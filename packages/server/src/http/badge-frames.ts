import { type DocumentNode, getOperationAST, type GraphQLSchema } from 'graphql'

import { responseKeyOf, rootFieldsOf, selectionInfoOf } from '../lib/root-fields.ts'
import { selectionOf } from '../lib/selection.ts'
import { badgeWithinReach, type NotificationBadge } from '../notifications/badge.ts'
import { type BadgeWriter, badgeWriter } from '../notifications/badge-writer.ts'
import type { InboxFeed } from '../notifications/inbox-feed.ts'
import type { Viewer } from '../viewer.ts'
import type { FrameSource, GuardedSocket } from './guarded-socket.ts'

const badgeField = 'notificationBadge'

/** How the frames of a badge subscription read, for one document. */
export class BadgeFrames {
  readonly #key: string
  readonly #write: BadgeWriter

  private constructor(key: string, write: BadgeWriter) {
    this.#key = JSON.stringify(key)
    this.#write = write
  }

  /** @returns null for a document that subscribes to anything else */
  static of(schema: GraphQLSchema, document: DocumentNode): BadgeFrames | null {
    const operation = getOperationAST(document)
    if (operation?.operation !== 'subscription') return null
    const [field] = rootFieldsOf(document, operation)
    if (field?.name.value !== badgeField) return null
    const info = selectionInfoOf(schema, document, operation, field)
    return info && new BadgeFrames(responseKeyOf(field), badgeWriter(selectionOf(info).fields))
  }

  /** What graphql-ws would send when the document was executed for the badge. */
  writerFor(subscriptionId: string): BadgeWriter {
    const head = `{"id":${JSON.stringify(subscriptionId)},"type":"next","payload":{"data":{${this.#key}:`
    return (badge) => `${head}${this.#write(badge)}}}}`
  }
}

interface BadgeStreamParts {
  inbox: InboxFeed
  viewer: Viewer
  socket: GuardedSocket
  write: BadgeWriter
  onFrame: () => void
}

/**
 * One badge subscription on the frame path: a newer badge is written to the socket as a finished frame, and only the
 * newest one waits for a reader that is slow. For graphql-ws it is an iterator that never yields; what ends one ends it.
 */
export class BadgeStream implements FrameSource, AsyncIterableIterator<never> {
  readonly #parts: BadgeStreamParts
  #newest: NotificationBadge | undefined
  #leave: (() => void) | undefined
  #end: ((result: IteratorResult<never, undefined>) => void) | undefined

  private constructor(parts: BadgeStreamParts) {
    this.#parts = parts
  }

  /** @returns once the snapshot was written */
  static async open(parts: BadgeStreamParts): Promise<BadgeStream> {
    const stream = new BadgeStream(parts)
    stream.#leave = await parts.inbox.watchBadge(parts.viewer.userId, (badge) => {
      stream.#newest = badge
      parts.socket.offer(stream)
    })
    return stream
  }

  takeFrame(): string | undefined {
    const badge = this.#newest
    if (!badge) return undefined
    this.#newest = undefined
    const { write, viewer, onFrame } = this.#parts
    onFrame()
    return write(badgeWithinReach(badge, viewer))
  }

  next(): Promise<IteratorResult<never, undefined>> {
    if (!this.#leave) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => {
      this.#end = resolve
    })
  }

  return(): Promise<IteratorResult<never, undefined>> {
    this.#leave?.()
    this.#leave = undefined
    this.#newest = undefined
    this.#parts.socket.withdraw(this)
    const result = { value: undefined, done: true } as const
    this.#end?.(result)
    return Promise.resolve(result)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
