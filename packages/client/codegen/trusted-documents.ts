import { createHash } from 'node:crypto'
import { InMemoryCache } from '@apollo/client'
import type { PluginFunction, Types } from '@graphql-codegen/plugin-helpers'
import { type DocumentNode, concatAST, print, separateOperations, visit } from 'graphql'

interface TrustedDocument {
  operationName: string
  /** SHA-256 of the text, in hexadecimal. */
  hash: string
  text: string
}

/** Directives that Apollo Client obeys itself and never sends. */
const clientDirectives: ReadonlySet<string> = new Set(['connection', 'nonreactive', 'unmask'])

const cache = new InMemoryCache()

/** The graphql-codegen plugin that writes `{ "<sha256>": "<document>" }`, which the server reads at start. */
export const plugin: PluginFunction = (_schema, documentFiles) => {
  const documents = trustedDocuments(documentFiles).map(({ hash, text }) => [hash, text])
  return `${JSON.stringify(Object.fromEntries(documents), null, 2)}\n`
}

/**
 * Every operation, by name, as Apollo Client would have sent it: with the fragments it uses, and
 * with the `__typename` that the cache asks for.
 */
export function trustedDocuments(documentFiles: Types.DocumentFile[]): TrustedDocument[] {
  const documents = documentFiles.flatMap(({ document }) => document ?? [])

  return Object.entries(separateOperations(concatAST(documents)))
    .map(([operationName, operation]) => {
      const text = print(cache.transformDocument(withoutClientDirectives(operation)))
      return { operationName, text, hash: createHash('sha256').update(text).digest('hex') }
    })
    .toSorted((one, other) => (one.operationName < other.operationName ? -1 : 1))
}

function withoutClientDirectives(document: DocumentNode): DocumentNode {
  return visit(document, {
    Directive: (directive) => (clientDirectives.has(directive.name.value) ? null : undefined),
  })
}
