import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import babel from '@rolldown/plugin-babel'
import { lingui, linguiTransformerBabelPreset } from '@lingui/vite-plugin'
import react from '@vitejs/plugin-react'
import { type Plugin, defineConfig } from 'vite'
import { compressedBesideTheBuild } from './build/compressed-beside-the-build.ts'
import { pushWorker } from './build/push-worker.ts'
import { themeVariablesSheet } from './build/theme-variables.ts'
import { firstWords, wordsInTwoParts } from './build/words-in-two-parts.ts'

const serverInDevelopment = 'http://localhost:4000'

export default defineConfig({
  plugins: [
    wordsInTwoParts(),
    // The macros must be gone before React's plugin reads the file.
    babel({ presets: [linguiTransformerBabelPreset()] }),
    // A text without a translation shows in English here; `i18n:compile` is what refuses it.
    lingui({ failOnCompileError: true }),
    firstWords(),
    react(),
    themeVariablesSheet(),
    preloadOfTextFont(),
    trustedDocumentsBesideTheBuild(),
    pushWorker(),
    compressedBesideTheBuild(),
  ],
  // es2015: rxjs with the classes browsers have, instead of its own made of functions.
  resolve: { conditions: ['source', 'es2015', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2023',
    // What size-limit reads; the server hands out nothing of a folder that begins with a dot.
    manifest: true,
    sourcemap: true,
    // Small files stay files, so that the policy of the page needs no `data:`.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // A few files for what is needed together: dozens of tiny ones compress badly, and one for everything that is
        // shared would bring the first page what only dialogs need. Higher priorities choose first.
        codeSplitting: {
          groups: [
            {
              name: 'first',
              tags: ['$initial'],
              // The entry stays the entry.
              test: /(?<!index\.html|main\.tsx)$/,
              priority: 4,
            },
            {
              name: 'fields',
              test: /@mantine\/core\/esm\/components\/(?:Combobox|Input|Popover|Select|Switch|TextInput)\//,
              priority: 3,
            },
            {
              name: 'shared',
              test: /client\/src\/(?:app|graphql|ui)\/(?!\w*Dialog\b|TakeAlong|use-take-along)/,
              minShareCount: 3,
              priority: 2,
            },
            {
              name: 'dialogs',
              test: /@mantine\/core\/esm\/components\/(?:Drawer|Modal|ModalBase)\/|client\/src\/ui\/(?:\w*Dialog\b|TakeAlong|use-take-along)/,
              priority: 1,
            },
            // Three sections use each of these, and the first page none: not beside the parts that it does use.
            {
              name: 'menus',
              test: /@mantine\/core\/esm\/components\/Menu\/|client\/src\/ui\/RowSubject\b/,
              priority: 1,
            },
            {
              name: 'boxes',
              test: /@mantine\/core\/esm\/components\/(?:ActionIcon|Checkbox)\//,
              priority: 1,
            },
            { name: 'parts', test: /node_modules/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/graphql': { target: serverInDevelopment, ws: true },
      '/healthz': serverInDevelopment,
      '/outbox': serverInDevelopment,
      '/avatars': serverInDevelopment,
      '/me/avatar': serverInDevelopment,
    },
  },
})

/** The one font every page needs at once; the others are fetched when a letter asks for them. */
function preloadOfTextFont(): Plugin {
  return {
    name: 'lanyard:preload-text-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((name) => name.includes('inter-latin-wght-normal'))
        if (!font) return []
        const attrs = {
          rel: 'preload',
          href: `/${font}`,
          as: 'font',
          type: 'font/woff2',
          crossorigin: true,
        }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}

/** The server reads from dist/ which documents the page of this build may send. */
function trustedDocumentsBesideTheBuild(): Plugin {
  const fileName = 'trusted-documents.json'
  return {
    name: 'lanyard:trusted-documents',
    apply: 'build',
    async writeBundle({ dir }) {
      if (dir) await copyFile(join(import.meta.dirname, 'src/graphql', fileName), join(dir, fileName))
    },
  }
}
