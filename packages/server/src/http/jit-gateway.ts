import type { GatewayInterface } from '@apollo/server-gateway-interface'
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql'
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit'

const mostCompiled = 1000
/** So many wrong variables of one request are told. */
const mostFaults = 5

/**
 * Lets Apollo Server run operations compiled by graphql-jit: the gateway is the public way to give it an executor.
 * What cannot be compiled is run by graphql-js.
 */
export function jitGateway(schema: GraphQLSchema): GatewayInterface {
  const compiled = new Map<string, CompiledQuery | null>()

  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => {}
    },
    load: async () => ({
      async executor({ document, queryHash, operationName, request, context }) {
        const key = `${queryHash} ${operationName ?? ''}`
        let query = compiled.get(key)
        if (query === undefined) {
          const result = compileQuery(schema, document, operationName ?? undefined)
          query = isCompiledQuery(result) ? result : null
          const [oldest] = compiled.keys()
          if (compiled.size >= mostCompiled && oldest !== undefined) compiled.delete(oldest)
          compiled.set(key, query)
        }
        const variables = request.variables ?? {}
        if (query) {
          const result: ExecutionResult = await query.query({}, context, variables)
          if (!result.errors) return result
          const faults =
            result.data === undefined ? variableFaults(schema, document, operationName, variables) : []
          return { ...result, errors: faults.length > 0 ? faults : result.errors.map(wholeError) }
        }
        return execute({
          schema,
          document,
          contextValue: context,
          variableValues: variables,
          ...(operationName ? { operationName } : {}),
        })
      },
    }),
    stop: () => Promise.resolve(),
  }
}

/** graphql-jit does not say which field of an input is at fault; graphql-js does. */
function variableFaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  const { errors = [] } = getVariableValues(schema, definitions, variables, { maxErrors: mostFaults })
  // One more than the most only says that there are more.
  return errors.slice(0, mostFaults)
}

/** An error of graphql-jit may lack the `extensions` that Apollo Server reads, and would be answered without its code. */
function wholeError({ message, path, locations, originalError, extensions }: GraphQLError): GraphQLError {
  return Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations })
}
