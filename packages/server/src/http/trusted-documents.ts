import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { StatementPool } from '../database/statements.ts'

/** Tabs of so many earlier builds go on working. Source: decision 2. */
const keptBuilds = 5
/** An unknown hash may belong to a build that another server brought meanwhile; so often it is looked up. */
const reloadMilliseconds = 5000

const storeStatement = {
  name: undefined,
  text: `insert into trusted_documents (build, documents, created_at) values ($1, $2, $3)
    on conflict (build) do update set created_at = excluded.created_at`,
}
const forgetStatement = {
  name: undefined,
  text: `delete from trusted_documents where build not in
    (select build from trusted_documents order by created_at desc limit $1)`,
}
const loadStatement = { name: undefined, text: 'select documents from trusted_documents' }

/** The documents that the client was built with, by `sha256:<hex>`: this build's and those of the builds before it. */
export class TrustedDocuments {
  readonly #statements: StatementPool
  #documents: ReadonlyMap<string, string> = new Map()
  #loadedAt = 0

  private constructor(statements: StatementPool) {
    this.#statements = statements
  }

  /** @param manifestPath JSON of hash (hex) to document; a server without a client has none */
  static async load(statements: StatementPool, manifestPath: string, now: Date): Promise<TrustedDocuments> {
    const trusted = new TrustedDocuments(statements)
    const manifest = await readFile(manifestPath, 'utf8').catch(() => '{}')
    const build = createHash('sha256').update(manifest).digest('hex')
    await statements.write(storeStatement, [build, manifest, now])
    await statements.write(forgetStatement, [keptBuilds])
    await trusted.#reload()
    return trusted
  }

  /** All that are known now. */
  texts(): Iterable<string> {
    return this.#documents.values()
  }

  /** The document's text; undefined when no build that is still kept knows the id. */
  async find(documentId: string): Promise<string | undefined> {
    const known = this.#documents.get(documentId)
    if (known !== undefined || Date.now() - this.#loadedAt < reloadMilliseconds) return known
    await this.#reload()
    return this.#documents.get(documentId)
  }

  async #reload(): Promise<void> {
    this.#loadedAt = Date.now()
    const rows = await this.#statements.run<{ documents: Record<string, string> }>(loadStatement, [])
    this.#documents = new Map(
      rows.flatMap(({ documents }) =>
        Object.entries(documents).map(([hash, text]) => [`sha256:${hash}`, text]),
      ),
    )
  }
}
