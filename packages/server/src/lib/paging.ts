import { type RawBuilder, sql } from 'kysely'
import { rowsPerPage } from '@lanyard/contract/limits'
import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql'

import { badInput } from '../errors/app-error.ts'
import { finishedConnection } from './finished-connection.ts'
import { isId } from './ids.ts'
import type { FieldRead, Row, StatementBuilder, ViewerFact } from './read-model.ts'
import { mergeFields, type SelectedField } from './selection.ts'

/** The arguments of a Relay connection. Absent `first` and `last` mean the person's rows per page. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true })
  first?: number

  @Field(() => String, { nullable: true })
  after?: string

  @Field(() => Int, { nullable: true })
  last?: number

  @Field(() => String, { nullable: true })
  before?: string
}

@ObjectType({ simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean

  @Field(() => Boolean)
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true })
  startCursor!: string | null

  @Field(() => String, { nullable: true })
  endCursor!: string | null
}

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[]
  nodes: Node[]
  pageInfo: PageInfo
  totalCount: number
}

/** Declares `<Node>Connection` and `<Node>Edge`. */
export function connectionType<Node extends object>(
  name: string,
  nodeType: () => ClassType<Node>,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string

    @Field(() => nodeType())
    node!: Node
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class NodeConnection implements Connection<Node> {
    @Field(() => [Edge])
    edges!: Edge[]

    @Field(() => [nodeType()])
    nodes!: Node[]

    @Field(() => PageInfo)
    pageInfo!: PageInfo

    @Field(() => Int)
    totalCount!: number
  }
  return NodeConnection
}

interface ConnectionRows<Viewer> {
  type: string
  table: string
  own?: boolean
  /** How many rows a page has when nobody says: the person's rows per page. */
  usualSize: ViewerFact<Viewer>
  /** Which rows, before the cursor and the page. */
  where(row: Row, parent: Row, field: SelectedField, builder: StatementBuilder<Viewer>): RawBuilder<unknown>
}

/** The bounds of UUIDs, so that an absent cursor is still an index condition. */
const lowestId = '00000000-0000-0000-0000-000000000000'
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * A connection over rows whose `id` is a UUIDv7, newest first, read by key: a page far back costs what the first does.
 * The field's resolver makes the connection of what is read here with `toConnection`.
 */
export function connectionOf<Viewer>(rows: ConnectionRows<Viewer>): FieldRead<Viewer> {
  return {
    check: checkPageArgs,
    shape: (args) => (isBackward(args) ? 'backward' : 'forward'),
    expression(parent, field, builder) {
      const row = builder.row({ own: (rows.own ?? false) && parent.own })
      const isBackwards = builder.shapeOf(field).endsWith('backward')
      const after = builder.argument(field, (args) => cursorOf(args['after'], 'after') ?? highestId)
      const before = builder.argument(field, (args) => cursorOf(args['before'], 'before') ?? lowestId)
      const usual = builder.viewer(rows.usualSize)
      const size = sql`coalesce(${builder.argument(field, sizeAskedFor)}::int, ${usual})`

      const id = row.column('id')
      const from = sql`from ${sql.table(rows.table)} as ${sql.id(row.alias)} where ${rows.where(row, parent, field, builder)}`
      const window = sql`and ${id} < ${after} and ${id} > ${before}
        order by ${id} ${isBackwards ? sql`asc` : sql`desc`} limit ${size} + 1`
      if (builder.finished) {
        const isGiven = (name: string) =>
          sql`${builder.argument(field, (args) => typeof args[name] === 'string')}::boolean`
        return finishedConnection(rows.type, row, field, builder, {
          rows: sql`select ${sql.id(row.alias)}.* ${from} ${window}`,
          total: sql`select count(*) ${from}`,
          size,
          isBackwards,
          isCursorGiven: isGiven(isBackwards ? 'before' : 'after'),
        })
      }

      const nodes = mergeFields([childrenOf(field, 'nodes'), ...edgeNodes(field)])
      const page = sql`select ${id} as "_cursor", ${builder.columns(rows.type, row, nodes)} ${from} ${window}`
      const parts = [sql`'rows', array(select to_json(t) from (${page}) t)`]
      if (field.children.some(({ name }) => name === 'totalCount')) {
        parts.push(sql`'total', (select count(*) ${from})`)
      }
      return sql`json_build_object(${sql.join(parts)})`
    },
  }
}

function childrenOf(field: SelectedField, name: string): SelectedField[] {
  return mergeFields(field.children.filter((child) => child.name === name).map((child) => child.children))
}

function edgeNodes(field: SelectedField): SelectedField[][] {
  return field.children.filter(({ name }) => name === 'edges').map((edges) => childrenOf(edges, 'node'))
}

interface PageArguments {
  first?: unknown
  last?: unknown
  after?: unknown
  before?: unknown
}

function isBackward({ first, last }: PageArguments): boolean {
  return isNumber(last) && !isNumber(first)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function sizeAskedFor({ first, last }: PageArguments): number | null {
  if (isNumber(first)) return first
  return isNumber(last) ? last : null
}

function checkPageArgs({ first, last, after, before }: PageArguments): void {
  if (isNumber(first) && (first < 0 || first > rowsPerPage.max)) throw badInput('first', 'OUT_OF_RANGE')
  if (isNumber(last) && (last < 0 || last > rowsPerPage.max)) throw badInput('last', 'OUT_OF_RANGE')
  if (isNumber(first) && isNumber(last)) throw badInput('last', 'DUPLICATE')
  cursorOf(after, 'after')
  cursorOf(before, 'before')
}

function toCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}

function cursorOf(cursor: unknown, field: string): string | undefined {
  if (typeof cursor !== 'string') return undefined
  const hex = Buffer.from(cursor, 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  if (!isId(id)) throw badInput(field, 'FORMAT')
  return id
}

interface ReadConnection<Node> {
  rows: (Node & { _cursor: string })[]
  total?: number
}

/** The page that `connectionOf` read, one row more than asked for telling whether there is another. */
export function toConnection<Node extends object>(
  value: unknown,
  args: PageArguments,
  viewer: { rowsPerPage: number } | null,
): Connection<Node> {
  // The value was made by connectionOf in this very shape.
  const { rows, total } = value as ReadConnection<Node>
  const size = sizeAskedFor(args) ?? viewer?.rowsPerPage ?? rowsPerPage.default
  const isMore = rows.length > size
  const backward = isBackward(args)
  const page = rows.slice(0, size)
  if (backward) page.reverse()

  const edges = page.map((node) => ({ cursor: toCursor(node._cursor), node }))
  return {
    edges,
    nodes: page,
    pageInfo: {
      hasNextPage: backward ? typeof args.before === 'string' : isMore,
      hasPreviousPage: backward ? isMore : typeof args.after === 'string',
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: total ?? 0,
  }
}
