import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createCompiledCatalog } from '@lingui/cli/api'
import { formatter } from '@lingui/format-po'
import type { Plugin } from 'vite'

const root = resolve(import.meta.dirname, '..')
const entries = ['src/main.tsx', 'src/app/ProfilePage.tsx']
const languages = join(root, 'src/app/languages.ts')

/**
 * Parts every catalogue: what the first page says comes with it, the rest with the first thing that is opened. Which
 * words those are is read from the code, as what is imported from the start; everything that is fetched later waits for
 * the rest by `withWords`, which is written around each such import here, so that none can forget it. In development
 * and in tests a catalogue is whole.
 */
export function wordsInTwoParts(): Plugin {
  let isBuild = false
  let first: ReadonlySet<string> = new Set()

  return {
    name: 'words-in-two-parts',
    enforce: 'pre',
    configResolved: ({ command }) => {
      isBuild = command === 'build'
    },
    buildStart: async () => {
      if (isBuild) first = await importedFrom(entries.map((entry) => join(root, entry)))
    },
    resolveId: (source, importer) =>
      source.endsWith('.po?rest') && importer ? resolve(dirname(importer), source) : undefined,
    load: {
      filter: { id: /\.po(?:\?rest)?$/ },
      handler: async (id) => {
        const isRest = id.endsWith('?rest')
        // Lingui's own plugin makes the whole one.
        if (!isBuild) return isRest ? { code: 'export const messages = {}', moduleType: 'js' } : undefined
        if (!isRest) return undefined
        return {
          code: await compile(id.replace('?rest', ''), (isFirst) => !isFirst, first),
          moduleType: 'js',
        }
      },
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/ },
      handler: (code, id) => {
        if (!isBuild) return undefined
        const waiting = code.replaceAll(/import\('(\.[^']+\.tsx)'\)/g, (whole, path: string) =>
          first.has(resolve(dirname(id), path)) ? whole : `withWords(${whole})`,
        )
        if (waiting === code) return undefined
        // At the end, where it moves no line.
        return { code: `${waiting}\nimport { withWords } from ${JSON.stringify(languages)}\n`, map: null }
      },
    },
  }
}

/** Follows Lingui's own plugin, which knows no parts. */
export function firstWords(): Plugin {
  return {
    name: 'first-words',
    apply: 'build',
    enforce: 'post',
    transform: {
      filter: { id: /\.po$/ },
      handler: async (_code, id) => {
        const first = await importedFrom(entries.map((entry) => join(root, entry)))
        return { code: await compile(id, (isFirst) => isFirst, first), map: null, moduleType: 'js' }
      },
    },
  }
}

/** @param first absolute paths of the files whose words are the first */
export async function compile(
  file: string,
  isWanted: (isFirst: boolean) => boolean,
  first: ReadonlySet<string>,
): Promise<string> {
  const locale = basename(file, '.po')
  const text = await readFile(file, 'utf8')
  const catalogue = await formatter().parse(text, { locale, sourceLocale: 'en', filename: file })
  const wanted = Object.entries(catalogue).filter(([, { origin = [] }]) =>
    isWanted(origin.some(([path]) => first.has(join(root, path)))),
  )
  const messages = wanted.map(([id, { translation, message }]) => [id, translation || (message ?? id)])
  const { source, errors } = createCompiledCatalog(locale, Object.fromEntries(messages), {
    namespace: 'es',
  })
  if (errors.length > 0) throw new Error(`${file} has texts that cannot be compiled.`)
  return source
}

/** The files that are read at once with these, themselves included. What `import()` fetches later is not among them. */
export async function importedFrom(files: readonly string[]): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return
    seen.add(file)
    const code = await readFile(file, 'utf8')
    const paths = code.matchAll(
      /^(?:import|export)\s(?!type\s)[^'"]*?from '(\.[^']+\.tsx?)'|^import '(\.[^']+\.tsx?)'/gm,
    )
    await Promise.all([...paths].map(([, from, bare]) => visit(resolve(dirname(file), from ?? bare ?? ''))))
  }
  await Promise.all(files.map(visit))
  return seen
}
