import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: [
      // Vite would take graphql's ES build and Node its CommonJS build, and two copies refuse each other's types.
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // As it is written, not as it was last built.
      {
        find: /^@lanyard\/contract\/([a-z-]+)$/,
        replacement: join(import.meta.dirname, '../contract/src/$1.ts'),
      },
    ],
  },
  test: {
    name: 'server',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['reflect-metadata'],
    pool: 'forks',
    // To load the server takes longer than most files take to test it, so a process does that once for many files.
    isolate: false,
    // Far longer than any takes, as the machine may be busy with something else.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
