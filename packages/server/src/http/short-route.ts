import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'

import type { Context } from '../context.ts'
import type { StatementPool } from '../database/statements.ts'
import type { SelectionReader } from '../lib/selection-reader.ts'
import { bySession, type FoundSession, sessionQuestion, viewerOfSession } from '../security/find-session.ts'
import { isRecord } from '../lib/is-record.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import type { Credential, IdentificationContext } from './identify.ts'
import type { TrustedDocuments } from './trusted-documents.ts'
import { TrustedOperation } from './trusted-operation.ts'

interface ShortRouteParts {
  schema: GraphQLSchema
  statements: StatementPool
  reader: SelectionReader<Viewer>
  /** The field of Query that is the person who asks. */
  ownField: string
  admission: Admission
  trustedDocuments: TrustedDocuments
  identification: IdentificationContext
  createContext(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null): Context
}

/** A request for one of our client's own operations. */
export interface TrustedRequest {
  operation: TrustedOperation<FoundSession>
  variables: Readonly<Record<string, unknown>>
}

/**
 * The way of our client's own documents: known at build time, parsed, validated and compiled before the first request.
 * A query is one statement, which finds out who asks and returns the finished JSON where resolvers have nothing to add.
 */
export class ShortRoute {
  readonly #parts: ShortRouteParts
  readonly #operations = new Map<string, TrustedOperation<FoundSession> | null>()

  constructor(parts: ShortRouteParts) {
    this.#parts = parts
    for (const text of parts.trustedDocuments.texts()) this.#operationOf(text)
  }

  /** What is asked for; null for whatever is not plainly one of our client's operations. */
  async find({
    documentId,
    variables,
    operationName,
  }: Record<string, unknown>): Promise<TrustedRequest | null> {
    if (typeof documentId !== 'string') return null
    const text = await this.#parts.trustedDocuments.find(documentId)
    const operation = text === undefined ? null : this.#operationOf(text)
    if (!operation || (operationName !== undefined && operationName !== operation.name)) return null
    if (variables === undefined || variables === null) return { operation, variables: {} }
    return isRecord(variables) ? { operation, variables } : null
  }

  /**
   * Answers a query of a browser by one statement.
   * @returns the text of `data`; null when it takes more to answer, or to refuse, as in a session that an account is closed to
   * @throws AppError RATE_LIMITED
   */
  async readFinished(
    { operation, variables }: TrustedRequest,
    credential: Credential | null,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string | null> {
    const { finished } = operation
    if (!finished || credential?.kind !== 'session') return null
    const { statements, admission, identification, createContext } = this.#parts
    const question = sessionQuestion(identification, credential.key)
    if (!question) return null

    const asked = { document: operation.document, operationName: operation.name, variables }
    const price = admission.priceOf(asked)
    if (price === null) return null
    const answer = await finished.read(statements, question, variables)
    if (!answer || answer.json === null) return null
    // The statement knows of no account that is closed to the session. Resolvers do, and keep what is in one to
    // themselves; and what is to be written down first is written down on their way.
    if (answer.found.closings !== null) return null
    const viewer = viewerOfSession(identification, answer.found, question)
    admission.charge(viewer, price)
    return finished.finish(answer.json, () => createContext(request, reply, viewer), variables)
  }

  #operationOf(text: string): TrustedOperation<FoundSession> | null {
    let operation = this.#operations.get(text)
    if (operation === undefined) {
      operation = TrustedOperation.compile({ ...this.#parts, identification: bySession }, text)
      this.#operations.set(text, operation)
    }
    return operation
  }
}
