import {
  type ApolloServerPlugin,
  type GraphQLRequestContextResponseForOperation,
  HeaderMap,
} from '@apollo/server'
import type { GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql'

import { BoundedCache } from '../lib/bounded-cache.ts'
import { CompiledOperation } from './compiled-operation.ts'

/** Of all documents whose compiled operations are kept: code takes some hundred times as many bytes. */
const mostCompiledCharacters = 500_000

/**
 * Lets Apollo Server answer with compiled operations; what cannot be compiled it runs itself.
 *
 * A gateway could do that as well. But the context that Apollo Server makes for one has accessors, each time anew, and
 * V8 keeps what they reach until the next full collection: every request would outlive its answer.
 */
export function jitExecution<RequestContext extends object>(
  schema: GraphQLSchema,
  present: (error: GraphQLError, context: RequestContext) => GraphQLFormattedError,
): ApolloServerPlugin<RequestContext> {
  const compiled = new BoundedCache<CompiledOperation | null>(mostCompiledCharacters)

  function compiledOperation({
    document,
    source,
    operationName,
  }: GraphQLRequestContextResponseForOperation<RequestContext>): CompiledOperation | null {
    const key = `${operationName ?? ''} ${source}`
    let operation = compiled.get(key)
    if (operation === undefined) {
      operation = CompiledOperation.compile(schema, document, operationName)
      compiled.set(key, operation)
    }
    return operation
  }

  return {
    requestDidStart: async () => ({
      async responseForOperation(resolved) {
        // Which operation is meant is not clear: Apollo Server says so.
        if (!resolved.operation) return null
        const operation = compiledOperation(resolved)
        if (!operation) return null

        const { request, contextValue } = resolved
        const { data, errors } = await operation.run(contextValue, request.variables ?? {})
        const told = errors.map((error) => present(error, contextValue))
        return {
          http: { headers: new HeaderMap(), ...(data === undefined ? { status: 400 } : {}) },
          body: {
            kind: 'single',
            singleResult: {
              ...(told.length > 0 ? { errors: told } : {}),
              ...(data === undefined ? {} : { data }),
            },
          },
        }
      },
    }),
  }
}
