import { type ClientBase, escapeIdentifier, escapeLiteral } from 'pg'

/** A statement as a server sent it. */
export interface SentStatement {
  text: string
  values: readonly unknown[]
}

/** `generic` is what a connection keeps for a prepared statement, `custom` what is planned for these very values. */
export type Planning = 'generic' | 'custom'

/** What running a statement costs. */
export interface StatementCost {
  /** Rows that scans took from tables, with those they threw away again. */
  rowsRead: number
  /**
   * Pages looked at, without those above the leaves of an index: a tree that is a level higher costs a page more at
   * each descent, and nothing else in a table's size may cost anything.
   */
  pages: number
  /** Pages above the leaves. */
  pagesOfDescents: number
  /** Tables that were read from end to end. */
  readWhole: string[]
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Searches'?: number
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: PlanNode[]
}

/**
 * Explains statements on one connection as a server runs them: prepared, in a transaction that may not write. The
 * connection has the `statementSettings` of the server. Needs PostgreSQL 18, which counts the descents of an index, and
 * a user who may create the extension pageinspect.
 */
export class StatementPlans {
  readonly #client: ClientBase
  readonly #names = new Map<string, string>()
  readonly #levels = new Map<string, number>()

  private constructor(client: ClientBase) {
    this.#client = client
  }

  static async on(client: ClientBase): Promise<StatementPlans> {
    await client.query('create extension if not exists pageinspect')
    return new StatementPlans(client)
  }

  /** @throws the database's error when the statement would write */
  async costOf(statement: SentStatement, planning: Planning): Promise<StatementCost> {
    const execute = await this.#prepare(statement, planning)
    // The first run of a connection also reads where each index begins.
    await this.#explain(execute)
    const plan = await this.#explain(execute)

    const nodes = [...walk(plan)]
    const scans = nodes.filter((node) => node['Relation Name'] !== undefined)
    const pagesOfDescents = await this.#pagesOfDescents(nodes)
    return {
      rowsRead: sum(scans.map(rowsOf)),
      pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] - pagesOfDescents,
      pagesOfDescents,
      readWhole: scans.flatMap((node) =>
        node['Node Type'] === 'Seq Scan' && node['Actual Loops'] > 0 ? (node['Relation Name'] ?? []) : [],
      ),
    }
  }

  /** @returns the command that runs it */
  async #prepare({ text, values }: SentStatement, planning: Planning): Promise<string> {
    await this.#client.query(`set plan_cache_mode = force_${planning}_plan`)
    let name = this.#names.get(text)
    if (!name) {
      name = escapeIdentifier(`explained_${this.#names.size}`)
      await this.#client.query(`prepare ${name} as ${text}`)
      this.#names.set(text, name)
    }
    return values.length > 0 ? `execute ${name}(${values.map(literalOf).join()})` : `execute ${name}`
  }

  async #explain(execute: string): Promise<PlanNode> {
    await this.#client.query('begin read only')
    try {
      const { rows } = await this.#client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (analyze, buffers, timing off, format json) ${execute}`,
      )
      const plan = rows[0]?.['QUERY PLAN'][0].Plan
      if (!plan) throw new Error('explain answers one plan')
      return plan
    } finally {
      await this.#client.query('rollback')
    }
  }

  async #pagesOfDescents(nodes: readonly PlanNode[]): Promise<number> {
    let pages = 0
    for (const { 'Index Name': index, 'Index Searches': searches = 0 } of nodes) {
      if (index !== undefined) pages += searches * (await this.#levelOf(index))
    }
    return pages
  }

  /** How many pages a descent passes before it is at a leaf. */
  async #levelOf(index: string): Promise<number> {
    let level = this.#levels.get(index)
    if (level === undefined) {
      const { rows } = await this.#client.query<{ level: number }>(
        'select fastlevel::int as level from bt_metap(quote_ident($1))',
        [index],
      )
      level = rows[0]?.level ?? 0
      this.#levels.set(index, level)
    }
    return level
  }
}

/** Actual rows are told for each loop. */
function rowsOf(node: PlanNode): number {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return Math.round((node['Actual Rows'] + removed) * node['Actual Loops'])
}

function* walk(node: PlanNode): Generator<PlanNode> {
  yield node
  for (const child of node.Plans ?? []) yield* walk(child)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** A value as `execute` takes it, which has no parameters of its own; its type is that of the parameter. */
function literalOf(value: unknown): string {
  return value === null || value === undefined ? 'null' : escapeLiteral(textOf(value))
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(textOf(item))).join()}}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
