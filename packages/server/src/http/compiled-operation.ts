import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit'

/** So many wrong variables of one request are told. */
const mostFaults = 5

interface OperationResult {
  /** Absent when nothing was run: what was asked is at fault. */
  data?: Record<string, unknown> | null
  errors: readonly GraphQLError[]
}

/** An operation compiled by graphql-jit, with the errors that graphql-js would make. */
export class CompiledOperation {
  readonly #schema: GraphQLSchema
  readonly #operation: OperationDefinitionNode
  readonly #query: CompiledQuery

  private constructor(schema: GraphQLSchema, operation: OperationDefinitionNode, query: CompiledQuery) {
    this.#schema = schema
    this.#operation = operation
    this.#query = query
  }

  /** @returns null for what cannot be compiled, or does not say which operation is meant */
  static compile(
    schema: GraphQLSchema,
    document: DocumentNode,
    operationName: string | null,
  ): CompiledOperation | null {
    const operation = getOperationAST(document, operationName)
    if (!operation) return null
    const query = compileQuery(schema, document, operationName ?? undefined)
    return isCompiledQuery(query) ? new CompiledOperation(schema, operation, query) : null
  }

  async run(context: object, variables: Readonly<Record<string, unknown>>): Promise<OperationResult> {
    const { data, errors = [] }: ExecutionResult = await this.#query.query({}, context, variables)
    if (data !== undefined) return { data, errors: errors.map(wholeError) }
    const faults = this.#variableFaults(variables)
    return { errors: faults.length > 0 ? faults : errors.map(wholeError) }
  }

  /** graphql-jit does not say which field of an input is at fault; graphql-js does. */
  #variableFaults(variables: Readonly<Record<string, unknown>>): readonly GraphQLError[] {
    const { variableDefinitions = [] } = this.#operation
    const { errors = [] } = getVariableValues(this.#schema, variableDefinitions, variables, {
      maxErrors: mostFaults,
    })
    // One more than the most only says that there are more.
    return errors.slice(0, mostFaults)
  }
}

/** What graphql-jit calls an error is no `GraphQLError`, and may lack the `extensions` that one has. */
function wholeError({ message, path, locations, originalError, extensions }: GraphQLError): GraphQLError {
  return Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations })
}
