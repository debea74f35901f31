import { createHash } from 'node:crypto'

import { type FieldNode, getArgumentValues, type GraphQLResolveInfo } from 'graphql'
import { type RawBuilder, sql } from 'kysely'

import { ReadModel, type Row, type RunValues, type StatementBuilder } from './read-model.ts'
import {
  relationKey,
  type SelectedField,
  type Selection,
  type SelectionInfo,
  selectionOf,
} from './selection.ts'
import { NotFinishable, SelectionBuilder } from './selection-builder.ts'
import { compileStatement, runStatement, type Statement, type StatementRunner } from './statement.ts'

/** Where a read begins: the rows of one GraphQL type that `where` finds. */
export interface ReadRoot<Viewer> {
  name: string
  type: string
  /** Whether the rows belong to the person who asks. */
  own: boolean
  from(row: Row, builder: StatementBuilder<Viewer>): RawBuilder<unknown>
}

/** How a statement finds out itself who asks: one row, or none when nobody is signed in so. */
export interface Identification<Viewer, Found> {
  name: string
  /** The rows of the person and of the session, among those of `from`. */
  person: Row
  session: Row
  /** What is known of who asks, over these rows: every fact by its column, and whatever else is wanted. */
  columns(builder: StatementBuilder<Viewer>): Record<string, RawBuilder<unknown>>
  /** `from` and whatever follows it. */
  from(builder: StatementBuilder<Viewer>): RawBuilder<unknown>
  /** Takes a row with these columns. */
  found(row: unknown): Found
}

interface Plan<Viewer> {
  root: ReadRoot<Viewer>
  nodes: readonly FieldNode[]
  selection: Selection
  /** By the shape of the arguments. */
  statements: Map<string, Statement<RunValues<Viewer>>>
}

/** Each prepared statement costs memory in every connection, so documents of passing programs get none. */
const mostNamedStatements = 500

/**
 * Reads what an operation selected below one field in one statement, compiled once per selection.
 * A screen is read without hydrating entities: PostgreSQL returns the JSON, the field resolvers hand it on.
 */
export class SelectionReader<Viewer> {
  readonly #model: ReadModel<Viewer>
  readonly #plans = new WeakMap<FieldNode, Plan<Viewer>[]>()
  readonly #names = new Set<string>()

  constructor(model: ReadModel<Viewer>) {
    this.#model = model
  }

  /** The rows of the root, each as an object with the selected fields. */
  async read(
    runner: StatementRunner,
    root: ReadRoot<Viewer>,
    values: Readonly<Record<string, unknown>>,
    viewer: Viewer | null,
    info: GraphQLResolveInfo,
  ): Promise<object[]> {
    const plan = this.#planOf(root, info)
    const { args, shapes } = this.#argumentsOf(plan.selection, info.variableValues)
    const shape = shapes.join()
    let statement = plan.statements.get(shape)
    if (!statement) {
      statement = this.#compile(plan, shapes)
      plan.statements.set(shape, statement)
    }
    const rows = await runStatement(runner, statement, { viewer, root: values, args })
    return rows.flatMap((row) => (isJsonRow(row) ? [row.json] : []))
  }

  /**
   * A statement that finds out who asks and returns, beside these facts, the finished JSON text of a field of the
   * root that is the person who asks: nothing is left for resolvers to do. For somebody with a session only, and a
   * document without directives.
   * @returns null when a part of the selection cannot be finished by PostgreSQL
   */
  finish<Found>(
    identification: Identification<Viewer, Found>,
    info: SelectionInfo,
  ): FinishedRead<Found> | null {
    const selection = selectionOf(info)
    const statements = new Map<string, Statement<RunValues<Viewer>>>()
    const statementFor = (shapes: readonly string[]) => {
      const shape = shapes.join()
      let statement = statements.get(shape)
      if (!statement) {
        statement = this.#compileFinished(identification, selection, shapes)
        statements.set(shape, statement)
      }
      return statement
    }
    try {
      statementFor(selection.withArguments.map((field) => this.#read(field)?.shape?.({}) ?? ''))
    } catch (error) {
      if (error instanceof NotFinishable) return null
      throw error
    }
    return async (runner, values, variables) => {
      const { args, shapes } = this.#argumentsOf(selection, variables)
      const runValues = { viewer: null, root: values, args }
      const [row] = await runStatement(runner, statementFor(shapes), runValues)
      if (!row) return undefined
      // The statement puts this column beside those of the identification.
      const { json } = row as { json: string | null }
      return { found: identification.found(row), json }
    }
  }

  /** @throws AppError of a read that does not accept its arguments */
  #argumentsOf({ withArguments }: Selection, variables: Readonly<Record<string, unknown>>) {
    const args: Record<string, unknown>[] = []
    const shapes: string[] = []
    for (const field of withArguments) {
      const fieldArgs = getArgumentValues(field.definition, field.node, variables)
      const read = this.#read(field)
      read?.check?.(fieldArgs)
      args.push(fieldArgs)
      shapes.push(read?.shape?.(fieldArgs) ?? '')
    }
    return { args, shapes }
  }

  #read({ parentType, name }: SelectedField) {
    return this.#model.find(parentType, name)
  }

