import { defineConfig } from 'vitest/config'

/** What the benchmark is made of; the benchmark itself is never part of the tests. */
export default defineConfig({ test: { name: 'bench', include: ['src/**/*.test.ts'] } })
