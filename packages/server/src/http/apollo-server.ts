import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { FastifyInstance } from 'fastify'
import type { GraphQLError, GraphQLSchema } from 'graphql'

import type { Context } from '../context.ts'
import { type ErrorScope, presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import { scopeOf } from './error-scope.ts'
import { jitExecution } from './jit-execution.ts'

/** The way of every document that is not our client's own. Our route has read and checked the request already. */
export async function startApolloServer(
  app: FastifyInstance,
  schema: GraphQLSchema,
  limits: Limits,
): Promise<ApolloServer<Context>> {
  const scopes = new WeakMap<GraphQLError, ErrorScope>()
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.documentTokens },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      rememberScopes(app, scopes),
      jitExecution<Context>(schema, (error, context) => presentError(error, scopeOf(app, context))),
    ],
    formatError: (_formatted, error) => presentError(error, rememberedScope(scopes, error, app)),
    logger: app.log,
  })
  await apollo.start()
  return apollo
}

/** Remembers whose errors they are, so that the formatter knows what it may say. */
function rememberScopes(
  app: FastifyInstance,
  scopes: WeakMap<GraphQLError, ErrorScope>,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        const scope = scopeOf(app, contextValue)
        for (const error of errors) scopes.set(error, scope)
      },
    }),
  }
}

function rememberedScope(
  scopes: WeakMap<GraphQLError, ErrorScope>,
  error: unknown,
  app: FastifyInstance,
): ErrorScope {
  const known = typeof error === 'object' && error !== null ? scopes.get(error as GraphQLError) : undefined
  return known ?? { requestId: '', signedIn: false, unforeseen: (unforeseen) => app.log.error(unforeseen) }
}
