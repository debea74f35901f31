import type { ClientBase } from 'pg'

/** Every row of every table, as text, but for the tables named. */
export async function dumpDatabase(client: ClientBase, but: readonly string[] = []): Promise<string> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by name`,
  )
  const parts: string[] = []
  for (const { name } of tables) {
    if (but.includes(name)) continue
    const { rows } = await client.query<{ line: string }>(
      `select t::text as line from ${name} t order by 1`,
    )
    parts.push(...rows.map(({ line }) => `${name} ${line}`))
  }
  return parts.join('\n')
}
