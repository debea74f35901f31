import { ApolloLink, Observable } from '@apollo/client'
import schemaText from '@lanyard/contract/schema.graphql?raw'
import { GraphQLError, buildSchema, graphql } from 'graphql'
import { Subject } from 'rxjs'
import trustedDocuments from '../graphql/trusted-documents.json' with { type: 'json' }

const schema = buildSchema(schemaText)
const documents: Record<string, string | undefined> = trustedDocuments

/** What the page puts into the body. */
interface Request {
  documentId: string
  variables: Record<string, unknown>
}

/**
 * The server as the page meets it at the network's edge: it takes trusted documents by hash and
 * answers by the real schema. `root` gives the values; a method of it is a field with arguments.
 */
export function createServerDouble(root: object) {
  const received: { operationName: string; variables: unknown }[] = []
  const streams = new Map<string, Subject<ApolloLink.Result>>()

  const send: typeof fetch = async (_url, init) => {
    if (typeof init?.body !== 'string') throw new TypeError('The page sends JSON.')
    const { documentId, variables }: Request = JSON.parse(init.body)
    const source = documents[documentId.replace('sha256:', '')]
    if (!source) return Response.json({ errors: [refusal('DOCUMENT_NOT_FOUND')] })
    received.push({ operationName: /(?:query|mutation) (\w+)/.exec(source)?.[1] ?? '', variables })
    return Response.json(await graphql({ schema, source, rootValue: root, variableValues: variables }))
  }

  const streamOf = (operationName: string) => {
    const stream = streams.get(operationName) ?? new Subject<ApolloLink.Result>()
    streams.set(operationName, stream)
    return stream
  }
  const socket = new ApolloLink(
    ({ operationName }) => new Observable((observer) => streamOf(operationName ?? '').subscribe(observer)),
  )

  return {
    send,
    socket,
    /** Every query and mutation that arrived, in order. */
    received,
    /** Sends an event of a subscription: the operation's name, and its data with `__typename`s. */
    push: (operationName: string, data: Record<string, unknown>) => streamOf(operationName).next({ data }),
  }
}

export type ServerDouble = ReturnType<typeof createServerDouble>

/** A refusal as the server makes it; to be thrown by a method of the root. */
export function refusal(code: string, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError(code, { extensions: { code, ...extensions } })
}
