import { getNamedType, isScalarType, TypeNameMetaFieldDef } from 'graphql'
import { type RawBuilder, sql } from 'kysely'

import { AppError } from '../errors/app-error.ts'
import type { ReadModel, Row, RunValues, StatementBuilder, ViewerFact } from './read-model.ts'
import { jsonKey, longestIdentifier, type SelectedField } from './selection.ts'
import { slot } from './statement.ts'

/** A part of a selection that only resolvers can finish. */
export class NotFinishable extends Error {}

interface BuilderOptions {
  shapes: readonly string[]
  /** What is known of who asks, in a statement that finishes the answer. */
  viewer?: (column: string) => RawBuilder<unknown> | undefined
  session?: Row
}

/** Puts the statement of one selection together, in the form that resolvers read or in the finished one. */
export class SelectionBuilder<Viewer> implements StatementBuilder<Viewer> {
  readonly #model: ReadModel<Viewer>
  readonly #shapes: readonly string[]
  readonly #viewer: BuilderOptions['viewer']
  readonly session: Row | undefined
  #rows = 0

  constructor(model: ReadModel<Viewer>, { shapes, viewer, session }: BuilderOptions) {
    this.#model = model
    this.#shapes = shapes
    this.#viewer = viewer
    this.session = session
  }

  get finished(): boolean {
    return this.#viewer !== undefined
  }

  row({ own = false }: { own?: boolean } = {}): Row {
    const alias = `r${this.#rows++}`
    return { alias, own, column: (name) => sql.ref(`${alias}.${name}`) }
  }

  value(take: (values: RunValues<Viewer>) => unknown): RawBuilder<unknown> {
    return slot(take)
  }

  argument(
    { argumentIndex }: SelectedField,
    slot: (args: Readonly<Record<string, unknown>>) => unknown,
  ): RawBuilder<unknown> {
    return this.value(({ args }) => slot(args[argumentIndex] ?? {}))
  }

  viewer({ column, sqlType, of }: ViewerFact<Viewer>): RawBuilder<unknown> {
    if (this.#viewer) {
      const known = this.#viewer(column)
      if (!known) throw new Error(`an identification does not tell ${column}`)
      return known
    }
    return sql`${this.value(({ viewer }) => viewer && of(viewer))}::${sql.raw(sqlType)}`
  }

  shapeOf({ argumentIndex }: SelectedField): string {
    return this.#shapes[argumentIndex] ?? ''
  }

  columns(type: string, row: Row, fields: readonly SelectedField[]): RawBuilder<unknown> {
    const expressions = new Map<string, RawBuilder<unknown>>()
    for (const field of fields) {
      const key = this.finished ? field.responseKey : jsonKey(field)
      if (expressions.has(key)) continue
      if (field.name !== TypeNameMetaFieldDef.name) expressions.set(key, this.#expression(type, row, field))
      else if (this.finished) expressions.set(key, sql.lit(type))
    }
    // A selection of nothing but __typename still has to say that the row is there.
    if (expressions.size === 0) expressions.set('id', sql`null`)
    return sql.join([...expressions].map(([key, expression]) => sql`${expression} as ${sql.id(key)}`))
  }

  #expression(type: string, row: Row, field: SelectedField): RawBuilder<unknown> {
    const read = this.#model.read(type, field.name)
    if (read.ownOnly && !row.own) throw new AppError('FORBIDDEN', { field: field.name })
    if (!this.finished) return read.expression(row, field, this)

    refuseUnfinishable(field)
    const { present, presented = present ? undefined : read.expression } = read
    if (!presented) throw new NotFinishable(`only a resolver knows ${type}.${field.name}`)
    const expression = presented(row, field, this)
    return field.type === 'DateTime' ? asInstant(expression) : expression
  }
}

/** Values that PostgreSQL writes as GraphQL does; of other types a resolver has to make them. */
const plainScalars = new Set(['ID', 'String', 'Int', 'Boolean', 'DateTime'])

/** @throws NotFinishable */
function refuseUnfinishable({ responseKey, definition, type }: SelectedField): void {
  const isForeignScalar = isScalarType(getNamedType(definition.type)) && !plainScalars.has(type)
  if (isForeignScalar || responseKey.length > longestIdentifier) {
    throw new NotFinishable(`a resolver has to finish ${responseKey}`)
  }
}

/** As `DateTime` serialises it. Our connections keep their time in UTC. */
function asInstant(expression: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`to_char(${expression}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
