import type { ApolloServer, GraphQLRequest } from '@apollo/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { presentError } from '../errors/translate-errors.ts'
import type { Limits } from '../limits.ts'
import { isRecord } from '../lib/is-record.ts'
import type { Viewer } from '../viewer.ts'
import type { Admission } from './admission.ts'
import { scopeOf, scopeOfRequest } from './error-scope.ts'
import { refuse, sendResult, sendText } from './graphql-answer.ts'
import type { Credential } from './identify.ts'
import type { Metrics } from './metrics.ts'
import type { ShortRoute, TrustedRequest } from './short-route.ts'
import type { TrustedDocuments } from './trusted-documents.ts'

interface GraphQLHttpParts {
  limits: Limits
  apollo: ApolloServer<Context>
  shortRoute: ShortRoute
  admission: Admission
  trustedDocuments: TrustedDocuments
  trustedDocumentsOnly: boolean
  metrics: Metrics
  /** @throws AppError for a request that must not use what it shows */
  credentialOf(request: FastifyRequest): Credential | null
  identify(credential: Credential | null, request: FastifyRequest): Promise<Viewer | null>
  createContext(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null): Context
}

/**
 * Serves `POST /graphql`: our client's own documents by the short route, everybody's through Apollo Server. A page of
 * another site cannot send a form here, as only JSON is read, which browsers ask about first.
 */
export function serveGraphQL(app: FastifyInstance, parts: GraphQLHttpParts): void {
  const { limits, apollo, shortRoute, admission, metrics, credentialOf, identify, createContext } = parts

  app.post('/graphql', { bodyLimit: limits.bodyBytes }, async (request, reply) => {
    void reply.header('cache-control', 'no-store')
    const observed = metrics.beginRequest()
    let viewer: Viewer | null = null
    try {
      const credential = credentialOf(request)
      const trusted = isRecord(request.body) ? await shortRoute.find(request.body) : null
      observed.operation = trusted?.operation.name
      const data = trusted && (await shortRoute.readFinished(trusted, credential, request, reply))
      if (data !== null) return sendText(request, reply, `{"data":${data}}`)

      viewer = await identify(credential, request)
      return trusted ? await runTrusted(trusted) : await runOther()
    } catch (error) {
      return refuse(reply, error, scopeOfRequest(request, viewer))
    } finally {
      observed.end(reply.statusCode)
    }

    async function runTrusted({ operation, variables }: TrustedRequest): Promise<FastifyReply> {
      const { document, name, compiled } = operation
      admission.admit({ document, operationName: name, variables }, viewer)
      const context = createContext(request, reply, viewer)
      const { data, errors } = await compiled.run(context, variables)
      const told = errors.map((error) => presentError(error, scopeOf(app, context)))
      return sendResult(request, reply, { data, errors: told }, viewer)
    }

    async function runOther(): Promise<FastifyReply> {
      const operation = await admitRequest(parts, request.body, viewer)
      const contextValue = createContext(request, reply, viewer)
      const { body } = await apollo.executeOperation(operation, { contextValue })
      if (body.kind !== 'single') throw new Error('no operation is answered in parts')
      return sendResult(request, reply, body.singleResult, viewer)
    }
  })
}

/** Finds the document that is meant and checks what is asked with it. */
async function admitRequest(
  { admission, trustedDocuments, trustedDocumentsOnly }: GraphQLHttpParts,
  body: unknown,
  viewer: Viewer | null,
): Promise<GraphQLRequest> {
  if (!isRecord(body)) throw new AppError('BAD_REQUEST')
  const { query, documentId, variables, operationName } = body

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
  admission.admitText(text, { operationName: name, variables: given }, viewer)
  return { query: text, variables: given, ...(name ? { operationName: name } : {}) }
}

async function trustedText(documents: TrustedDocuments, documentId: unknown): Promise<string> {
  const text = typeof documentId === 'string' ? await documents.find(documentId) : undefined
  if (text === undefined) throw new AppError('DOCUMENT_NOT_FOUND')
  return text
}
