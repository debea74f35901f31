import { type RawBuilder, sql } from 'kysely'

import type { SelectedField } from './selection.ts'

/** One row of a GraphQL type inside a statement: its alias, and whether it belongs to the person who asks. */
export interface Row {
  readonly alias: string
  /** Fields of people that are only for themselves are refused on rows that are somebody else's. */
  readonly own: boolean
  column(name: string): RawBuilder<unknown>
}

/** The row under an alias that is chosen by hand. */
export function rowAs(alias: string): Row {
  return { alias, own: false, column: (name) => sql.ref(`${alias}.${name}`) }
}

/** Something that statements want to know about who asks. */
export interface ViewerFact<Viewer> {
  /** Its name in the row of a statement that finds out itself who asks. */
  column: string
  sqlType: string
  of(viewer: Viewer): unknown
}

/** What is known only when the statement runs. */
export interface RunValues<Viewer> {
  viewer: Viewer | null
  /** What the root was asked for, as `{ id }`. */
  root: Readonly<Record<string, unknown>>
  /** Arguments of the selected fields, by the index of the field. */
  args: readonly Readonly<Record<string, unknown>>[]
}

/** Builds the statement of one selection. */
export interface StatementBuilder<Viewer> {
  /** A row under a fresh alias. */
  row(options?: { own?: boolean }): Row
  /** A parameter, taken when the statement runs. */
  value(slot: (values: RunValues<Viewer>) => unknown): RawBuilder<unknown>
  /** A parameter made of the field's own arguments. */
  argument(
    field: SelectedField,
    slot: (args: Readonly<Record<string, unknown>>) => unknown,
  ): RawBuilder<unknown>
  /** What is so of who asks: null when nobody is signed in. */
  viewer(fact: ViewerFact<Viewer>): RawBuilder<unknown>
  /** The shape that this statement is built for: what `FieldRead.shape` said of the field's arguments. */
  shapeOf(field: SelectedField): string
  /** What `fields` select of the row, as a list for `select`. */
  columns(type: string, row: Row, fields: readonly SelectedField[]): RawBuilder<unknown>
  /** The row of the session that the request came with, where the statement has found it already. */
  readonly session: Row | undefined
  /** Whether PostgreSQL makes the answer itself, or values that the field resolvers make it of. */
  readonly finished: boolean
}

/** How one field of a GraphQL type is read: an expression over the row of its parent. */
export interface FieldRead<Viewer> {
  expression(row: Row, field: SelectedField, builder: StatementBuilder<Viewer>): RawBuilder<unknown>
  /** Only on rows of the person who asks. */
  ownOnly?: boolean
  /** Makes the field's value of what was read; absent = that value itself. Not for fields that take arguments. */
  present?(value: unknown, viewer: Viewer | null): unknown
  /** What `present` would make of the expression for somebody with a session; absent = only `present` can tell. */
  presented?(row: Row, field: SelectedField, builder: StatementBuilder<Viewer>): RawBuilder<unknown>
  /** Arguments that change the text of the statement, not only its parameters. */
  shape?(args: Readonly<Record<string, unknown>>): string
  /** Throws when the arguments are not acceptable. */
  check?(args: Readonly<Record<string, unknown>>): void
}

/** The reads of every feature, by GraphQL type and field; put together in `schema.ts`. */
export class ReadModel<Viewer> {
  readonly #reads = new Map<string, FieldRead<Viewer>>()

  constructor(contributions: readonly TypeReads<Viewer>[]) {
    for (const { type, fields } of contributions) {
      for (const [field, read] of Object.entries(fields)) {
        const coordinate = `${type}.${field}`
        if (this.#reads.has(coordinate)) throw new Error(`${coordinate} is read in two ways`)
        this.#reads.set(coordinate, read)
      }
    }
  }

  /** @throws Error for a field of the schema that no feature reads: a mistake of ours, found by the tests */
  read(type: string, field: string): FieldRead<Viewer> {
    const read = this.find(type, field)
    if (!read) throw new Error(`nothing reads ${type}.${field}`)
    return read
  }

  find(type: string, field: string): FieldRead<Viewer> | undefined {
    return this.#reads.get(`${type}.${field}`)
  }

  /** Every read with its type and field. */
  *entries(): Iterable<{ type: string; field: string; read: FieldRead<Viewer> }> {
    for (const [coordinate, read] of this.#reads) {
      const [type = '', field = ''] = coordinate.split('.')
      yield { type, field, read }
    }
  }
}

/** What one feature contributes to one GraphQL type. */
export interface TypeReads<Viewer> {
  type: string
  fields: Record<string, FieldRead<Viewer>>
}

/** Fields that are columns of the row, under the same name in snake case. */
export function columns<Viewer>(...names: string[]): Record<string, FieldRead<Viewer>> {
  return Object.fromEntries(names.map((name) => [name, column(snakeCase(name))]))
}

export function column<Viewer>(name: string): FieldRead<Viewer> {
  return { expression: (row) => row.column(name) }
}

interface Rows {
  type: string
  /** `from` and whatever follows it, for the row. */
  from(row: Row): RawBuilder<unknown>
  /** Whether the rows belong to the person who asks when their parent does. */
  own?: boolean
}

/** A field that is a list of rows. */
export function listOf<Viewer>(
  rows: (parent: Row, builder: StatementBuilder<Viewer>) => Rows,
): FieldRead<Viewer> {
  return {
    expression(parent, field, builder) {
      const { type, from, own } = rows(parent, builder)
      const row = builder.row({ own: (own ?? false) && parent.own })
      const list = sql`select ${builder.columns(type, row, field.children)} ${from(row)}`
      return sql`array(select to_json(t) from (${list}) t)`
    },
  }
}

/** A field that is one row or null. */
export function oneOf<Viewer>(
  rows: (parent: Row, builder: StatementBuilder<Viewer>) => Rows,
): FieldRead<Viewer> {
  return {
    expression(parent, field, builder) {
      const { type, from, own } = rows(parent, builder)
      const row = builder.row({ own: (own ?? false) && parent.own })
      return sql`(select to_json(t) from (select ${builder.columns(type, row, field.children)} ${from(row)}) t)`
    },
  }
}

/** A field that is an object, or null, in a column of JSON. Its own fields are texts. */
export function jsonObject<Viewer>(name: string): FieldRead<Viewer> {
  return {
    expression(row, field, builder) {
      const value = row.column(name)
      if (!builder.finished) return value
      return sql`(select to_json(t) from (select ${textsOf(value, field)}) t where ${value} is not null)`
    },
  }
}

/** A field that is a list of objects in a column of JSON. Their own fields are texts. */
export function jsonList<Viewer>(name: string): FieldRead<Viewer> {
  return {
    expression(row, field, builder) {
      if (!builder.finished) return row.column(name)
      const { alias, column } = builder.row()
      return sql`array(select to_json(t) from (select ${textsOf(column('value'), field)}
        from jsonb_array_elements(${row.column(name)}) with ordinality as ${sql.id(alias)} (value, position)
        order by ${column('position')}) t)`
    },
  }
}

function textsOf(value: RawBuilder<unknown>, { type, children }: SelectedField): RawBuilder<unknown> {
  const texts = children.map(({ name, responseKey }) => {
    const text = name === '__typename' ? sql`${sql.lit(type)}` : sql`${value} ->> ${sql.lit(name)}`
    return sql`${text} as ${sql.id(responseKey)}`
  })
  return sql.join(texts)
}

/** A read that is refused on rows of other people. */
export function ownOnly<Viewer>(read: FieldRead<Viewer>): FieldRead<Viewer> {
  return { ...read, ownOnly: true }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
