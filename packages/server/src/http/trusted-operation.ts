import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
} from 'graphql'

import { AppError } from '../errors/app-error.ts'
import type { FinishedRead, FoundAnswer, Identification, SelectionReader } from '../lib/selection-reader.ts'
import type { StatementRunner } from '../lib/statement.ts'
import { responseKeyOf, rootFieldsOf, selectionInfoOf } from '../lib/root-fields.ts'
import { CompiledOperation } from './compiled-operation.ts'

interface TrustedOperationParts<Viewer, Found> {
  schema: GraphQLSchema
  reader: SelectionReader<Viewer>
  /** The field of Query that is the person who asks. */
  ownField: string
  /** How a statement finds out itself who asks. */
  identification: Identification<Viewer, Found>
}

/** A part of the answer: the key of a field of the root, and what resolvers make of it unless the statement did. */
interface FinishedPart {
  key: string
  resolved: CompiledOperation | null
}

type Variables = Readonly<Record<string, unknown>>

/** One operation of our client, compiled before it is first asked for. */
export class TrustedOperation<Found> {
  readonly document: DocumentNode
  readonly name: string
  readonly compiled: CompiledOperation
  readonly finished: FinishedOperation<Found> | null

  private constructor(
    document: DocumentNode,
    name: string,
    compiled: CompiledOperation,
    finished: FinishedOperation<Found> | null,
  ) {
    this.document = document
    this.name = name
    this.compiled = compiled
    this.finished = finished
  }

  /** @returns null for a subscription, and for what only Apollo Server can run */
  static compile<Viewer, Found>(
    parts: TrustedOperationParts<Viewer, Found>,
    text: string,
  ): TrustedOperation<Found> | null {
    const document = parse(text)
    const operation = getOperationAST(document)
    if (!operation?.name || operation.operation === 'subscription') return null
    const compiled = CompiledOperation.compile(parts.schema, document, operation.name.value)
    if (!compiled) return null
    const finished = FinishedOperation.compile(parts, document, operation)
    return new TrustedOperation(document, operation.name.value, compiled, finished)
  }
}

/**
 * A query of which one field is read and finished by the statement that finds out who asks. What stands beside it,
 * and needs no statement, is made by resolvers.
 */
export class FinishedOperation<Found> {
  readonly #schema: GraphQLSchema
  readonly #operation: OperationDefinitionNode
  readonly #read: FinishedRead<Found>
  readonly #parts: readonly FinishedPart[]

  private constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    read: FinishedRead<Found>,
    parts: readonly FinishedPart[],
  ) {
    this.#schema = schema
    this.#operation = operation
    this.#read = read
    this.#parts = parts
  }

  static compile<Viewer, Found>(
    { schema, reader, ownField, identification }: TrustedOperationParts<Viewer, Found>,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): FinishedOperation<Found> | null {
    if (operation.operation !== 'query') return null
    const fields = rootFieldsOf(document, operation)
    const [field, ...others] = fields.filter(({ name }) => name.value === ownField)
    const info = field && selectionInfoOf(schema, document, operation, field)
    const isAmbiguous = others.length > 0 || new Set(fields.map(responseKeyOf)).size < fields.length
    if (!info || isAmbiguous) return null
    const finished = reader.finish(identification, info)
    if (!finished) return null

    const parts = fields.map((other) => {
      if (other === field) return { key: responseKeyOf(other), resolved: null }
      return {
        key: responseKeyOf(other),
        resolved: CompiledOperation.compile(schema, only(other, document, operation), null),
      }
    })
    if (parts.some(({ resolved }, index) => !resolved && fields[index] !== field)) return null
    return new FinishedOperation(schema, operation, finished, parts)
  }

  /**
   * @param values what the identification needs to know
   * @returns who was found, with the JSON of the field; undefined when that is nobody; null when the variables are not
   *   acceptable, which a resolver can say better
   */
  async read(
    runner: StatementRunner,
    values: Readonly<Record<string, unknown>>,
    variables: Variables,
  ): Promise<FoundAnswer<Found> | undefined | null> {
    const { variableDefinitions = [] } = this.#operation
    const { coerced } = getVariableValues(this.#schema, variableDefinitions, variables)
    if (!coerced) return null
    try {
      return await this.#read(runner, values, coerced)
    } catch (error) {
      if (error instanceof AppError) return null
      throw error
    }
  }

  /** @returns the text of `data`; null when a resolver refused */
  async finish(json: string, context: () => object, variables: Variables): Promise<string | null> {
    const members: string[] = []
    for (const { key, resolved } of this.#parts) {
      if (resolved) {
        const { data, errors } = await resolved.run(context(), variables)
        if (!data || errors.length > 0) return null
        members.push(`"${key}":${JSON.stringify(data[key])}`)
      } else {
        members.push(`"${key}":${json}`)
      }
    }
    return `{${members.join(',')}}`
  }
}

/** The document with no other field at its root. */
function only(field: FieldNode, document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const selectionSet = { ...operation.selectionSet, selections: [field] }
  return {
    ...document,
    definitions: document.definitions.map((definition) =>
      definition === operation ? { ...operation, selectionSet } : definition,
    ),
  }
}
