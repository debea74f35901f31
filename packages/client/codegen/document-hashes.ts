import type { PluginFunction } from '@graphql-codegen/plugin-helpers'
import { trustedDocuments } from './trusted-documents.ts'

/**
 * The graphql-codegen plugin that writes the hash by which the browser names each operation, in base64: the list is part
 * of the first page, and hexadecimal does not compress to as little.
 */
export const plugin: PluginFunction = (_schema, documentFiles) => {
  const entries = trustedDocuments(documentFiles).map(
    ({ operationName, hash }) =>
      `  ${operationName}: '${Buffer.from(hash, 'hex').toString('base64').replace('=', '')}',`,
  )
  return [
    '/** By operation name: the SHA-256 of its document, in base64. */',
    'export const documentHashes: Readonly<Record<string, string>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
}
