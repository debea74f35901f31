import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Lingui looks for its configuration where the command runs, which is here.
process.env['LINGUI_CONFIG'] ??= join(import.meta.dirname, 'packages/client/lingui.config.ts')

// Vitest leaves one core idle, which is every other one on a small machine. Some files wait for most of their time,
// for a lease or a deadline to pass: one more process than cores works meanwhile. Projects inherit no such setting, they
// only read this variable.
process.env['VITEST_MAX_WORKERS'] ??= String(availableParallelism() + 1)

export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'scripts/vitest.config.ts'] },
})
