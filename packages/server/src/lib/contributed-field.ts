import { getNamedType, type GraphQLSchema, isObjectType } from 'graphql'
import { type ClassType, Field } from 'type-graphql'

import type { ReadModel } from './read-model.ts'
import { readValue } from './selection-reader.ts'

interface FieldOptions {
  nullable?: boolean
  description?: string
}

/**
 * Adds a field to the type of an earlier feature, so that the earlier one need not know of it. How it is read stands
 * in the feature's reads; `resolveContributedFields` joins the two.
 */
export function contributeField(
  target: ClassType,
  name: string,
  type: Parameters<typeof Field>[0],
  options: FieldOptions = {},
): void {
  Field(type, { ...options, simple: true })(target.prototype, name)
}

/** Lets every field that a read fills, and that is more than a column, hand on what the root's statement read. */
export function resolveContributedFields<Viewer>(
  schema: GraphQLSchema,
  model: ReadModel<Viewer>,
  viewerOf: (context: unknown) => Viewer | null,
): void {
  for (const { type: typeName, field: fieldName, read } of model.entries()) {
    const type = schema.getType(typeName)
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined
    if (!field) throw new Error(`${typeName}.${fieldName} is read but not in the schema`)

    const { present } = read
    const isColumn = !present && !isObjectType(getNamedType(field.type))
    if (isColumn || field.args.length > 0) continue
    field.resolve = (parent: object, _args, context, info) => {
      const value = readValue(parent, info)
      return present ? present(value, viewerOf(context)) : value
    }
  }
}
