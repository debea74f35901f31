import type { PluginFunction } from '@graphql-codegen/plugin-helpers'
import { trustedDocuments } from './trusted-documents.ts'

/** The graphql-codegen plugin that writes the id under which the browser sends each operation. */
export const plugin: PluginFunction = (_schema, documentFiles) => {
  const entries = trustedDocuments(documentFiles).map(
    ({ operationName, hash }) => `  ${operationName}: 'sha256:${hash}',`,
  )
  return [
    '/** By operation name: the id under which the server knows the document. */',
    'export const documentIds: Readonly<Record<string, string>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
}
