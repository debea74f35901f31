import { ApolloLink, Observable } from '@apollo/client'
import { ServerError } from '@apollo/client/errors'
import { from } from 'rxjs'
import { documentIdOf } from './document-id.ts'

/**
 * Sends queries and mutations by the hash the server knows them under, and no document.
 * Source: GraphQL over HTTP, persisted documents.
 */
export function createTrustedDocumentLink(send: typeof fetch): ApolloLink {
  return new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const abort = new AbortController()
        const answer = from(post(send, operation, abort.signal)).subscribe(observer)
        return () => {
          answer.unsubscribe()
          abort.abort()
        }
      }),
  )
}

async function post(
  send: typeof fetch,
  operation: ApolloLink.Operation,
  signal: AbortSignal,
): Promise<ApolloLink.Result> {
  const response = await send('/graphql', {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
    },
    credentials: 'same-origin',
    signal,
    body: JSON.stringify({
      documentId: documentIdOf(operation.operationName),
      variables: operation.variables,
    }),
  })
  return resultOf(response)
}

/**
 * A refusal is a result like any other, whatever its status; anything else that is no result failed. What a refusal
 * brings beside its errors is left out: a null there does not say that there is nothing, and the cache would keep it.
 */
async function resultOf(response: Response): Promise<ApolloLink.Result> {
  const bodyText = await response.text()
  const result = parsed(bodyText)
  if (isResult(result)) return result.errors ? { errors: result.errors } : result
  throw new ServerError(`The server answered ${response.status} without a result.`, { response, bodyText })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isResult(value: unknown): value is ApolloLink.Result {
  return typeof value === 'object' && value !== null && ('data' in value || 'errors' in value)
}
