import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  subscribe,
  validate,
} from 'graphql'
import type { ExecutionResult as SocketResult, SubscribePayload } from 'graphql-ws'

import type { Context, RequestOrigin } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import type { InboxFeed } from '../notifications/inbox-feed.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import { BadgeFrames, BadgeStream } from './badge-frames.ts'
import type { GuardedSocket } from './guarded-socket.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

export interface SocketOperationParts {
  schema: GraphQLSchema
  limits: Limits
  admission: Admission
  trustedDocuments: TrustedDocuments
  trustedDocumentsOnly: boolean
  inbox: InboxFeed
  createContext(origin: RequestOrigin, viewer: Viewer): Context
  onBadgeFrame(): void
  onUnforeseen(error: unknown, requestId: string): void
}

/** What is known of one socket. */
export interface SocketExtra {
  socket: GuardedSocket
  origin: RequestOrigin
  hasCookie: boolean
  viewer: Viewer | null
  /** Once admitted: takes the socket off the list of those alive. */
  leave?: () => void
}

/** A subscription that is answered with finished frames. */
interface FrameArgs extends ExecutionArgs {
  openStream: () => Promise<BadgeStream>
}

/** A document as it is known however often it is sent. */
interface KnownDocument {
  faults: readonly GraphQLError[]
  /** Of a document of our client's own only. */
  badgeFrames: BadgeFrames | null
}

/** What sockets may run: subscriptions. Our client's own one for the badge takes the frame path. */
export class SocketOperations {
  readonly #parts: SocketOperationParts
  readonly #known = new WeakMap<DocumentNode, KnownDocument>()

  constructor(parts: SocketOperationParts) {
    this.#parts = parts
  }

  /** What is to be run, or why it is not. */
  async prepare(
    { viewer, origin, socket }: SocketExtra,
    id: string,
    payload: SubscribePayload,
    open: number,
  ): Promise<ExecutionArgs | GraphQLError[]> {
    const { schema, limits, admission, createContext, inbox, onBadgeFrame } = this.#parts
    try {
      if (!viewer) throw new AppError('UNAUTHENTICATED')
      if (open > limits.subscriptionsPerSocket) throw new AppError('RATE_LIMITED', { retryAfterSeconds: 1 })
      const { text, isTrusted } = await this.#textOf(payload, viewer)
      const operationName = payload.operationName ?? null
      const variables = payload.variables ?? {}
      const { document, operation } = admission.admitText(text, { operationName, variables }, viewer)
      if (operation?.operation !== 'subscription') throw new AppError('BAD_REQUEST')

      const { faults, badgeFrames } = this.#know(document)
      if (faults.length > 0) return [...faults]
      if (isTrusted && badgeFrames) {
        const write = badgeFrames.writerFor(id)
        const openStream = () => BadgeStream.open({ inbox, viewer, socket, write, onFrame: onBadgeFrame })
        const args: FrameArgs = { schema, document, operationName, contextValue: null, openStream }
        return args
      }
      const contextValue = createContext(origin, viewer)
      return { schema, document, operationName, variableValues: variables, contextValue }
    } catch (error) {
      // graphql-ws takes refusals as GraphQL errors only.
      return [asGraphQLError(error)]
    }
  }

  async subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    if (!isFrameArgs(args)) {
      const results = await subscribe(args)
      return Symbol.asyncIterator in results ? results[Symbol.asyncIterator]() : results
    }
    return args.openStream().catch((error: unknown) => ({ errors: [asGraphQLError(error)] }))
  }

  presentResult(extra: SocketExtra, { data, errors }: SocketResult): FormattedExecutionResult {
    return { data: data ?? null, ...(errors ? { errors: this.presentErrors(extra, errors) } : {}) }
  }

  presentErrors(
    { origin: { requestId }, viewer }: SocketExtra,
    errors: readonly GraphQLError[],
  ): GraphQLFormattedError[] {
    const unforeseen = (error: unknown) => this.#parts.onUnforeseen(error, requestId)
    return errors.map((error) => presentError(error, { requestId, signedIn: viewer !== null, unforeseen }))
  }

  async #textOf(
    { query, extensions }: SubscribePayload,
    { credential }: Viewer,
  ): Promise<{ text: string; isTrusted: boolean }> {
    const { trustedDocuments, trustedDocumentsOnly } = this.#parts
    const documentId = extensions?.['documentId']
    if (documentId === undefined) {
      if (trustedDocumentsOnly && credential.kind !== 'token') throw new AppError('DOCUMENT_NOT_FOUND')
      return { text: query, isTrusted: false }
    }
    const text = typeof documentId === 'string' ? await trustedDocuments.find(documentId) : undefined
    if (text === undefined) throw new AppError('DOCUMENT_NOT_FOUND')
    return { text, isTrusted: true }
  }

  #know(document: DocumentNode): KnownDocument {
    let known = this.#known.get(document)
    if (!known) {
      const { schema } = this.#parts
      const faults = validate(schema, document).map(
        (fault) => new GraphQLError(fault.message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      )
      known = { faults, badgeFrames: faults.length > 0 ? null : BadgeFrames.of(schema, document) }
      this.#known.set(document, known)
    }
    return known
  }
}

function isFrameArgs(args: ExecutionArgs): args is FrameArgs {
  return 'openStream' in args
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  return new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) })
}
