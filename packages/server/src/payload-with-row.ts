import type { GraphQLResolveInfo } from 'graphql'
import { type ClassType, Ctx, Field, FieldResolver, Info, Resolver, Root } from 'type-graphql'

import { type Context, read } from './context.ts'
import { AppError } from './errors/app-error.ts'
import type { ReadRoot } from './lib/selection-reader.ts'
import type { Viewer } from './viewer.ts'

interface RowOfPayload<Payload> {
  field: string
  type: ClassType
  root: ReadRoot<Viewer>
  /** What finds the row among those of `root`. */
  valuesOf(payload: Payload): Readonly<Record<string, unknown>>
}

/**
 * Adds a field to a payload: the row as it is after the change, with what the selection asks of it.
 * @returns the resolver that reads it
 */
export function payloadWithRow<Payload extends object>(
  payload: ClassType<Payload>,
  { field, type, root, valuesOf }: RowOfPayload<Payload>,
): ClassType {
  Field(() => type)(payload.prototype, field)

  @Resolver(() => payload)
  class RowOfPayloadResolver {
    // Named as the field: a payload may have several.
    @FieldResolver(() => type, { name: field })
    async [field](
      @Root() changed: Payload,
      @Ctx() ctx: Context,
      @Info() info: GraphQLResolveInfo,
    ): Promise<object> {
      const [row] = await read(ctx, root, valuesOf(changed), info)
      if (!row) throw new AppError('NOT_FOUND')
      return row
    }
  }
  return RowOfPayloadResolver
}
