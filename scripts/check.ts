import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCatalogues, checkCodegen, checkSchema } from './drift.ts'
import { runQuietly, say, type StepResult } from './run-step.ts'
import { readPlaywrightTally, readVitestTally, type Tally, withExitCode } from './test-reports.ts'

/** `pnpm test`: everything that has to hold before a change is merged, in the order in which it is cheap to know. */
const total: Tally = { passed: 0, failed: 0, failures: [], notRun: [] }
const charactersKept = 20_000
const reports = mkdtempSync(join(tmpdir(), 'lanyard-reports-'))
process.on('exit', () => rmSync(reports, { recursive: true, force: true }))

await check('format', () => runQuietly('oxfmt', ['--check']), 'pnpm format')
await check('lint', () => runQuietly('oxlint', ['--type-aware', '--deny-warnings']))
await check('types', () => runQuietly('tsc', ['-b']))
await check('API schema as the server has it', checkSchema, 'pnpm schema')
await check('generated documents', checkCodegen, 'pnpm codegen')
await check(
  'catalogues of five languages',
  checkCatalogues,
  'pnpm i18n:extract, then translate what is empty',
)

const vitestReport = join(reports, 'vitest.json')
const vitest = await runAloud('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
])
add(withExitCode(readVitestTally(vitestReport), vitest.exitCode, vitest.output))

const isBuilt = await check('production build', () => runQuietly('pnpm', ['run', 'build']))
if (isBuilt) {
  await check('size of the page', () => runQuietly('pnpm', ['--filter', '@lanyard/client', 'run', 'size']))

  const playwrightReport = join(reports, 'playwright.json')
  const playwright = await runAloud('playwright', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
  })
  add(withExitCode(readPlaywrightTally(playwrightReport), playwright.exitCode, playwright.output))
} else {
  say('size of the page, browser journeys: not run, as there is no build')
}

say('')
for (const failure of total.failures) say(`✗ ${failure}\n`)
for (const need of total.notRun) say(`not run: ${need}`)
say(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function check(name: string, run: () => Promise<StepResult>, mending?: string): Promise<boolean> {
  const startedAt = performance.now()
  const { ok, output } = await run()
  const seconds = (performance.now() - startedAt) / 1000
  add({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, failures: ok ? [] : [name], notRun: [] })
  say(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) say(`${output.trimEnd()}${mending ? `\n  → ${mending}` : ''}\n`)
  return ok
}

/** Shows what a test runner says while it says it, and keeps the end of it; what passed is read from its report. */
async function runAloud(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(command, args, {
    // Colours, as at a terminal, where this is one.
    env: { ...(process.stdout.isTTY && { FORCE_COLOR: '1' }), ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const show = (target: NodeJS.WriteStream) => (chunk: string) => {
    target.write(chunk)
    output = (output + chunk).slice(-charactersKept)
  }
  child.stdout.setEncoding('utf8').on('data', show(process.stdout))
  child.stderr.setEncoding('utf8').on('data', show(process.stderr))
  await once(child, 'close')
  return { exitCode: child.exitCode, output }
}

function add({ passed, failed, failures, notRun }: Tally): void {
  total.passed += passed
  total.failed += failed
  total.failures.push(...failures)
  total.notRun.push(...notRun)
}
