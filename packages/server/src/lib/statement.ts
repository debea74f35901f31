import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely'

/** Runs a statement; named ones are prepared once per connection. */
export interface StatementRunner {
  run(statement: { name: string | undefined; text: string }, values: readonly unknown[]): Promise<unknown[]>
}

/** The text of a statement, and what its parameters are made of when it runs. */
export interface Statement<Values> {
  name: string | undefined
  text: string
  slots: readonly ((values: Values) => unknown)[]
}

class Slot {
  constructor(readonly take: (values: never) => unknown) {}
}

/** A parameter, taken of the values with which the statement runs. */
export function slot(take: (values: never) => unknown): RawBuilder<unknown> {
  return sql.val(new Slot(take))
}

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database: Kysely<unknown>) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** @param statement its parameters are values, or slots that take something of `Values` */
export function compileStatement<Values>(
  statement: RawBuilder<unknown>,
): Pick<Statement<Values>, 'text' | 'slots'> {
  const { sql: text, parameters } = statement.compile(compiler)
  const slots = parameters.map((parameter) =>
    // Whoever puts a statement together says what its slots are given.
    parameter instanceof Slot ? (parameter.take as (values: Values) => unknown) : () => parameter,
  )
  return { text, slots }
}

export function runStatement<Values>(
  runner: StatementRunner,
  { slots, ...statement }: Statement<Values>,
  values: Values,
): Promise<unknown[]> {
  return runner.run(
    statement,
    slots.map((take) => take(values)),
  )
}
