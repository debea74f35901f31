import type { CodegenConfig } from '@graphql-codegen/cli'

const typedDocuments = {
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    scalars: { DateTime: 'string', JSONObject: 'Record<string, unknown>' },
    strictScalars: true,
    useTypeImports: true,
    documentNodeImport: '@apollo/client#TypedDocumentNode',
    arrayInputCoercion: false,
    nonOptionalTypename: true,
    skipTypeNameForRoot: true,
    // What Apollo Client's data masking expects of the types.
    inlineFragmentTypes: 'mask',
    customDirectives: { apolloUnmask: true },
  },
}
const everything = 'src/**/*.graphql'
const ofMembers = 'src/features/accounts/*.graphql'

/**
 * Turns the `.graphql` files beside the components into typed documents, and into the list of
 * documents the server may trust. Everything under src/graphql/ is written by `pnpm codegen`.
 * A file of documents comes with the first page as a whole; what one section alone asks lies in a file of its own.
 */
const config: CodegenConfig = {
  schema: '../contract/schema.graphql',
  generates: {
    'src/graphql/generated.ts': { documents: [everything, `!${ofMembers}`], ...typedDocuments },
    'src/graphql/members/generated.ts': { documents: ofMembers, ...typedDocuments },
    'src/graphql/trusted-documents.json': {
      documents: everything,
      plugins: ['./codegen/trusted-documents.ts'],
    },
    'src/graphql/document-hashes.ts': {
      documents: everything,
      plugins: ['./codegen/document-hashes.ts'],
    },
  },
}

export default config
