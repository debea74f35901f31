import {
  type ApolloServerPlugin,
  type GraphQLResponse,
  type GraphQLRequestContextResponseForOperation,
  HeaderMap,
} from '@apollo/server'
import {
  type ExecutionResult,
  getVariableValues,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit'

const mostCompiled = 1000
/** So many wrong variables of one request are told. */
const mostFaults = 5

type ResolvedRequest<RequestContext extends object> =
  GraphQLRequestContextResponseForOperation<RequestContext>

/**
 * Lets Apollo Server answer with operations compiled by graphql-jit; what cannot be compiled it runs itself.
 *
 * A gateway could do that as well. But the context that Apollo Server makes for one has accessors, each time anew, and
 * V8 keeps what they reach until the next full collection: every request would outlive its answer.
 */
export function jitExecution<RequestContext extends object>(
  schema: GraphQLSchema,
  present: (error: GraphQLError, context: RequestContext) => GraphQLFormattedError,
): ApolloServerPlugin<RequestContext> {
  const compiled = new Map<string, CompiledQuery | null>()

  function compiledQuery(resolved: ResolvedRequest<RequestContext>): CompiledQuery | null {
    const { document, queryHash, operationName } = resolved
    const key = `${queryHash} ${operationName ?? ''}`
    let query = compiled.get(key)
    if (query === undefined) {
      const result = compileQuery(schema, document, operationName ?? undefined)
      query = isCompiledQuery(result) ? result : null
      const [oldest] = compiled.keys()
      if (compiled.size >= mostCompiled && oldest !== undefined) compiled.delete(oldest)
      compiled.set(key, query)
    }
    return query
  }

  return {
    requestDidStart: async () => ({
      async responseForOperation(resolved) {
        // Which operation is meant is not clear: Apollo Server says so.
        if (!resolved.operation) return null
        const query = compiledQuery(resolved)
        if (!query) return null

        const { operation, request, contextValue } = resolved
        const variables = request.variables ?? {}
        const { data, errors = [] }: ExecutionResult = await query.query({}, contextValue, variables)
        const faults = data === undefined ? variableFaults(schema, operation, variables) : []
        const told = faults.length > 0 ? faults : errors.map(wholeError)
        return responseOf(
          data,
          told.map((error) => present(error, contextValue)),
        )
      },
    }),
  }
}

function responseOf(
  data: ExecutionResult['data'],
  errors: readonly GraphQLFormattedError[],
): GraphQLResponse {
  return {
    // Without data nothing was run: what was asked is at fault.
    http: { headers: new HeaderMap(), ...(data === undefined ? { status: 400 } : {}) },
    body: {
      kind: 'single',
      singleResult: { ...(errors.length > 0 ? { errors } : {}), ...(data === undefined ? {} : { data }) },
    },
  }
}

/** graphql-jit does not say which field of an input is at fault; graphql-js does. */
function variableFaults(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] {
  const { errors = [] } = getVariableValues(schema, variableDefinitions, variables, {
    maxErrors: mostFaults,
  })
  // One more than the most only says that there are more.
  return errors.slice(0, mostFaults)
}

/** What graphql-jit calls an error is no `GraphQLError`, and may lack the `extensions` that one has. */
function wholeError({ message, path, locations, originalError, extensions }: GraphQLError): GraphQLError {
  return Object.assign(new GraphQLError(message, { path, originalError, extensions }), { locations })
}
