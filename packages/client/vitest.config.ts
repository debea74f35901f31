import { defineProject, mergeConfig } from 'vitest/config'
import viteConfig from './vite.config.ts'

export default mergeConfig(
  viteConfig,
  defineProject({
    // One build of graphql for the tests and for the packages they load from Node.
    resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
    test: {
      name: 'client',
      environment: 'jsdom',
      // To make a page and to load the libraries takes longer than most tests; setup.ts clears between files.
      isolate: false,
      include: ['src/**/*.test.{ts,tsx}', 'push-worker/**/*.test.ts', 'build/**/*.test.ts'],
      setupFiles: ['src/test/setup.ts'],
      // Typing letter by letter takes its time on a busy machine.
      testTimeout: 20_000,
      css: { modules: { classNameStrategy: 'non-scoped' } },
    },
  }),
)
