import { createHash } from 'node:crypto'

import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql'

import { AppError } from '../errors/app-error.ts'

/** A field of a selection, with everything the document says of it merged. */
export interface SelectedField {
  readonly name: string
  readonly parentType: string
  /** Its alias, else its name. */
  readonly responseKey: string
  readonly definition: GraphQLField<unknown, unknown>
  readonly node: FieldNode
  /** GraphQL type of the value, without lists and non-null. */
  readonly type: string
  readonly children: readonly SelectedField[]
  /** Position among the fields that take arguments, in the order of the document; -1 for the others. */
  readonly argumentIndex: number
}

/** The selection below a resolved field. Fields under `@skip` and `@include` count as selected: a superset is read. */
export interface Selection {
  /** GraphQL type of the resolved field, without lists and non-null. */
  readonly type: string
  readonly fields: readonly SelectedField[]
  /** Those that take arguments, by their `argumentIndex`. */
  readonly withArguments: readonly SelectedField[]
}

/** Longer names are cut off by PostgreSQL. */
export const longestIdentifier = 63

/** Leaves without arguments by their name; everything else by its response key, which alone tells two of them apart. */
export function jsonKey(field: SelectedField): string {
  return isPlain(field) ? field.name : relationKey(field.responseKey)
}

/** The JSON key of a value that is not a plain column; no GraphQL name can begin so. */
export function relationKey(responseKey: string): string {
  if (responseKey.length < longestIdentifier) return `$${responseKey}`
  return `$$${createHash('sha256').update(responseKey).digest('hex').slice(0, 32)}`
}

function isPlain({ children, argumentIndex }: SelectedField): boolean {
  return children.length === 0 && argumentIndex < 0
}

/** The place of a resolved field in its document. */
export type SelectionInfo = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'schema' | 'returnType'>

export function selectionOf(info: SelectionInfo): Selection {
  const withArguments: SelectedField[] = []
  const type = getNamedType(info.returnType)
  if (!(type instanceof GraphQLObjectType)) return { type: type.name, fields: [], withArguments }
  const fields = collect(type, selectionSetsOf(info.fieldNodes))
  return { type: type.name, fields, withArguments }

  function collect(parent: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectedField[] {
    const nodesByKey = new Map<string, FieldNode[]>()
    for (const selectionSet of selectionSets) gather(selectionSet, nodesByKey, info.fragments, new Set())

    const fields: SelectedField[] = []
    for (const [responseKey, nodes] of nodesByKey) {
      const [node] = nodes
      if (!node) continue
      const isTypeName = node.name.value === TypeNameMetaFieldDef.name
      const definition = isTypeName ? TypeNameMetaFieldDef : parent.getFields()[node.name.value]
      if (!definition) throw new AppError('GRAPHQL_VALIDATION_FAILED')
      fields.push(select(parent, responseKey, node, nodes, definition))
    }
    return fields
  }

  function select(
    parent: GraphQLObjectType,
    responseKey: string,
    node: FieldNode,
    nodes: readonly FieldNode[],
    definition: GraphQLField<unknown, unknown>,
  ): SelectedField {
    const fieldType = getNamedType(definition.type)
    const takesArguments = definition.args.length > 0
    const field = {
      name: node.name.value,
      parentType: parent.name,
      responseKey,
      definition,
      node,
      type: fieldType.name,
      children: fieldType instanceof GraphQLObjectType ? collect(fieldType, selectionSetsOf(nodes)) : [],
      argumentIndex: takesArguments ? withArguments.length : -1,
    }
    if (takesArguments) withArguments.push(field)
    return field
  }
}

function selectionSetsOf(nodes: readonly FieldNode[]): SelectionSetNode[] {
  return nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []))
}

/** No type of the schema is abstract, so a fragment that validated always applies. */
function gather(
  selectionSet: SelectionSetNode,
  nodesByKey: Map<string, FieldNode[]>,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  visited: Set<string>,
): void {
  for (const selection of selectionSet.selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias?.value ?? selection.name.value
      const nodes = nodesByKey.get(key)
      if (nodes) nodes.push(selection)
      else nodesByKey.set(key, [selection])
    } else if (selection.kind === 'InlineFragment') {
      gather(selection.selectionSet, nodesByKey, fragments, visited)
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value)
      const fragment = fragments[selection.name.value]
      if (fragment) gather(fragment.selectionSet, nodesByKey, fragments, visited)
    }
  }
}

/**
 * One selection out of several of the same type, as `nodes` and `edges { node }` of a connection.
 * @throws AppError GRAPHQL_VALIDATION_FAILED when one response key means two objects
 */
export function mergeFields(selections: readonly (readonly SelectedField[])[]): SelectedField[] {
  const merged = new Map<string, SelectedField>()
  for (const field of selections.flat()) {
    const key = jsonKey(field)
    const other = merged.get(key)
    if (!other) merged.set(key, field)
    else if (other.name !== field.name || field.argumentIndex >= 0)
      throw new AppError('GRAPHQL_VALIDATION_FAILED')
    else merged.set(key, { ...other, children: mergeFields([other.children, field.children]) })
  }
  return [...merged.values()]
}
