import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A query of the client. */
export interface PageQuery {
  name: string
  /** As it is sent. */
  id: string
}

/** Every query of the built client. */
export async function everyQuery(repository: string): Promise<PageQuery[]> {
  const path = join(repository, 'packages/client/dist/trusted-documents.json')
  const manifest: unknown = JSON.parse(await readFile(path, 'utf8'))
  return Object.entries(manifest ?? {}).flatMap(([hash, text]) => {
    const name = /\bquery (\w+)/.exec(String(text))?.[1]
    return name === undefined ? [] : [{ name, id: `sha256:${hash}` }]
  })
}

type Ask = (query: PageQuery, variables: object) => Promise<unknown>

interface Inbox {
  me: { notifications: { edges: { node: { id: string } }[] } }
}

/** What the page gives to those of its queries that take something: a page of 25, and an item of the inbox. */
export async function variablesOf(
  { name }: PageQuery,
  queries: readonly PageQuery[],
  ask: Ask,
): Promise<object> {
  const page = { kind: 'NOTIFICATION', first: 25 }
  if (name === 'InboxItems') return page
  if (name === 'Activity') return { first: 25 }
  // There is no such delivery, and looking for it takes the same way.
  if (name === 'DeliveryNow') return { id: '00000000-0000-7000-8000-000000000000' }
  if (name !== 'InboxItem') return {}
  const inbox = queries.find((query) => query.name === 'InboxItems')
  if (!inbox) throw new Error('the client has no query InboxItems')
  // The answer of that query.
  const { me } = (await ask(inbox, page)) as Inbox
  return { id: me.notifications.edges[0]?.node.id }
}
