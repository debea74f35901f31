import { documentHashes } from '../graphql/document-hashes.ts'

/**
 * The id under which the server knows an operation's document.
 * @throws Error when the operation is newer than the list of documents: run `pnpm codegen`.
 */
export function documentIdOf(operationName = 'An unnamed operation'): string {
  const hash = documentHashes[operationName]
  if (!hash) throw new Error(`${operationName} is not a trusted document.`)
  const bytes = Array.from(atob(hash), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
  return `sha256:${bytes.join('')}`
}
