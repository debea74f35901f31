import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compile, importedFrom } from './words-in-two-parts.ts'

const client = join(import.meta.dirname, '..')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanyard-words-'))
  await mkdir(join(folder, 'app'))
  await writeFile(
    join(folder, 'main.tsx'),
    `import './styles.css'
import {
  type Shape,
  Page,
} from './app/Page.tsx'
import type { Unused } from './app/Unused.tsx'
const later = () => import('./app/Later.tsx')
`,
  )
  await writeFile(join(folder, 'app/Page.tsx'), `export { Part } from './Part.tsx'\n`)
  await writeFile(join(folder, 'app/Part.tsx'), `import '../main.tsx'\n`)
})

afterAll(() => rm(folder, { recursive: true }))

test('what is imported from the start counts, a type and what is fetched later do not', async () => {
  expect([...(await importedFrom([join(folder, 'main.tsx')]))].toSorted()).toEqual([
    join(folder, 'app/Page.tsx'),
    join(folder, 'app/Part.tsx'),
    join(folder, 'main.tsx'),
  ])
})

test('every text is in exactly one part, and one that is said in both is among the first', async () => {
  const catalogue = join(folder, 'nl.po')
  const entry = (origins: string[], english: string, dutch: string) =>
    `${origins.map((origin) => `#: ${origin}\n`).join('')}msgid "${english}"\nmsgstr "${dutch}"\n`
  await writeFile(
    catalogue,
    [
      'msgid ""\nmsgstr ""\n"Language: nl\\n"\n',
      entry(['src/main.tsx'], 'First', 'Eerst'),
      entry(['src/Later.tsx', 'src/main.tsx'], 'Both', 'Beide'),
      entry(['src/Later.tsx'], 'Later', 'Later'),
    ].join('\n'),
  )
  const first = new Set([join(client, 'src/main.tsx')])
  const texts = async (wantsFirst: boolean) =>
    (await compile(catalogue, (isFirst) => isFirst === wantsFirst, first))
      .match(/Eerst|Beide|Later/g)
      ?.toSorted()

  expect(await texts(true)).toEqual(['Beide', 'Eerst'])
  expect(await texts(false)).toEqual(['Later'])
})
