import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * Turns the `.graphql` files beside the components into typed documents, and into the list of
 * documents the server may trust. Everything under src/graphql/ is written by `pnpm codegen`.
 */
const config: CodegenConfig = {
  schema: '../contract/schema.graphql',
  documents: 'src/**/*.graphql',
  generates: {
    'src/graphql/generated.ts': {
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
    },
    'src/graphql/trusted-documents.json': { plugins: ['./codegen/trusted-documents.ts'] },
    'src/graphql/document-hashes.ts': { plugins: ['./codegen/document-hashes.ts'] },
  },
}

export default config
