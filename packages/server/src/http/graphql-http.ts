import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLError, GraphQLSchema } from 'graphql'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { type ErrorScope, presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import { InvalidToken } from './identify.ts'
import { jitGateway } from './jit-gateway.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

interface GraphQLHttpParts {
  schema: GraphQLSchema
  limits: Limits
  admission: Admission
  trustedDocuments: TrustedDocuments
  trustedDocumentsOnly: boolean
  identify(request: FastifyRequest): Promise<Viewer | null>
  createContext(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null): Context
}

/** Serves `POST /graphql`: who is it, which document, is it too much, then Apollo Server. */
export async function serveGraphQL(
  app: FastifyInstance,
  parts: GraphQLHttpParts,
): Promise<ApolloServer<Context>> {
  const { schema, limits, admission, identify, createContext } = parts
  const scopes = new WeakMap<GraphQLError, ErrorScope>()
  const apollo = new ApolloServer<Context>({
    gateway: jitGateway(schema),
    introspection: true,
    csrfPrevention: true,
    persistedQueries: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.documentTokens },
    plugins: [ApolloServerPluginCacheControlDisabled(), errorPlugin(app, scopes)],
    formatError: (_formatted, error) => presentError(error, scopeOf(scopes, error, app)),
    logger: app.log,
  })
  await apollo.start()

  const viewers = new WeakMap<FastifyRequest, Viewer | null>()
  const handle = fastifyApolloHandler(apollo, {
    context: async (request, reply) => createContext(request, reply, viewers.get(request) ?? null),
  })
  app.post('/graphql', { bodyLimit: limits.bodyBytes }, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    let viewer: Viewer | null = null
    try {
      viewer = await identify(request)
      viewers.set(request, viewer)
      await admitRequest(parts, admission, request, viewer)
    } catch (error) {
      return refuse(reply, error, {
        requestId: request.id,
        signedIn: viewer !== null,
        unforeseen: logTo(request),
      })
    }
    return handle.call(app, request, reply)
  })
  return apollo
}

interface RequestBody {
  query?: unknown
  documentId?: unknown
  variables?: unknown
  operationName?: unknown
  extensions?: unknown
}

/** Finds the document of the request and puts its text in place of its hash. */
async function admitRequest(
  { trustedDocuments, trustedDocumentsOnly }: GraphQLHttpParts,
  admission: Admission,
  request: FastifyRequest,
  viewer: Viewer | null,
): Promise<void> {
  const { body } = request
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new AppError('BAD_REQUEST')
  const { query, documentId, variables, operationName }: RequestBody = body

  const text = documentId === undefined ? query : await trustedText(trustedDocuments, documentId)
  if (typeof text !== 'string') throw new AppError('BAD_REQUEST', { field: 'query' })
  if (documentId === undefined && trustedDocumentsOnly && viewer?.credential.kind !== 'token') {
    throw new AppError('DOCUMENT_NOT_FOUND')
  }
  if (variables !== undefined && variables !== null && !isRecord(variables)) {
    throw new AppError('BAD_REQUEST', { field: 'variables' })
  }
  // Apollo Server takes an empty name for none, so what is checked here has to be read the same way.
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : null
  const given = isRecord(variables) ? variables : {}
  admission.admit({ document: admission.parse(text), operationName: name, variables: given }, viewer)
  request.body = { query: text, variables: given, ...(name ? { operationName: name } : {}) }
}

async function trustedText(documents: TrustedDocuments, documentId: unknown): Promise<string> {
  const text = typeof documentId === 'string' ? await documents.find(documentId) : undefined
  if (text === undefined) throw new AppError('DOCUMENT_NOT_FOUND')
  return text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Answers a refusal that came before GraphQL in GraphQL's own form. */
export function refuse(
  reply: FastifyReply,
  error: unknown,
  scope: ErrorScope,
  status: number = statusOf(error),
): FastifyReply {
  const presented = presentError(error, scope)
  if (error instanceof InvalidToken) {
    void reply.code(401).header('www-authenticate', 'Bearer error="invalid_token"')
  } else {
    void reply.code(presented.extensions?.['code'] === 'INTERNAL' ? 500 : status)
  }
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ errors: [presented] }))
}

function statusOf(error: unknown): number {
  const code = error instanceof AppError ? error.code : undefined
  // A refusal of one operation is an answer of GraphQL; what is no GraphQL request is an error of HTTP.
  return code === 'UNAUTHENTICATED' ? 200 : code === 'FORBIDDEN' ? 403 : 400
}

/** Remembers whose errors they are, so that the formatter knows what it may say; and tells a token what it lacks. */
function errorPlugin(
  app: FastifyInstance,
  scopes: WeakMap<GraphQLError, ErrorScope>,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        const { origin, viewer } = contextValue
        const unforeseen = logTo({ log: app.log, id: origin.requestId })
        const scope = { requestId: origin.requestId, signedIn: viewer !== null, unforeseen }
        for (const error of errors) scopes.set(error, scope)
      },
      willSendResponse: async ({ response, contextValue }) => {
        if (contextValue.viewer?.credential.kind !== 'token' || response.body.kind !== 'single') return
        const { errors } = response.body.singleResult
        if (!errors?.some(({ extensions }) => extensions?.['code'] === 'FORBIDDEN')) return
        response.http.status = 403
        response.http.headers.set('www-authenticate', 'Bearer error="insufficient_scope"')
      },
    }),
  }
}

function scopeOf(
  scopes: WeakMap<GraphQLError, ErrorScope>,
  error: unknown,
  app: FastifyInstance,
): ErrorScope {
  const known = typeof error === 'object' && error !== null ? scopes.get(error as GraphQLError) : undefined
  return known ?? { requestId: '', signedIn: false, unforeseen: (unforeseen) => app.log.error(unforeseen) }
}

function logTo({ log, id }: Pick<FastifyRequest, 'log' | 'id'>): ErrorScope['unforeseen'] {
  return (error) => log.error({ err: error, requestId: id }, 'unforeseen error')
}
