import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql'

import type { SelectionInfo } from './selection.ts'

/**
 * The fields at the root of an operation whose answer always has the same members; none when fragments stand there,
 * or when a directive (@skip, @include) may leave something out.
 */
export function rootFieldsOf(
  document: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
): FieldNode[] {
  const fields = selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD)
  const isPlain = fields.length === selectionSet.selections.length && !hasDirectives(document)
  return isPlain ? fields : []
}

export function responseKeyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value
}

/** What `selectionOf` needs to know of a field of the root; null when the schema has no such field. */
export function selectionInfoOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operation }: OperationDefinitionNode,
  field: FieldNode,
): SelectionInfo | null {
  const returnType = schema.getRootType(operation)?.getFields()[field.name.value]?.type
  return returnType ? { fieldNodes: [field], fragments: fragmentsOf(document), schema, returnType } : null
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]))
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Directive() {
      found = true
      return BREAK
    },
  })
  return found
}
