import { readFile } from 'node:fs/promises'

import { HttpConnection } from './http-connection.ts'
import type { Exchange } from './load.ts'
import type { Person } from './people.ts'

/** How one server is asked for the profile page of a person. */
export interface ProfileSource {
  port: number
  requestOf(person: Person): Buffer
}

/** As a browser asks for it: by the hash of the document, with the session cookie. */
export function profileOfLanyard(port: number, documentId: string): ProfileSource {
  const body = JSON.stringify({ documentId, variables: {} })
  const head = [
    'POST /graphql HTTP/1.1',
    `Host: localhost:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Accept: application/graphql-response+json, application/json',
    `Origin: http://localhost:${port}`,
    'Sec-Fetch-Site: same-origin',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  ].join('\r\n')
  return {
    port,
    requestOf: ({ sessionKey }) =>
      Buffer.from(`${head}\r\nCookie: lanyard-${port}=${sessionKey}\r\n\r\n${body}`),
  }
}

export function profileOfLimit(port: number): ProfileSource {
  return {
    port,
    requestOf: ({ userId, sessionId }) =>
      Buffer.from(`GET /${userId}/${sessionId} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`),
  }
}

/** The id under which the built client sends a query. */
export async function trustedDocumentId(manifestPath: string, queryName: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(manifestPath, 'utf8'))
  const isWanted = new RegExp(`\\bquery ${queryName}\\b`)
  const found = Object.entries(manifest ?? {}).find(([, document]) => isWanted.test(String(document)))
  if (!found) throw new Error(`${manifestPath} has no query ${queryName}`)
  return `sha256:${found[0]}`
}

/** Asks once for everybody: what is answered now must be answered under load. */
export async function learnAnswers(
  { port, requestOf }: ProfileSource,
  people: readonly Person[],
): Promise<Exchange[]> {
  using connection = await HttpConnection.open(port)
  const exchanges: Exchange[] = []
  for (const person of people) {
    const request = requestOf(person)
    const { status, body } = await connection.exchange(request)
    if (status !== 200) throw new Error(`answered ${status} ${String(body)}`)
    exchanges.push({ request, expectedBody: body })
  }
  return exchanges
}

/** @throws Error unless both answer everybody with the same `data`, byte by byte */
export function requireSameData(one: readonly Exchange[], other: readonly Exchange[]): void {
  for (const [index, { expectedBody }] of one.entries()) {
    const data = dataOf(expectedBody)
    const otherData = other[index] && dataOf(other[index].expectedBody)
    if (data !== otherData)
      throw new Error(`what is not the same cannot be compared:\n${data}\n${otherData}`)
  }
}

/** The text of `data` in `{"data":…}`, which must hold a person. */
function dataOf(body: Buffer): string {
  const data = /^\{"data":(\{"me":\{.*\}\})\}\n?$/.exec(body.toString())?.[1]
  if (!data) throw new Error(`an answer without a person: ${String(body)}`)
  return data
}