  #planOf(root: ReadRoot<Viewer>, info: GraphQLResolveInfo): Plan<Viewer> {
    const [first] = info.fieldNodes
    if (!first) throw new Error('a resolved field has a node')
    let plans = this.#plans.get(first)
    if (!plans) this.#plans.set(first, (plans = []))

    let plan = plans.find(
      (candidate) => candidate.root === root && sameNodes(candidate.nodes, info.fieldNodes),
    )
    if (!plan) {
      plan = { root, nodes: info.fieldNodes, selection: selectionOf(info), statements: new Map() }
      plans.push(plan)
    }
    return plan
  }

  #compile({ root, selection }: Plan<Viewer>, shapes: readonly string[]): Statement<RunValues<Viewer>> {
    const builder = new SelectionBuilder(this.#model, { shapes })
    const row = builder.row({ own: root.own })
    const columns = builder.columns(root.type, row, selection.fields)
    const { text, slots } = compileStatement<RunValues<Viewer>>(
      sql`select to_json(t) as json from (select ${columns} ${root.from(row, builder)}) t`,
    )
    return { name: this.#nameOf(root.name, text), text, slots }
  }

  #compileFinished(
    identification: Identification<Viewer, unknown>,
    { type, fields }: Selection,
    shapes: readonly string[],
  ): Statement<RunValues<Viewer>> {
    const { name, person, session } = identification
    const builder: SelectionBuilder<Viewer> = new SelectionBuilder(this.#model, {
      shapes,
      viewer: (column) => columns[column],
      session: { ...session, own: true },
    })
    const columns = identification.columns(builder)
    const selected = sql`select ${builder.columns(type, { ...person, own: true }, fields)}`
    const { text, slots } = compileStatement<RunValues<Viewer>>(
      sql`select ${namedColumns(columns)}, (select to_json(t)::text from (${selected}) t) as json
        ${identification.from(builder)}`,
    )
    return { name: this.#nameOf(`${name}_${type}`, text), text, slots }
  }

  /** Equal texts share a name, and so one prepared statement. */
  #nameOf(root: string, text: string): string | undefined {
    const name = `${root}_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    if (!this.#names.has(name)) {
      if (this.#names.size >= mostNamedStatements) return undefined
      this.#names.add(name)
    }
    return name
  }
}

/**
 * Runs such a statement.
 * @param values what the identification needs to know
 * @param variables of the operation, coerced
 * @returns who was found, and the text, null when the root has no row; undefined when nobody is signed in so
 */
export type FinishedRead<Found> = (
  runner: StatementRunner,
  values: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, unknown>>,
) => Promise<FoundAnswer<Found> | undefined>

export interface FoundAnswer<Found> {
  found: Found
  json: string | null
}

/** The statement that only finds out who asks. */
export function identificationStatement<Viewer>({
  name,
  columns,
  from,
}: Identification<Viewer, unknown>): Statement<RunValues<Viewer>> {
  const builder = new SelectionBuilder(new ReadModel<Viewer>([]), { shapes: [] })
  const statement = sql`select ${namedColumns(columns(builder))} ${from(builder)}`
  return { name: `find_${name}`, ...compileStatement<RunValues<Viewer>>(statement) }
}

function namedColumns(columns: Record<string, RawBuilder<unknown>>): RawBuilder<unknown> {
  return sql.join(Object.entries(columns).map(([name, value]) => sql`${value} as ${sql.id(name)}`))
}

/** What the root's statement already read for this field. */
export function readValue(parent: object, info: Pick<GraphQLResolveInfo, 'path' | 'fieldName'>): unknown {
  const key = relationKey(String(info.path.key))
  return Reflect.get(parent, Reflect.has(parent, key) ? key : info.fieldName)
}

function sameNodes(one: readonly FieldNode[], other: readonly FieldNode[]): boolean {
  return one.length === other.length && one.every((node, index) => node === other[index])
}

function isJsonRow(row: unknown): row is { json: object } {
  return (
    typeof row === 'object' &&
    row !== null &&
    'json' in row &&
    typeof row.json === 'object' &&
    row.json !== null
  )
}
