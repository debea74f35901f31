import type { GatewayInterface } from '@apollo/server-gateway-interface'
import { execute, type GraphQLSchema } from 'graphql'
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit'

const mostCompiled = 1000

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
        if (query) return query.query({}, context, variables)
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
