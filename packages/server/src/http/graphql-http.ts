import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type GraphQLResponse,
} from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLError, GraphQLSchema } from 'graphql'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { type ErrorScope, presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import { InvalidToken } from './identify.ts'
import { jitExecution } from './jit-execution.ts'
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

/**
 * Serves `POST /graphql`: who is it, which document, is it too much, then Apollo Server. A page of another site cannot
 * send a form here, as only JSON is read, which browsers ask about first.
 */
export async function serveGraphQL(
  app: FastifyInstance,
  parts: GraphQLHttpParts,
): Promise<ApolloServer<Context>> {
  const { schema, limits, trustedDocuments, identify, createContext } = parts
  const scopes = new WeakMap<GraphQLError, ErrorScope>()
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    persistedQueries: { cache: persistedQueries(trustedDocuments) },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.documentTokens },
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      errorPlugin(app, scopes),
      jitExecution<Context>(schema, (error, context) => presentError(error, scopeFor(app, context))),
    ],
    formatError: (_formatted, error) => presentError(error, scopeOf(scopes, error, app)),
    logger: app.log,
  })
  await apollo.start()

  app.post('/graphql', { bodyLimit: limits.bodyBytes }, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    let viewer: Viewer | null = null
    try {
      viewer = await identify(request)
      const operation = await admitRequest(parts, request.body, viewer)
      const contextValue = createContext(request, reply, viewer)
      return answer(request, reply, await apollo.executeOperation(operation, { contextValue }))
    } catch (error) {
      return refuse(reply, error, {
        requestId: request.id,
        signedIn: viewer !== null,
        unforeseen: logTo(request),
      })
    }
  })
  return apollo
}

/** Trusted documents where Apollo Server looks for persisted ones, so that what came by hash is not hashed again. */
function persistedQueries(documents: TrustedDocuments) {
  return {
    get: (key: string) => documents.find(key.replace(/^apq:/, trustedIdPrefix)),
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  }
}

const trustedIdPrefix = 'sha256:'

interface RequestBody {
  query?: unknown
  documentId?: unknown
  variables?: unknown
  operationName?: unknown
}

/** Finds the document that is meant and checks what is asked with it. */
async function admitRequest(
  { admission, trustedDocuments, trustedDocumentsOnly }: GraphQLHttpParts,
  body: unknown,
  viewer: Viewer | null,
): Promise<GraphQLRequest> {
  if (!isRecord(body)) throw new AppError('BAD_REQUEST')
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
  return {
    ...(typeof documentId === 'string' ? byHash(documentId) : { query: text }),
    variables: given,
    ...(name ? { operationName: name } : {}),
  }
}

function byHash(documentId: string): GraphQLRequest {
  const sha256Hash = documentId.slice(trustedIdPrefix.length)
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } }
}

async function trustedText(documents: TrustedDocuments, documentId: unknown): Promise<string> {
  const text = typeof documentId === 'string' ? await documents.find(documentId) : undefined
  if (text === undefined) throw new AppError('DOCUMENT_NOT_FOUND')
  return text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function answer(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { http, body }: GraphQLResponse<Context>,
): FastifyReply {
  if (body.kind !== 'single') throw new Error('no operation is answered in parts')
  const { errors, data, extensions } = body.singleResult
  for (const [name, value] of http.headers) void reply.header(name, value)
  return reply
    .code(http.status ?? 200)
    .type(mediaTypeFor(headers.accept))
    .send(JSON.stringify({ errors, data, extensions }))
}

/** Its own type for who knows it, plain JSON for everybody else. Source: GraphQL over HTTP, media types. */
function mediaTypeFor(accept = ''): string {
  const type = accept.includes('application/graphql-response+json') ? 'graphql-response+json' : 'json'
  return `application/${type}; charset=utf-8`
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
        const scope = scopeFor(app, contextValue)
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

function scopeFor({ log }: FastifyInstance, { origin, viewer }: Context): ErrorScope {
  const { requestId } = origin
  return { requestId, signedIn: viewer !== null, unforeseen: logTo({ log, id: requestId }) }
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
