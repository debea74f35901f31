import { type RawBuilder, sql } from 'kysely'

import type { Row, StatementBuilder } from './read-model.ts'
import type { SelectedField } from './selection.ts'

type Expression = RawBuilder<unknown>

export interface ConnectionParts {
  /** The rows of the page in the order of reading, and one more where there are more. */
  rows: Expression
  /** Counts all of them, before the page is cut out. */
  total: Expression
  /** Rows of a page. */
  size: Expression
  isBackwards: boolean
  /** Whether the page begins at a cursor, so that something lies on its other side. */
  isCursorGiven: Expression
}

/**
 * A Relay connection as `toConnection` makes it, made by PostgreSQL: rows become `page` (with their cursors and
 * nodes), the page becomes `whole` (with its lists and bounds), and the selection is put together from that.
 */
export function finishedConnection<Viewer>(
  type: string,
  row: Row,
  field: SelectedField,
  builder: StatementBuilder<Viewer>,
  { rows, total, size, isBackwards, isCursorGiven }: ConnectionParts,
): Expression {
  const id = row.column('id')
  const pageColumns = [
    sql`${id} as id`,
    sql`${cursorOf(id)} as cursor`,
    sql`row_number() over (order by ${id} ${isBackwards ? sql`asc` : sql`desc`}) as position`,
  ]
  const wholeColumns = [sql`count(*) > ${size} as more`, sql`${listOf(sql`page.cursor`)} as cursors`]

  /** The rows of the page, newest first, and none beyond it. */
  function listOf(value: Expression): Expression {
    return sql`array_agg(${value} order by page.id desc) filter (where page.position <= ${size})`
  }

  function addNode({ children }: SelectedField): Expression {
    const name = `node${pageColumns.length}`
    const node = sql`(select to_json(t) from (select ${builder.columns(type, row, children)}) t)`
    pageColumns.push(sql`${node} as ${sql.id(name)}`)
    return sql.ref(`page.${name}`)
  }

  function addList(value: Expression): Expression {
    const name = `list${wholeColumns.length}`
    wholeColumns.push(sql`coalesce(${listOf(value)}, '{}') as ${sql.id(name)}`)
    return sql.ref(`whole.${name}`)
  }

  const values: Record<string, (child: SelectedField) => Expression> = {
    __typename: ({ parentType }) => sql.lit(parentType),
    edges: (edges) => addList(objectOf(edges)),
    nodes: (nodes) => addList(addNode(nodes)),
    pageInfo: (pageInfo) => objectOf(pageInfo),
    totalCount: () => sql`(${total})`,
    node: addNode,
    cursor: () => sql`page.cursor`,
    hasNextPage: () => (isBackwards ? isCursorGiven : sql`whole.more`),
    hasPreviousPage: () => (isBackwards ? sql`whole.more` : isCursorGiven),
    startCursor: () => sql`whole.cursors[1]`,
    endCursor: () => sql`whole.cursors[array_length(whole.cursors, 1)]`,
  }

  function objectOf({ children }: SelectedField): Expression {
    const columns = children.map((child) => {
      const value = values[child.name]?.(child)
      if (!value) throw new Error(`a connection has no ${child.name}`)
      return sql`${value} as ${sql.id(child.responseKey)}`
    })
    return sql`(select to_json(t) from (select ${sql.join(columns)}) t)`
  }

  const connection = objectOf(field)
  const page = sql`select ${sql.join(pageColumns)} from (${rows}) as ${sql.id(row.alias)}`
  return sql`(select ${connection} from (select ${sql.join(wholeColumns)} from (${page}) as page) as whole)`
}

/** As `toCursor` writes it: the bytes of the UUID in base64url. */
function cursorOf(id: Expression): Expression {
  return sql`translate(rtrim(encode(uuid_send(${id}), 'base64'), '='), '+/', '-_')`
}
