import { writeFile } from 'node:fs/promises'

import { lexicographicSortSchema, printSchema } from 'graphql'

import { createSchema } from './schema.ts'

const [target = new URL('../../contract/schema.graphql', import.meta.url)] = process.argv.slice(2)

/** Writes the schema to where it is reviewed, or to the path given: `pnpm schema`. */
await writeFile(target, `${printSchema(lexicographicSortSchema(await createSchema()))}\n`)
