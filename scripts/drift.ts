import { cpSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runQuietly, type StepResult } from './run-step.ts'

/** Each of these generates anew beside the tree, compares, and leaves the tree as it is. */

export async function checkSchema(): Promise<StepResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lanyard-schema-'))
  try {
    const emitted = join(folder, 'schema.graphql')
    const result = await runQuietly('pnpm', ['run', '--silent', 'schema', emitted])
    return result.ok ? compare('packages/contract/schema.graphql', emitted) : result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function checkCodegen(): Promise<StepResult> {
  return runQuietly('pnpm', ['--filter', '@lanyard/client', 'run', 'codegen', '--check'])
}

export async function checkCatalogues(): Promise<StepResult> {
  const ofClient = await checkCataloguesOf('client')
  return ofClient.ok ? checkCataloguesOf('server') : ofClient
}

/** Extracts into a copy of the catalogues, and compiles it strictly, which shows what has no translation. */
async function checkCataloguesOf(part: 'client' | 'server'): Promise<StepResult> {
  const root = join(import.meta.dirname, '../packages', part)
  const kept = join(root, 'src/locales')
  // Below the package, as the configuration imports what is installed there.
  const scratch = join(root, 'node_modules/.cache/lanyard-catalogues')
  const generated = join(scratch, 'locales')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  try {
    cpSync(kept, generated, { recursive: true })
    const config = join(scratch, 'lingui.config.ts')
    writeFileSync(config, configurationFor(root, generated))
    for (const script of ['i18n:extract', 'i18n:compile']) {
      const result = await runQuietly('pnpm', [
        '--filter',
        `@lanyard/${part}`,
        'run',
        script,
        '--config',
        config,
      ])
      if (!result.ok) return result
    }
    // The client compiles while it is built, and keeps no .js.
    const files = readdirSync(generated).filter((file) => !file.endsWith('.js'))
    const compared = files.map((file) => compare(join(kept, file), join(generated, file)))
    return compared.find(({ ok }) => !ok) ?? { ok: true, output: '' }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function configurationFor(root: string, locales: string): string {
  return `import config from ${JSON.stringify(join(root, 'lingui.config.ts'))}
    const path = ${JSON.stringify(join(locales, '{locale}'))}
    const catalogs = config.catalogs.map((catalog) => ({ ...catalog, path }))
    export default { ...config, rootDir: ${JSON.stringify(root)}, catalogs }`
}

function compare(kept: string, generated: string): StepResult {
  const ok = existsSync(kept) && readFileSync(kept, 'utf8') === readFileSync(generated, 'utf8')
  return { ok, output: ok ? '' : `${kept} is not what is generated now.` }
}
