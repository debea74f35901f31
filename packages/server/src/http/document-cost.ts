import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLField,
  type GraphQLOutputType,
  GraphQLObjectType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'

import { AppError } from '../errors/app-error.ts'
import type { Limits } from '../limits.ts'

/** What a document weighs before it is run. Fragments count wherever they are spread. */
interface Weight {
  cost: number
  fields: number
  depth: number
  directives: number
  /** How often a field is asked for by a response key of its own, at the place where that is most. */
  aliases: number
  /** The fields that stand here, themselves and by fragments. */
  width: number
  /** Their response keys by name. */
  keys: ReadonlyMap<string, ReadonlySet<string>>
}

const nothing: Weight = {
  cost: 0,
  fields: 0,
  depth: 0,
  directives: 0,
  aliases: 0,
  width: 0,
  keys: new Map(),
}

/**
 * The price of an operation in points, at least 1. Refuses what asks for too much: checked before anything is validated or run, and the same on a socket.
 * An object costs 1, its plain values nothing; what stands in a list counts as often as the list's `first` says, so
 * that a page of 100 rows, the most a person may choose, stays within the limit.
 * @throws AppError DOCUMENT_TOO_COSTLY; UNKNOWN spreads and fields are left to validation
 */
export function priceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  limits: Limits,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition)
  }
  const weighed = new Map<FragmentDefinitionNode, Weight | undefined>()
  const rootType = schema.getRootType(operation.operation)
  const weight = weigh(operation.selectionSet, rootType ?? undefined)
  const isIntrospection = operation.selectionSet.selections.every(
    (selection) => selection.kind === 'Field' && selection.name.value.startsWith('__'),
  )

  const directives = weight.directives + (operation.directives?.length ?? 0)
  if (
    weight.width > limits.rootFields ||
    weight.aliases > limits.aliasesPerField ||
    directives > limits.directives ||
    weight.fields > limits.fields ||
    weight.cost > limits.cost ||
    (weight.depth > limits.depth && !isIntrospection)
  ) {
    throw new AppError('DOCUMENT_TOO_COSTLY')
  }
  return Math.max(1, weight.cost)

  function weigh(selectionSet: SelectionSetNode, type: GraphQLObjectType | undefined): Weight {
    const sum = { ...nothing, keys: new Map<string, Set<string>>() }
    for (const selection of selectionSet.selections) {
      const inner =
        selection.kind === 'Field'
          ? weighField(selection, type)
          : selection.kind === 'InlineFragment'
            ? weigh(selection.selectionSet, type)
            : weighFragment(selection.name.value, type)
      sum.cost += inner.cost
      sum.fields += inner.fields
      sum.depth = Math.max(sum.depth, inner.depth)
      sum.directives += inner.directives + (selection.directives?.length ?? 0)
      sum.aliases = Math.max(sum.aliases, inner.aliases)
      sum.width += inner.width
      for (const [name, keys] of inner.keys) {
        const keysHere = sum.keys.get(name) ?? new Set()
        sum.keys.set(name, keysHere)
        for (const key of keys) keysHere.add(key)
        sum.aliases = Math.max(sum.aliases, keysHere.size)
      }
    }
    return sum
  }

  function weighField(node: FieldNode, type: GraphQLObjectType | undefined): Weight {
    const name = node.name.value
    const field = type?.getFields()[name]
    const fieldType = field && getNamedType(field.type)
    const inner = node.selectionSet
      ? weigh(node.selectionSet, fieldType instanceof GraphQLObjectType ? fieldType : undefined)
      : nothing
    const times = field ? timesOf(field, node, type) : 1
    return {
      ...inner,
      cost: node.selectionSet ? 1 + times * inner.cost : 0,
      fields: inner.fields + 1,
      depth: inner.depth + 1,
      width: 1,
      keys: new Map([[name, new Set([node.alias?.value ?? name])]]),
    }
  }

  function weighFragment(name: string, type: GraphQLObjectType | undefined): Weight {
    const fragment = fragments.get(name)
    if (!fragment) return nothing
    // Weighed once however often it is spread, or sixteen fragments could keep the server busy; undefined while it is
    // being weighed, so that one that spreads itself ends here and is left to validation.
    if (!weighed.has(fragment)) {
      weighed.set(fragment, undefined)
      weighed.set(fragment, weigh(fragment.selectionSet, type))
    }
    return weighed.get(fragment) ?? nothing
  }

  /** How often what stands in the field is run: `first` or `last` of a connection, a small guess for a plain list. */
  function timesOf(
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    parent: GraphQLObjectType | undefined,
  ): number {
    const isConnection = field.args.some(({ name }) => name === 'first')
    // `nodes` and `edges` were priced with the connection they stand in.
    if (!isConnection)
      return isList(field.type) && !parent?.name.endsWith('Connection') ? plainListLength : 1
    for (const argument of node.arguments ?? []) {
      if (!isPageSize(argument)) continue
      const { value } = argument
      const size =
        value.kind === 'Variable'
          ? variables[value.name.value]
          : value.kind === 'IntValue'
            ? Number(value.value)
            : null
      // What is no number is refused once it is read as one; an object might even refuse to be read.
      if (typeof size === 'number') return Math.max(0, size || limits.listPriceWhenAbsent)
    }
    return limits.listPriceWhenAbsent
  }
}

/** The variables that say how much of a list is wanted, on which alone a document's price depends. */
export function sizeVariablesOf(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Argument(argument) {
      if (isPageSize(argument) && argument.value.kind === 'Variable') names.add(argument.value.name.value)
    },
  })
  return [...names]
}

function isPageSize({ name }: ArgumentNode): boolean {
  return name.value === 'first' || name.value === 'last'
}

/** Lists that do not grow (emails, roles) are priced as short ones. */
const plainListLength = 5

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
