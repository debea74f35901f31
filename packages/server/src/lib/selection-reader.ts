import { createHash } from 'node:crypto'

import { type FieldNode, getArgumentValues, type GraphQLResolveInfo } from 'graphql'
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely'

import { AppError } from '../errors/app-error.ts'
import type { ReadModel, Row, RunValues, StatementBuilder } from './read-model.ts'
import { jsonKey, relationPrefix, type SelectedField, type Selection, selectionOf } from './selection.ts'

/** Runs a statement; named ones are prepared once per connection. */
export interface StatementRunner {
  run(statement: { name: string | undefined; text: string }, values: readonly unknown[]): Promise<unknown[]>
}

/** Where a read begins: the rows of one GraphQL type that `where` finds. */
export interface ReadRoot<Viewer> {
  name: string
  type: string
  /** Whether the rows belong to the person who asks. */
  own: boolean
  from(row: Row, builder: StatementBuilder<Viewer>): RawBuilder<unknown>
}

interface Statement<Viewer> {
  name: string | undefined
  text: string
  slots: readonly ((values: RunValues<Viewer>) => unknown)[]
}

interface Plan<Viewer> {
  root: ReadRoot<Viewer>
  nodes: readonly FieldNode[]
  selection: Selection
  /** By the shape of the arguments. */
  statements: Map<string, Statement<Viewer>>
}

/** Each prepared statement costs memory in every connection, so documents of passing programs get none. */
const mostNamedStatements = 500

const dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (database: Kysely<unknown>) => new PostgresIntrospector(database),
  createQueryCompiler: () => new PostgresQueryCompiler(),
}
const compiler = new Kysely<unknown>({ dialect })

class Slot<Viewer> {
  constructor(readonly take: (values: RunValues<Viewer>) => unknown) {}
}

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
    const args: Record<string, unknown>[] = []
    const shapes: string[] = []
    for (const field of plan.selection.withArguments) {
      const fieldArgs = getArgumentValues(field.definition, field.node, info.variableValues)
      const read = this.#model.find(field.parentType, field.name)
      read?.check?.(fieldArgs)
      args.push(fieldArgs)
      shapes.push(read?.shape?.(fieldArgs) ?? '')
    }

    const shape = shapes.join()
    let statement = plan.statements.get(shape)
    if (!statement) {
      statement = this.#compile(plan, shapes)
      plan.statements.set(shape, statement)
    }
    const runValues: RunValues<Viewer> = { viewer, root: values, args }
    const rows = await runner.run(
      statement,
      statement.slots.map((take) => take(runValues)),
    )
    return rows.flatMap((row) => (isJsonRow(row) ? [row.json] : []))
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

  #compile({ root, selection }: Plan<Viewer>, shapes: readonly string[]): Statement<Viewer> {
    const builder = new Builder(this.#model, shapes)
    const row = builder.row({ own: root.own })
    const columns = builder.columns(root.type, row, selection.fields)
    const statement = sql`select to_json(t) as json from (select ${columns} ${root.from(row, builder)}) t`

    const { sql: text, parameters } = statement.compile(compiler)
    const slots = parameters.map((parameter) =>
      parameter instanceof Slot ? parameter.take : () => parameter,
    )
    return { name: this.#nameOf(root.name, text), text, slots }
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

class Builder<Viewer> implements StatementBuilder<Viewer> {
  #rows = 0

  constructor(
    readonly model: ReadModel<Viewer>,
    readonly shapes: readonly string[],
  ) {}

  row({ own = false }: { own?: boolean } = {}): Row {
    const alias = `r${this.#rows++}`
    return { alias, own, column: (name) => sql.ref(`${alias}.${name}`) }
  }

  value(slot: (values: RunValues<Viewer>) => unknown): RawBuilder<unknown> {
    return sql.val(new Slot(slot))
  }

  argument(
    { argumentIndex }: SelectedField,
    slot: (args: Readonly<Record<string, unknown>>, viewer: Viewer | null) => unknown,
  ): RawBuilder<unknown> {
    return this.value(({ args, viewer }) => slot(args[argumentIndex] ?? {}, viewer))
  }

  shapeOf({ argumentIndex }: SelectedField): string {
    return this.shapes[argumentIndex] ?? ''
  }

  columns(type: string, row: Row, fields: readonly SelectedField[]): RawBuilder<unknown> {
    const expressions = new Map<string, RawBuilder<unknown>>()
    for (const field of fields) {
      const key = jsonKey(field)
      if (expressions.has(key)) continue
      const read = this.model.read(type, field.name)
      if (read.ownOnly && !row.own) throw new AppError('FORBIDDEN', { field: field.name })
      expressions.set(key, read.expression(row, field, this))
    }
    // A selection of nothing but __typename still has to say that the row is there.
    if (expressions.size === 0) expressions.set('id', sql`null`)
    return sql.join([...expressions].map(([key, expression]) => sql`${expression} as ${sql.id(key)}`))
  }
}

/** What the root's statement already read for this field. */
export function readValue(parent: object, info: Pick<GraphQLResolveInfo, 'path' | 'fieldName'>): unknown {
  const key = `${relationPrefix}${info.path.key}`
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
