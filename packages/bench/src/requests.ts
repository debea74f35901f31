import { HttpConnection } from './http-connection.ts'
import type { Exchange } from './load.ts'
import type { Person } from './people.ts'

/** How one server is asked on behalf of a person. */
export interface Asker {
  port: number
  requestOf(person: Person): Buffer
}

/** As a browser asks: by the hash of the document, with the session cookie. */
export function byHashWithCookie(port: number, documentId: string, variables: object): Asker {
  const body = JSON.stringify({ documentId, variables })
  const headers = [
    'Accept: application/graphql-response+json, application/json',
    `Origin: http://localhost:${port}`,
    'Sec-Fetch-Site: same-origin',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  ]
  return {
    port,
    requestOf: ({ sessionKey }) =>
      postOf(port, body, [...headers, `Cookie: lanyard-${port}=${sessionKey}`]),
  }
}

/** As a program asks: with the text of the document and a token. */
export function asTextWithToken(
  port: number,
  query: string,
  variablesOf: (person: Person) => object = () => ({}),
): Asker {
  return {
    port,
    requestOf: (person) =>
      postOf(port, JSON.stringify({ query, variables: variablesOf(person) }), [
        'Accept: application/graphql-response+json, application/json',
        `Authorization: Bearer ${person.token}`,
      ]),
  }
}

/** GraphQL without saying who asks. */
export function asAnybody(port: number, bodyOf: (person: Person) => object): Asker {
  return {
    port,
    requestOf: (person) => postOf(port, JSON.stringify(bodyOf(person)), ['Accept: application/json']),
  }
}

export function byPath(port: number, pathOf: (person: Person) => string): Asker {
  return {
    port,
    requestOf: (person) => Buffer.from(`GET ${pathOf(person)} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`),
  }
}

export function postOf(port: number, body: string, headers: readonly string[], path = '/graphql'): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ]
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const learningConnections = 8

/** Asks once for everybody: what is answered now must be answered under load. */
export async function learnAnswers(
  { port, requestOf }: Asker,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Exchange[]> {
  const exchanges: Exchange[] = []
  let next = 0
  async function runConnection(): Promise<void> {
    using connection = await HttpConnection.open(port)
    for (let index = next++; index < people.length; index = next++) {
      signal.throwIfAborted()
      const person = people[index]
      if (!person) return
      const request = requestOf(person)
      const { status, body } = await connection.exchange(request)
      if (status !== 200) throw new Error(`answered ${status} ${String(body)}`)
      // A copy: what was read is a part of a larger buffer.
      exchanges[index] = { request, expectedBody: Buffer.from(body) }
    }
  }
  await Promise.all(Array.from({ length: learningConnections }, runConnection))
  return exchanges
}

/**
 * @param change what is known to differ, made equal in the second
 * @throws Error unless both answer everybody with the same `data`, byte by byte
 */
export function requireSameData(
  one: readonly Exchange[],
  other: readonly Exchange[],
  change: (data: string) => string = (data) => data,
): void {
  for (const [index, { expectedBody }] of one.entries()) {
    const data = dataOf(expectedBody)
    const otherData = other[index] && change(dataOf(other[index].expectedBody))
    if (data !== otherData)
      throw new Error(`what is not the same cannot be compared:\n${data}\n${otherData}`)
  }
}

/** The text of `data` in `{"data":…}`, which must hold a person. */
export function dataOf(body: Buffer): string {
  const data = /^\{"data":(\{"me":\{.*\}.*\})\}\n?$/.exec(body.toString())?.[1]
  if (!data) throw new Error(`an answer without a person: ${String(body)}`)
  return data
}
