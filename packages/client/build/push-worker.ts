import { join } from 'node:path'
import { type Plugin, build } from 'vite'

const fileName = 'push-worker.js'
const root = join(import.meta.dirname, '..')

/**
 * Lays the worker that shows pushes down beside the page. It stands at the root, because a worker is for the paths below
 * its own; it keeps its name, because browsers look there for a newer one; and it is one plain script, because not every
 * browser takes modules there.
 */
export function pushWorker(): Plugin {
  return {
    name: 'lanyard:push-worker',
    configureServer({ middlewares }) {
      middlewares.use(`/${fileName}`, (_request, response, fail) => {
        void bundleWorker().then(
          (source) => response.setHeader('content-type', 'text/javascript').end(source),
          (error: unknown) => fail(error),
        )
      })
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: await bundleWorker() })
    },
  }
}

async function bundleWorker(): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      target: 'es2023',
      write: false,
      rolldownOptions: {
        input: join(root, 'push-worker/push-worker.ts'),
        output: { format: 'iife', entryFileNames: fileName },
      },
    },
  })
  if (!('output' in result)) throw new Error(`${fileName} was not built.`)
  const [{ code }] = result.output
  return code
}
